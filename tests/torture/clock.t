#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The system's clock jumps while the office works: a leap second, steps of NTP,
# hours and days, over the end of 32 bits in 2038, to 2100 (no leap year) and
# back.  Nothing fails that need not, what came later has the later number and
# time, and no duration comes from that clock.
#
# HOSO_JUMPS is how often it jumps, HOSO_SEED which run.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
[ -z "${HOSO_SMALL_MAPS:-}" ] || skip_all 'a sanitizer comes first of all libraries'
jumps=${HOSO_JUMPS:-12}
echo "# HOSO_SEED=$seed HOSO_JUMPS=$jumps"
ahead=$scratch/ahead
HOSO_UNDER="env HOSO_AHEAD_FILE=$ahead LD_PRELOAD=$(cd "$torture/.libs" && pwd)/ahead.so${LD_PRELOAD:+:$LD_PRELOAD}"

jump() { # to|by|home, seconds
	"$torture/jump" "$ahead" "$@"
}

uptime() {
	ask "$url/../../metrics" >/dev/null
	sed -n 's/^hoso_uptime_seconds \([0-9]*\).*/\1/p' "$scratch/body"
}

goes_on() { # what
	await has_filed "$(($(acknowledged) + 12))" || lame="$lame$1: nothing is filed
"
}

began=$(cut -d . -f 1 /proc/uptime) # the server is younger
make_office
# The certificate of the seal is of now, and does not cover what lies before.
jump by 864000
await_log clock.jumped # within a second; what is back by then is none
check 'a jump is told to the operator' 0 $?
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 3 2>"$scratch/load" &
loader=$!
lame=
goes_on 'at first'

# Within the life of a log-in and a token nobody notices anything.
awk -v seed="$seed" -v jumps="$jumps" 'BEGIN {
	srand(seed)
	split("-1 1 -60 60 -599 599 3600 -3600 -5 5", by, " ")
	print -1
	for (i = 1; i < jumps; i++) print by[1 + int(10 * rand())]
}' >"$scratch/jumps"
while read -r by <&3; do
	jump by "$by"
	goes_on "a jump by $by s"
done 3<"$scratch/jumps"
check 'work goes on while the clock jumps' '' "$lame"
up=$(uptime)
took=$(($(cut -d . -f 1 /proc/uptime) - began + 1))
check 'the uptime does not jump along' yes \
	"$([ "${up:--1}" -ge 0 ] && [ "$up" -le "$took" ] && echo yes || echo "$up s, not $took")"
jump home
goes_on 'at home'
kill "$loader"
wait "$loader"
check 'every client went on to the end' 0 $?
sed 's/^/# /' "$scratch/load"
loader=

# A request that is repeated after a jump is answered as if sent once.
repeat() { # key, id
	ask -H "Idempotency-Key: $1" --json \
		'{"id":"'"$2"'","kind":"department","names":[{"name":"Phòng"}]}' "$url/units"
}
check 'a unit is made' 201 "$(repeat a-key phong-mot)"
first=$(cat "$scratch/body")
for by in 3600 -7200 -86400; do
	jump by $by
	check "by $by s: what is repeated is not done again" "201 $first" \
		"$(repeat a-key phong-mot) $(cat "$scratch/body")"
done
jump home

# Years ahead a token and a log-in are over, and a new one is made; back home
# the old ones hold again, and what was made in the future does not.
log_in loader
cp "$scratch/loader.curl" "$scratch/home.curl"
for moment in 2147483640 2147483660 4107542399 4107542401; do
	[ $moment -gt "$(date +%s)" ] || continue # make check-clock may be there
	jump to $moment
	check "$(date -u -d @$moment +%FT%TZ): the token is over" 401 "$(ask "$url/units/tinh")"
	log_in loader
	as loader --output "$scratch/made" --json \
		'{"id":"u'$moment'","kind":"department","names":[{"name":"Phòng"}]}' "$url/units"
	check 'a new log-in files' 201 "$(status)"
	as loader --output "$scratch/session" "$url/session"
	check 'and is known' 200 "$(status)"
	cp "$scratch/loader.curl" "$scratch/future.curl"
done
jump home
check 'back home the token holds' 200 "$(ask "$url/units/tinh")"
as home --output "$scratch/body" "$url/units/tinh"
check 'so does the log-in' 200 "$(status)"
as future --output "$scratch/body" "$url/units/tinh"
check 'a log-in of the year 2100 does not' 401 "$(status)"

# The order of the log is that of its numbers, whatever the clock said; apart
# from the great jumps times rise with them.
events=$(curl --silent "$url/audit/checkpoint" | sed -n 2p)
check 'the log has every event' yes "$([ "${events:-0}" -gt 50 ] && echo yes)"
judge
finish
