#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The disk of the server becomes full again and again in the middle of all it
# does (the interposer says how many bytes it still takes), and then has room
# again: the server goes on by itself, and nobody was told a lie.
# shellcheck source=tests/torture/full.sh
. "${srcdir:-.}/tests/torture/full.sh"

make_full() { # bytes
	told=$("$torture/room" "$plan" full)
	"$torture/room" "$plan" "$1"
}

make_room() {
	"$torture/room" "$plan" free
}

# A few, so that some were in the middle of what they did.
was_full() {
	[ "$("$torture/room" "$plan" full)" -gt "$((told + 10))" ]
}

preload
make_office
stop_hosod
mkdir "$scratch/disk"
start_beside "$scratch/disk"
live_through
judge_all
finish
