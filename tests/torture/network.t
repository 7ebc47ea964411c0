#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A crowd before the door: idle connections, senders of a byte a second, floods
# of headers, requests that want to be taken for two, requests sent ahead,
# sockets closed by half.  Others are served as ever, and memory stays flat.
# Then the same with too few descriptors for all; and a map without a page.
#
# HOSO_IDLE, HOSO_SLOW and HOSO_SECONDS say how large the crowd is and how long
# it stays; HOSO_RATIO how much slower 99 of 100 requests may become (nobody
# is asked where it is not set: that is for a quiet machine).
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
idle=${HOSO_IDLE:-400}
slow=${HOSO_SLOW:-60}
seconds=${HOSO_SECONDS:-3}
echo "# HOSO_SEED=$seed HOSO_IDLE=$idle HOSO_SLOW=$slow"

crowd() { # idle, slow, seconds
	"$torture/crowd" "$fixed" "$token" "$server" "$seed" "$@" >"$scratch/crowd" 2>&1
	echo $? >"$scratch/came"
	sed 's/^/# /' "$scratch/crowd"
}

figure() { # name
	sed -n "s/.*$1=\([0-9]*\).*/\1/p" "$scratch/crowd"
}

make_office
stop_hosod
restart_hosod --set http.log_requests=no
crowd 1 1 1 >/dev/null # what the first requests take for good
crowd "$idle" "$slow" "$seconds"
check 'everybody is answered as he should, and nobody is taken for two' 0 "$(cat "$scratch/came")"
if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
	skip 'memory is flat' "a sanitizer's shadow is anonymous memory, too"
else
	# 30 KB is what an idle connection may take with TLS; this is without.
	allowed=$((8192 + (idle + slow) * 8))
	more=$(($(figure kb_most) - $(figure kb_before)))
	check 'memory is flat while they stand there' yes \
		"$([ "$more" -le "$allowed" ] && echo yes || echo "$more kB more, not $allowed")"
fi
if [ -n "${HOSO_RATIO:-}" ]; then
	check "others wait at most $HOSO_RATIO times as long as when it is quiet" yes \
		"$(awk -v quiet="$(figure p99_quiet_us)" -v crowded="$(figure p99_crowded_us)" \
			-v ratio="$HOSO_RATIO" 'BEGIN {
				print crowded <= ratio * quiet ? "yes" : crowded " us, quiet " quiet " us" }')"
fi
check 'the server is still the same' yes "$(kill -0 "$server" && echo yes)"
stop_hosod

# More clients than descriptors: who only stands there gives way.
if command -v prlimit >/dev/null 2>&1 && [ -z "${HOSO_UNDER:-}" ]; then
	HOSO_UNDER='prlimit --nofile=160:160'
	restart_hosod --set http.log_requests=no
	HOSO_UNDER=
	crowd 300 20 3
	check 'with descriptors for a third of them, others are served all the same' 0 \
		"$(cat "$scratch/came")"
	check 'a plugin finds the descriptors that it needs' 200 "$(half_year)"
	stop_hosod
else
	skip 'with descriptors for a third of them, others are served all the same' \
		'prlimit is not installed, or hosod runs under another program'
fi

# A map of records that has no page left: what is to be written is refused,
# and goes on where the next start has a larger one.
start_hosod --set "http.listen=127.0.0.1:$fixed" --set store.records_map=2MiB
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 2 0 full \
	>"$scratch/counts" 2>"$scratch/load" &
loader=$!
# However slow the disk is: as long as it takes what is filed.
is_full_or_goes_on() {
	log_says "$full" || has_filed "$before"
}
full='store.unavailable.*its map has no page left'
until log_says "$full"; do
	before=$(acknowledged)
	await is_full_or_goes_on || break
done
await_log "$full"
check 'the map becomes full' 0 $?
check 'reading goes on' 200 "$(ask "$url/units/tinh")"
kill "$loader"
wait "$loader"
check 'every answer was a success or said that there is no room' 0 $?
loader=
sed 's/^/# /' "$scratch/load"
cat "$scratch/counts"
stop_hosod
restart_hosod
check 'with a larger map it goes on' 0 \
	"$("$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 2 20 >/dev/null 2>&1; echo $?)"
judge
finish
