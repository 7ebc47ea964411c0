# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# What the tests of a full disk share.  One that sources this says what
# make_full BYTES and make_room do, and was_full whether anybody ran out of
# room since; then it calls live_through and judge_all.
#
# HOSO_FILLS is how often the disk becomes full, HOSO_SEED which run.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
fills=${HOSO_FILLS:-4}
lame=
refused=0
echo "# HOSO_SEED=$seed HOSO_FILLS=$fills"
trap 'end_all; give_back; rm -rf "$scratch"' EXIT

# Before the scratch folder is removed.
give_back() {
	:
}

# Neither gone nor a zombie.
is_alive() { # process
	case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in
	'' | Z) return 1 ;;
	esac
}

# The server, its log a plain file and an audit sink beside the archive, with
# a journal that is turned over all the time.
start_beside() { # folder
	office_log=$1/log
	sink=$1/audit.jsonl
	become_hosod --set "http.listen=127.0.0.1:$fixed" --set store.journal=1MiB \
		--set "audit.sinks=jsonl:$sink" run 2>>"$office_log" &
	server=$!
	reader=$server
	first=$server
	until grep -q server.ready "$office_log" 2>/dev/null; do
		is_alive "$server" || {
			echo "Bail out! hosod did not start"
			tail -3 "$office_log" | sed 's/^/# /'
			exit 1
		}
		sleep 0.05
	done
	"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 4 0 full \
		>"$scratch/counts" 2>"$scratch/load" &
	loader=$!
}

fault() { # sentence
	lame="${lame}fill $fill: $1
"
}

must_be() { # what, wanted, got
	[ "$2" = "$3" ] || fault "$1: wanted $2, got $3 $(head -c 300 "$scratch/body")"
}

# A command succeeds or says in the asker's language that there is no room.
file_one() { # place, language, the title, curl's options
	place=$1
	language=$2
	title=$3
	shift 3
	got=$(ask -H "Accept-Language: $language" "$@" "$url/$place")
	case $got in
	201) ;;
	507)
		refused=$((refused + 1))
		grep -q "\"title\":\"$title" "$scratch/body" ||
			fault "no word of it in $language: $(cat "$scratch/body")"
		;;
	*) fault "$place: $got $(cat "$scratch/body")" ;;
	esac
}

# A unit may find pages that came free; a document's file needs new ones.
file_some() { # language, the title
	head -c 400000 /dev/urandom >"$scratch/large"
	file_one units "$@" --json \
		'{"id":"day-'"$fill-$1"'","kind":"department","names":[{"name":"Phòng"}]}'
	file_one documents "$@" -F "large=@$scratch/large" -F 'record={"kind":"BC",
		"subject":"Báo cáo","issuer":{"unit":"tinh"},"attachments":[{"name":"a.bin",
		"media_type":"application/octet-stream","part":"large"}]};type=application/json'
}

log_in_and_out() {
	got=$(ask --dump-header "$scratch/entered" --json \
		"{\"login\":\"loader\",\"password\":\"$password\"}" "$url/session")
	case $got in
	201 | 507) ;;
	*) fault "a log-in: $got $(cat "$scratch/body")" ;;
	esac
}

copy() {
	rm -rf "$scratch/disk/copy"
	hosod backup "$scratch/disk/copy" >"$scratch/copied" 2>&1 ||
		grep -qE 'disk is full|No space left|no room' "$scratch/copied" ||
		fault "a backup: $(cat "$scratch/copied")"
}

# What is answered while there is no room.
live_without_room() {
	must_be 'a unit is read' 200 "$(ask "$url/units/tinh")"
	must_be 'a list is read' 200 "$(ask "$url/units/tinh/dossiers?mode=territory&limit=5")"
	file_some vi 'Kho lưu trữ đã hết chỗ'
	file_some en 'The store has no room left'
	must_be 'a report is made' 200 "$(half_year)"
	log_in_and_out
	copy
}

goes_on() { # what that is
	await has_filed "$(($(acknowledged) + 40))" || fault "nothing is filed$1"
}

live_through() {
	awk -v seed="$seed" -v fills="$fills" 'BEGIN {
		srand(seed)
		for (i = 0; i < fills; i++) print i % 3 == 0 ? 0 : int(2097152 * rand())
	}' >"$scratch/rooms"
	fill=0
	while read -r bytes <&3; do
		fill=$((fill + 1))
		goes_on ''
		make_full "$bytes"
		await was_full || fault 'nobody found the disk full'
		live_without_room
		make_room
		goes_on ' when there is room again'
		[ -z "$lame" ] || break
	done 3<"$scratch/rooms"
}

caught_up() {
	ask "${url%/api/v1}/metrics" >/dev/null
	grep -q '^hoso_sink_behind{.*} 0$' "$scratch/body"
}

# Every event is on a line of its own; a line that was cut is no JSON.
read_sink() {
	awk '/^{"index":[0-9]+,"event":{.*}}$/ {
			split($0, part, /[:,]/)
			if (part[2] + 0 > next_one) { print "no event " next_one; exit }
			if (part[2] + 0 == next_one) next_one++
			next
		}
		/}}{"index"/ || /index.*index":/ { print "not parted: " $0; exit }
		END { if (next_one == 0) print "no event" }' "$sink"
}

judge_all() {
	check "each of $fills times it was answered as it should, and went on" '' "$lame"
	kill "$loader"
	wait "$loader"
	check 'every answer was a success or said that there is no room' 0 $?
	sed 's/^/# /' "$scratch/load"
	cat "$scratch/counts"
	loader=
	check 'it is the same process that serves' "$first" "$(is_alive "$server" && echo "$server")"
	check 'some were told that there is no room' yes "$([ "$refused" -gt 0 ] && echo yes)"
	await caught_up
	check 'the audit sink has every event' '' "$(read_sink)"
	check 'no line of the log hangs on one that was cut' 0 \
		"$(grep -c 'event=.*time=[0-9-]*T.*event=' "$office_log")"
	judge
}
