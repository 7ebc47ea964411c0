#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The server's own memory stays flat while a large attachment goes in by tus,
# is sealed and comes out again.  HOSO_BIG is its size in bytes (256 MiB; the
# long run has 2147483648).
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq openssl unzip
size=${HOSO_BIG:-268435456}

grep -q '^RssAnon:' /proc/self/status 2>/dev/null ||
	skip_all 'this kernel does not tell RssAnon'
room=$((size / 1024 * 5 + 1048576))
[ "$(df -kP "$scratch" | awk 'NR == 2 {print $4}')" -gt $room ] ||
	skip_all "less than $room KiB are free in $scratch"

make_archive
add_user quantri system_admin
start_hosod
enter quantri
must quantri import "$srcdir"/data/sample/1*.ndjson
stop_hosod
add_user luutru archivist:tinh-quang-ngai
start_hosod
# The log-in is over before the first sample: Argon2id takes 64 MiB by design.
enter luutru
log_in luutru
must luutru dossier new 'Hồ sơ có tệp lớn' --unit xa-xop-2025 --date 2025-08-01 \
	--kind merit --json
dossier=$(jq -r .id "$scratch/must")

# Random, so that no layer can shrink it; its sum is taken on the way.
big="$scratch/phim tài liệu.mp4"
head -c 1048576 /dev/urandom >"$scratch/key"
openssl enc -aes-128-ctr -nosalt -K "$(od -An -N16 -tx1 "$scratch/key" | tr -d ' \n')" \
	-iv 00000000000000000000000000000000 -in /dev/zero 2>/dev/null |
	head -c "$size" | tee "$big" | sha256sum | cut -d ' ' -f 1 >"$scratch/sum"

# Ends with hosod, or when told.
sample() {
	while [ ! -e "$scratch/enough" ] && kill -0 "$server" 2>/dev/null; do
		awk '/^RssAnon:/ {print $2}' "/proc/$server/status"
		sleep 0.01
	done >"$scratch/samples" 2>/dev/null
}
sample &
sampler=$!

# The most so far, once what was done last has been looked at.
most() {
	looked=$(wc -l <"$scratch/samples")
	await has_looked_again
	sort -n "$scratch/samples" | tail -1
}

has_looked_again() {
	[ "$(wc -l <"$scratch/samples")" -gt "$looked" ]
}

must luutru dossier add "$dossier" "$big" --code C_KHAC
rm "$big"
phase_in=$(most)
file_past luutru "$dossier" xa-xop-2025 2025-08-01
must luutru seal "$dossier" --output "$scratch/big.asice"
phase_seal=$(most)
sum=$(as luutru "$url/dossiers/$dossier/files/$(cat "$scratch/sum")" | sha256sum | cut -d ' ' -f 1)
most=$(most)
: >"$scratch/enough"
wait "$sampler"
count_samples=$(wc -l <"$scratch/samples")

check 'the attachment comes out as it went in' "$(cat "$scratch/sum")" "$sum"
check 'and the container holds it' "$size" \
	"$(unzip -l "$scratch/big.asice" | awk -v size="$size" '$1 == size && NF > 3 {print $1}')"
check 'hosod was watched all the while' yes \
	"$([ "${phase_in:-0}" -gt 0 ] && [ "${phase_seal:-0}" -gt 0 ] && [ "$count_samples" -gt 3 ] && echo yes ||
		echo "$count_samples samples")"
if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
	skip 'RssAnon stayed under 64 MiB' "a sanitizer's shadow is anonymous memory, too"
else
	check 'RssAnon stayed under 64 MiB' yes "$([ "$most" -lt 65536 ] && echo yes || echo "$most kB")"
fi
echo "# $size bytes: at most $most kB in $count_samples samples ($phase_in kB when it was in, $phase_seal kB when it was sealed and fetched)"
finish
