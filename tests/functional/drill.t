#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A backup is made while clients file at full speed; the drill restores it
# elsewhere, proves it, and says what would be lost.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq
TMPDIR=$scratch/tmp
export TMPDIR
mkdir "$scratch/tmp" "$scratch/backups"

drill() { # options
	hosod drill "$@" >"$scratch/drill" 2>"$scratch/said"
	echo $?
}

make_archive
check 'where there is no backup, the drill says so' \
	"1 hosod: drill: there is no backup in $scratch/backups" \
	"$(drill "$scratch/backups") $(cat "$scratch/said")"
make_province
start_hosod
load_province
for client in 1 2 3 4 5; do
	awk -v c=$client 'BEGIN {
		for (i = 0; i < 60; i++)
			printf "{\"type\":\"dossier\",\"id\":\"tap-%d-%d\",\"kind\":\"merit\",\"title\":\"Khen thưởng\",\"unit\":\"xa-xop-2025\",\"date\":\"2025-08-01\"}\n", c, i
	}' >"$scratch/$client.ndjson"
done
filing=
for client in 1 2 3 4; do
	hoso nhaplieu import "$scratch/$client.ndjson" >/dev/null 2>&1 &
	filing="$filing $!"
done
code=0
for n in 1 2 3; do
	hosod backup "$scratch/backups/$n" >"$scratch/out" 2>&1 || code=$?
done
check 'backups are made while clients file' 0 "$code"
refused=
for client in $filing; do
	wait "$client" || refused="$refused $?"
done
check 'and all that they file is taken' '' "$refused"
must nhaplieu import "$scratch/5.ndjson" # later than any backup
check 'the drill runs beside the server' 0 "$(drill --json "$scratch/backups")"
[ ! -s "$scratch/said" ] || head "$scratch/said" | sed 's/^/# /'
check 'it took the newest and found it good' "$scratch/backups/3 true 0 true" \
	"$(jq -r '[.backup, .good, .findings, .compared] | map(tostring) | join(" ")' "$scratch/drill")"
entries=$(jq .entries "$scratch/drill")
lost=$(jq .loss_entries "$scratch/drill")
check 'what came behind it would be lost' yes "$([ "$lost" -ge 60 ] && echo yes || echo "$lost")"
rm -f "$scratch/data/fixity.json" # it is written now and then, and at the end
stop_hosod
check 'the running check of fixity goes on where it stood' true \
	"$(jq '.began > 0' "$scratch/data/fixity.json" 2>&1)"
all=$(hosod fsck --json | jq '.summary.leaves')
check 'backup and loss are together what the archive has' "$all" "$((entries + lost))"
check 'what it restored is taken away' '' "$(ls "$scratch/tmp")"
check 'it tells the same in words' 0 "$(drill "$scratch/backups")"
sed 's/^/# /' "$scratch/drill"
check 'the loss is told' yes "$(grep -q "has $lost later entries" "$scratch/drill" && echo yes)"
hosod backup - >"$scratch/backups/last.tar" 2>"$scratch/out"
touch -d '+1 hour' "$scratch/backups/last.tar"
check 'a tar is drilled as well, and nothing is lost behind it' "0 $scratch/backups/last.tar 0" \
	"$(drill --json "$scratch/backups") $(jq -r '.backup + " " + (.loss_entries | tostring)' "$scratch/drill")"

# A backup with another byte somewhere.
size=$(stat -c %s "$scratch/backups/3/store/records/data.mdb")
printf 'X' | dd of="$scratch/backups/3/store/records/data.mdb" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
check 'a damaged backup fails the drill' 1 "$(drill "$scratch/backups/3")"
check 'and is named' yes "$(grep -q 'records/data.mdb' "$scratch/said" && echo yes)"
check 'and nothing of it stays' '' "$(ls "$scratch/tmp")"
finish
