#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hosod fsck and reindex over the sample province: what the server wrote is
# what the checker computes, row by row.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl

fsck() { # options
	hosod fsck "$@" >"$scratch/fsck" 2>&1
	echo $?
}

make_archive
check 'an empty archive is sound' 0 "$(fsck)"
make_province
start_hosod
load_province
check 'fsck finds nothing beside the running server' 0 "$(fsck)"
check 'reindex does not run beside the server' 'Is the server running' \
	"$(hosod reindex 2>&1 | grep -o 'Is the server running')"
stop_hosod
code=$(fsck --deep)
check 'what the server wrote is what the checker computes' '0 0 findings' \
	"$code $(grep -o '[0-9]* findings' "$scratch/fsck")"
[ "$code" = 0 ] || head -20 "$scratch/fsck" | sed 's/^/# /'
check 'it has looked at the whole sample' yes \
	"$(awk '$2 == "records," && $1 > 600 && $5 > 2000 { print "yes" }' \
		"$scratch/fsck")"
check 'the summary is JSON where asked' yes \
	"$(hosod fsck --json | grep -q '^{"summary":{.*"findings":0' && echo yes)"
check 'reindex of a sound archive changes nothing' \
	'0 added, 0 changed, 0 removed' \
	"$(hosod reindex | sed 's/.*: //')"

# A file's bytes are turned over where they lie; only --deep reads them.
name=$(sed -n 's/^\(.\{40\}\).*/\1/p' \
	"$srcdir/data/sample/stand-in/bc-so-ket-6-thang-2023-kon-tum.txt" |
	head -1)
data=$scratch/data/store/chunks/data.mdb
place=$(LC_ALL=C grep -abo -F "$name" "$data" | head -1 | cut -d : -f 1)
if [ -n "$place" ]; then
	printf '\377' | dd of="$data" bs=1 seek="$place" conv=notrunc 2>/dev/null
	check 'a changed file is not noticed in passing' 0 "$(fsck)"
	check 'a changed file is found by --deep' '1 chunk.changed' \
		"$(fsck --deep) $(sed -n 's/^\(chunk[a-z.]*\):.*/\1/p' "$scratch/fsck")"
else
	skip 'a changed file is found by --deep' 'no file lies in one place'
fi
check 'arguments that nobody knows are refused' 2 "$(fsck --everything)"
finish
