#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The running check of all that is stored, as `hoso fixity` tells of it.
# shellcheck source=tests/functional/hoso.sh
. "${srcdir:-.}/tests/functional/hoso.sh"
for tool in curl jq; do
	command -v "$tool" >/dev/null 2>&1 || skip_all "$tool is not installed"
done

words='Tờ trình mà đĩa sẽ làm hỏng'
data=$scratch/data/store/chunks/data.mdb

start_checking() {
	start_hosod --set store.fixity=1GiB --set store.canary_ms=1s
	hoso_log_in loader
}

# Wait for the end of a pass that began after this was called.
await_pass() {
	from=$(hoso --json fixity | jq .pass_began)
	for _ in $(seq "$((300 * patience))"); do
		[ "$(hoso --json fixity | jq .last_began)" -gt "$from" ] && return
		sleep 0.1
	done
	echo '# no pass has ended'
}

# Of $scratch/out; the member's value of each finding.
findings() { # member
	jq -r "[.findings[].$1] | unique | join(\" \")" "$scratch/out"
}

make_archive
load_sample
new=$(hoso --json dossier new 'Hồ sơ sẽ hỏng' --unit tinh-kon-tum --date 2024-03-01 | jq -r .id)
{
	echo "$words"
	head -c 300000 /dev/zero
} >"$scratch/to-trinh.txt"
hoso dossier add "$new" "$scratch/to-trinh.txt" >"$scratch/out" 2>&1 || bail 'no file' "$scratch/out"
stop_hosod
add_user clerk unit_clerk:xa-xop-2025

start_checking
await_pass
check 'a sound archive is told to be' 0 "$(run hoso fixity)"
check_has '  in words' 'Không thấy chỗ nào hư hỏng' "$scratch/out"
check_has '  with the last pass' 'Toàn bộ kho đã được đọc và đối chiếu từ 20' "$scratch/out"
check_has '  and the last proof of the check' 'tệp sai được cố ý đặt vào: 20' "$scratch/out"
check '--json is what the server says' '0 0 false' \
	"$(run hoso --json fixity) $(jq -r '"\(.damaged) \(.canary_missed)"' "$scratch/out")"
check 'a word behind it is a mistake' 2 "$(run hoso fixity all)"
hoso_log_in clerk
check 'who may not know is refused' 3 "$(run hoso fixity)"
stop_hosod

place=$(LC_ALL=C grep -abo -F "$words" "$data" | head -1 | cut -d : -f 1)
printf '\377' | dd of="$data" bs=1 seek="$place" conv=notrunc 2>/dev/null
start_checking
await_pass
check 'damage is a finding for scripts' 8 "$(run hoso --json fixity)"
check '  of its kind' chunk.changed "$(findings code)"
check '  with the dossier that it harms' "dossier/$new" \
	"$(jq -r '.findings[].harmed[]' "$scratch/out" | grep '^dossier/' | sort -u)"
check 'and for people' 8 "$(run hoso fixity)"
check_has '  in words' 'một phần của tệp đã khác so với lúc lưu' "$scratch/out"
check_has '  with the dossier that it harms' "Hồ sơ $new" "$scratch/out"
stop_hosod

start_hosod --set store.fixity=0
hoso_log_in loader
check 'where nothing is checked nothing is told' 4 "$(run hoso fixity)"
check_has '  but that' 'không chạy' "$scratch/err"
check 'who brings the file once more' 0 \
	"$(run hoso dossier add "$new" "$scratch/to-trinh.txt")"
stop_hosod

start_checking
await_pass
check '  mends it' 0 "$(run hoso fixity)"
log_in loader
sum=$(sha256sum <"$scratch/to-trinh.txt" | cut -d ' ' -f 1)
check '  and it is served' "$sum  -" \
	"$(as loader "$url/dossiers/$new/files/$sum" | sha256sum)"
finish
