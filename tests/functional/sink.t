#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# An audit sink of a running server: what is done over the API arrives in its
# file, once each, also over a server that was killed.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl
plugins=$builddir/plugins/built
copy=$scratch/audit.jsonl

# One may come twice.
has_events() { # how many different ones
	[ "$(sort -u "$copy" | wc -l)" -ge "$1" ]
}

lines() { # wanted
	: >>"$copy"
	await has_events "$1"
	wc -l <"$copy"
}

new_unit() { # id
	as admin --output "$scratch/answer" --json "{\"id\":\"$1\",\"kind\":\"province\",
		\"names\":[{\"name\":\"$1\",\"from\":\"2000-01-01\"}]}" "$url/units"
	status
}

make_archive
add_user admin system_admin
start_hosod --set "audit.sinks=jsonl:$copy"
check 'what happened before the sink was there arrives, too' 1 "$(lines 1)"
log_in admin
made=$(new_unit mot)
[ "$made" = 201 ] || sed 's/^/# /' "$scratch/answer"
check 'a unit is made' 201 "$made"
check 'and its event arrives' 2 "$(lines 2)"
check 'as the act that it was' 'unit.write' \
	"$(sed -n '2s/.*"act":"\([^"]*\)".*/\1/p' "$copy")"
# The cursor moves a moment after the line is there.
behind() {
	as admin "${url%/api/v1}/metrics" | sed -n 's/^hoso_sink_behind{.*} //p'
}
is_not_behind() {
	[ "$(behind)" = 0 ]
}
await is_not_behind
check 'the figures say that nothing is behind' 0 "$(behind)"
stop_hosod KILL
start_hosod --set "audit.sinks=jsonl:$copy"
log_in admin
check 'after a kill another unit is made' 201 "$(new_unit hai)"
check 'and the events stand in order, each of them' '0 1 2' \
	"$(lines 3 >/dev/null; sed 's/{"index":\([0-9]*\),.*/\1/' "$copy" | sort -nu | paste -sd' ' -)"
stop_hosod
check 'a list that cannot be stops the start' yes \
	"$(hosod --set audit.sinks=jsonl run 2>&1 | grep -q 'no NAME:TARGET' && echo yes)"
finish
