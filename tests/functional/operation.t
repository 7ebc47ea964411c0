#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What the server tells of its own operation: backups and drills that the
# tools wrote down, work that waits, the files of the law, audit sinks; and
# that only those are told whom the matrix names.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq sha256sum
TMPDIR=$scratch/tmp
export TMPDIR
mkdir "$scratch/tmp" "$scratch/backups"

ask() { # login, path; the answer is left in $scratch/answer, its status printed
	as "$1" "$url$2" >"$scratch/answer"
	status
}

told() { # jq's filter
	jq -r "$1" "$scratch/answer"
}

metric() { # name
	as giamsat "${url%/api/v1}/metrics" | sed -n "s/^$1 //p"
}

make_archive
make_province
add_user giamsat system_admin
add_user thanhtra auditor
add_user luutru archivist:tinh-quang-ngai
add_user chuyenvien specialist:tinh-quang-ngai
start_hosod --set "audit.sinks=nowhere:/nowhere"
for login in giamsat thanhtra luutru chuyenvien; do
	log_in $login
done

# --- who may ask ---------------------------------------------------------------------------

for path in /jobs /backups /system /audit/sinks; do
	seen=
	for login in giamsat thanhtra luutru chuyenvien; do
		seen="$seen $(ask $login $path)"
	done
	curl --silent --output /dev/null --dump-header "$scratch/head" "$url$path"
	check "$path is told to three roles, no other, and nobody without a log-in" \
		' 200 200 200 403 401' "$seen $(status)"
done

# --- the server itself -----------------------------------------------------------------------

check 'the server tells its version' \
	"200 $(hosod --version | grep -o '[0-9]*\.[0-9]*\.[0-9]*' | head -1)" "$(ask giamsat /system) $(told .version)"
check 'the disk has room, as df says' true \
	"$(jq --argjson kib "$(df -Pk "$scratch/data" | awk 'NR == 2 { print $2 }')" \
		'.disk.size / 1024 | floor == $kib' "$scratch/answer")"
check 'it has workers, and none has more to do than there are' true \
	"$(told '.workers.count > 0 and .workers.busy <= .workers.count')"

# --- sinks -----------------------------------------------------------------------------------

failing() {
	ask giamsat /audit/sinks >"$scratch/code"
	[ "$(told '.sinks[0].failures > 0')" = true ]
}
await failing
check 'a sink that cannot be reached is told with all that it lacks' \
	"nowhere:/nowhere true" \
	"$(told '.sinks[0].sink + " " + (.sinks[0].behind == .log_entries and .sinks[0].next == 0 | tostring)')"

# --- users by their log-in names ---------------------------------------------------------------

list() { # login, query
	ask "$1" "/users?$2" >"$scratch/code"
	told '(.users | map(.login) | join(" ")) + " " + (.next // "-")'
}
check 'users come in order of their log-in names' \
	'chuyenvien giamsat luutru nhaplieu quantri thanhtra -' "$(list giamsat 'login=')"
check 'those that begin so, however it is written' 'thanhtra -' "$(list giamsat 'login=THAN')"
check 'in pages' 'chuyenvien giamsat giamsat/luutru nhaplieu nhaplieu/quantri thanhtra -' \
	"$(list giamsat 'login=&limit=2')/$(list giamsat 'login=&limit=2&after=giamsat')/$(list giamsat 'login=&limit=2&after=nhaplieu')"
check 'nobody is called so' ' -' "$(list giamsat "login=$(printf '%0100d' 0)")"
check 'who may read himself alone finds himself alone' 'chuyenvien -' "$(list chuyenvien 'login=gia')"
as giamsat --json '{"login":"lan","name":"Nguyễn Thị Lân"}' --output /dev/null "$url/users"
as giamsat --json '{"login":"anh","name":"Trần Lan Anh"}' --output /dev/null "$url/users"
check 'they are found by a word of the name, without marks, each once' 'lan anh -' "$(list giamsat 'find=lan')"
check '  by words that follow one another' 'lan -' "$(list giamsat 'find=TH%E1%BB%8B%20lan')"
check '  by the log-in name' 'thanhtra -' "$(list giamsat 'find=than')"
first=$(as giamsat "$url/users?find=lan&limit=1" | jq -r .next)
check '  in pages' 'anh -' "$(list giamsat "find=lan&limit=1&after=$first")"
check '  behind nobody they are refused' '400 after' "$(ask giamsat '/users?find=lan&after=khong-co') $(told .field)"
check '  who may read himself alone finds himself alone' 'chuyenvien -' "$(list chuyenvien 'find=lan')"

# --- the law ---------------------------------------------------------------------------------

check 'whoever may read the law sees its tables' 200 "$(ask chuyenvien /rules)"
wrong=
told '.files[] | select(.local | not) | .sha256 + "  " + .file' >"$scratch/sums"
(cd "$srcdir/data/rules" && sha256sum --check --quiet "$scratch/sums") >"$scratch/sum" 2>&1 || wrong=$(cat "$scratch/sum")
check 'with the sums of the files as they lie there' '' "$wrong"
check 'every table that is listed can be asked for, and has so many rows' '' \
	"$(told '.tables[] | .table + " " + (.rows | tostring)' | while read -r table rows; do
		got=$(as chuyenvien "$url/rules/$table" | jq '.rows | length')
		[ "$got" = "$rows" ] || echo "$table: $got, not $rows"
	done)"
check 'and the days on which it changes' "$(jq -c '[.awards[].from | values] | unique' "$srcdir/data/rules/awards.json")" \
	"$(told '.tables[] | select(.table == "awards") | .days | tojson')"

# --- work that waits ---------------------------------------------------------------------------

check 'where nothing waits the list is empty' '200 0' "$(ask giamsat /jobs) $(told '.jobs | length')"
stop_hosod
start_hosod --set office.examiner=/no/such/examiner
log_in giamsat
enter nhaplieu
add=$(printf '%%PDF-1.7\n')
for n in 1 2 3; do
	printf '%s\n%s\n' "$add" "$n" >"$scratch/$n.pdf"
done
for n in 1 2 3; do
	printf '{"type":"document","id":"vb-cho-%s","kind":"QĐ","date":"2025-08-01","issuer":{"unit":"xa-xop-2025"},"subject":"S","attach":["%s"]}\n' \
		"$n" "$scratch/$n.pdf"
done >"$scratch/waiting.ndjson"
must nhaplieu import "$scratch/waiting.ndjson"
tried() {
	ask giamsat '/jobs?kind=examine' >"$scratch/code"
	[ "$(told '[.jobs[] | select(.tries > 0)] | length')" = 3 ]
}
await tried
check 'files that cannot be examined wait, and it is told why' 'true true true' \
	"$(told '[.jobs | all(.[]; .for | startswith("document/vb-cho-")), all(.[]; .reason | length > 0), all(.[]; .next > .since)] | map(tostring) | join(" ")')"
check '  in Vietnamese, too' true "$(told '.jobs | all(.[]; (.vietnamese | length > 0) and .vietnamese != .reason)')"
ask giamsat '/jobs?limit=2' >"$scratch/code"
next=$(told .next)
told '.jobs[].id' >"$scratch/ids"
ask giamsat "/jobs?limit=2&after=$next" >"$scratch/code"
told '.jobs[].id' >>"$scratch/ids"
check 'they come in pages' '3 3 null 3' \
	"$(sort -u "$scratch/ids" | wc -l) $(wc -l <"$scratch/ids") $(told '.next, .totals.examine.count' | tr '\n' ' ' | sed 's/ $//')"
check 'a place that is none is refused' '400 /after' "$(ask giamsat '/jobs?after=x') $(told .field)"
check 'as is a page of no rows' 400 "$(ask giamsat '/jobs?limit=0')"

# --- backups -----------------------------------------------------------------------------------

check 'before the first backup none is told' '200 0 0 0' \
	"$(ask giamsat /backups) $(told '[(.backups | length), (.drills | length), .unreadable] | map(tostring) | join(" ")')"
check 'nor in the metrics' '0 0 0' \
	"$(metric hoso_backup_timestamp_seconds) $(metric hoso_backup_drill_timestamp_seconds) $(metric hoso_backup_failed)"
hosod backup "$scratch/backups/1" >"$scratch/out" 2>&1
entries=$(sed -n 's/.*: \([0-9]*\) log entries.*/\1/p' "$scratch/out")
check 'a backup beside the server is told by it' "200 $scratch/backups/1 true $entries" \
	"$(ask giamsat /backups) $(told '.backups[0] | [.place, .good, .entries] | map(tostring) | join(" ")')"
check 'with what came after it' "$entries" "$(told .log_entries)"
hosod drill "$scratch/backups" >"$scratch/out" 2>&1
check 'so is a drill' "200 true $scratch/backups/1 0 0" \
	"$(ask giamsat /backups) $(told '.drills[0] | [.good, .place, .lost_entries, .findings] | map(tostring) | join(" ")')"
now=$(date +%s)
made=$(metric hoso_backup_timestamp_seconds)
drilled=$(metric hoso_backup_drill_timestamp_seconds)
check 'both are in the metrics' "yes yes $entries 0" \
	"$([ $((now - made)) -lt 600 ] && echo yes) $([ "$drilled" -ge "$made" ] && echo yes) $(metric hoso_backup_log_entries) $(metric hoso_backup_failed)"
hosod backup - >"$scratch/backups/tape" 2>"$scratch/out"
check 'a backup to a stream is told, too' '200 - true' \
	"$(ask giamsat /backups) $(told '.backups[0] | [.place, .good] | map(tostring) | join(" ")')"
hosod backup "$scratch/backups/1" >"$scratch/out" 2>&1
check 'one that failed is told as such, with the reason' '200 false true' \
	"$(ask giamsat /backups) $(told '.backups[0] | [.good, (.reason | length > 0)] | map(tostring) | join(" ")')"
check 'and does not count as the newest' "1 $entries" "$(metric hoso_backup_failed) $(metric hoso_backup_log_entries)"
printf 'X' | dd of="$scratch/backups/1/store/records/data.mdb" bs=1 seek=9000 conv=notrunc 2>/dev/null
hosod drill "$scratch/backups/1" >"$scratch/out" 2>&1
check 'a drill of a damaged backup is told as such' '200 false' "$(ask giamsat /backups) $(told '.drills[0].good')"
check 'the last good one stays known' "$drilled" "$(metric hoso_backup_drill_timestamp_seconds)"

echo 'not JSON' >"$scratch/data/backups.json"
check 'a garbled book is told and stops nobody' '200 1 0 0' \
	"$(ask giamsat /backups) $(told .unreadable) $(told '.backups | length') $(metric hoso_backup_timestamp_seconds)"
rm "$scratch/data/backups.json"
mkfifo "$scratch/data/backups.json"
check 'nor does a pipe in its place' '200 1' "$(ask giamsat /backups) $(told .unreadable)"
rm "$scratch/data/backups.json"
mkdir "$scratch/data/backups.json"
hosod backup "$scratch/backups/2" >"$scratch/out" 2>&1
check 'a backup that cannot be written down is a backup all the same' '0 yes' \
	"$? $(grep -q 'not told of this backup' "$scratch/out" && echo yes)"
rmdir "$scratch/data/backups.json"
finish
