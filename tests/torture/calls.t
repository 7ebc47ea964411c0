#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every call by which the server writes, syncs, asks for memory, speaks to a
# client or gets a descriptor fails in turn, in all ways it can fail, while an
# office files, uploads, decides, seals, fetches and reports.  Each request is
# answered by success or a clear error, and what was answered is there.
#
# HOSO_STEP is how many calls lie between two that fail (make torture: 1),
# HOSO_TRIALS which trials ("write:EIO sync:EIO"), HOSO_SEED which run; the
# short sample is the same each time.
HOSO_SEED=${HOSO_SEED:-7}
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"

step=${HOSO_STEP:-}
trials=${HOSO_TRIALS:-write:ENOSPC write:EIO write:EINTR write:short final:EIO final:short final:EINTR final:ENOSPC
	sync:EIO sync:ENOSPC
	buffer:ENOMEM library:ENOMEM memory:ENOMEM
	receive:ECONNRESET receive:EINTR receive:short
	send:ECONNRESET send:EINTR send:short
	accept:EMFILE accept:ECONNABORTED accept:EINTR accept:ENOMEM
	descriptor:EMFILE map:ENOMEM}
echo "# HOSO_SEED=$seed HOSO_STEP=$step"
preload
make_office
stop_hosod
# Its plugins are read while it listens: a call that fails meanwhile would cost
# it one of them for as long as it lives.
begin_again() {
	restart_hosod
	half_year >"$scratch/code"
}
begin_again
round=-1

# So wide a step that a short run has some five to ten failures of a kind.
step_of() { # kind
	case $1 in
	library) echo "${step:-37}" ;;
	memory) echo "${step:-397}" ;;
	write | send | receive) echo "${step:-13}" ;;
	final | sync) echo "${step:-7}" ;;
	*) echo "${step:-5}" ;;
	esac
}

# What the server does when it cannot know what the disk has: it says so, ends,
# and is started again.
came_to_an_end() {
	wait "$server"
	ended=$?
	server=
	wait "$reader"
	[ $ended -eq 1 ] && grep -q 'server.giving_up' "$scratch/log" &&
		: >"$scratch/log"
}

# Whether anything did fail.
failed_calls() {
	awk '/ calls failed, / { sub(/.*: /, ""); n += $1 } END { print (n > 0 ? "some" : "none") }' \
		"$scratch/all_said"
}

try() { # kind, fault
	wide=$(step_of "$1")
	from=$((1 + seed % wide))
	case $1 in
	accept | descriptor | map) from=1 ;; # a day has few of them
	esac
	stops=0
	: >"$scratch/all_said"
	while :; do
		round=$((round + 1))
		"$torture/calls" "$fixed" "$token" "$scratch/acks" "$plan" "$seed" \
			"$round" "$1" "$2" "$from" "$wide" >"$scratch/said" 2>&1
		rc=$?
		grep '^#' "$scratch/said" | tee -a "$scratch/all_said"
		[ $rc -eq 3 ] && came_to_an_end || break
		from=$(tail -1 "$scratch/said")
		stops=$((stops + 1))
		begin_again
	done
	check "a failing $1 ($2) is survived wherever it comes" '0 some' "$rc $(failed_calls)"
	if [ $rc -ne 0 ]; then
		grep -v '^#' "$scratch/said" | sed 's/^/# /'
		kill -0 "$server" 2>/dev/null || tail -3 "$scratch/log" | sed 's/^/# /'
	fi
	[ $stops -eq 0 ] || echo "# it ended by design $stops times"
	if [ -z "$server" ]; then
		begin_again
	elif ! kill -0 "$server" 2>/dev/null; then
		stop_hosod
		begin_again
	fi
}

for trial in $trials; do
	try "${trial%:*}" "${trial#*:}"
done
leave_off
stop_hosod
judge
finish
