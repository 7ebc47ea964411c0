#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# An archive with two outside witnesses, one on line and one on a stick.  An
# administrator with root and every key then goes back to a backup and writes
# another history: each witness refuses it, and each old receipt finds out.
# shellcheck source=tests/functional/hoso.sh
. "${srcdir:-.}/tests/functional/hoso.sh"
need curl jq

stick=$scratch/stick
mkdir "$stick"

add_users() { # name, how many: an entry of the log each
	for i in $(seq "$2"); do
		hosod user add "$1$i" --name "$1$i" --role auditor --no-password \
			>"$scratch/user" 2>&1 || bail 'a user was not added' "$scratch/user"
	done
}

serve() { # folder; sets $loader, which ends with the test, and $at
	"$builddir/hoso" --english witness serve "$1" --listen "${at:-127.0.0.1:0}" \
		>"$scratch/serve" 2>>"$scratch/serve.err" &
	loader=$!
	await grep -q 'at port' "$scratch/serve" || bail 'no witness' "$scratch/serve.err"
	at=127.0.0.1:$(sed 's/[^0-9]//g' "$scratch/serve")
}

start() {
	start_hosod --set witness.needed=2 --set witness.ask_ms=1s --set \
		"witness.list=$(cat "$scratch/one.vkey") http://$at $(cat "$scratch/two.vkey")"
	hoso_log_in keeper
}

log_size() {
	curl --silent --max-time 20 "$url/audit/checkpoint" | sed -n 2p
}

is_cosigned() { # place in the list, size
	[ "$(hoso --json audit witnesses | jq ".witnesses[$1].size")" = "$2" ]
}

# A figure of each witness, in the order of the list.
figures() { # name
	log_in keeper
	as keeper "${url%/api/v1}/metrics" |
		sed -n "s/^hoso_witness_$1{witness=\"witness.example.vn.\(.*\)\"} /\1 /p" | paste -sd ' '
}

# Verify as a machine that remembers nothing, by both witnesses if not told
# otherwise.
verify() { # options
	[ $# -gt 0 ] || set -- --witness "$scratch/one.vkey" --witness "$scratch/two.vkey"
	rm -f "$scratch"/config/hoso/audit-*
	run hoso --english audit verify --key "$key" "$@"
}

# --- the witnesses and the archive ----------------------------------------------------
make_archive
key=$scratch/data/keys/log.vkey
hoso witness init "$scratch/one" --name witness.example.vn/one >"$scratch/one.vkey"
hoso witness init "$scratch/two" --name witness.example.vn/two >"$scratch/two.vkey"
check 'a witness keeps the key that it has' 5 \
	"$(run hoso witness init "$scratch/two" --name witness.example.vn/two)"
serve "$scratch/one"
add_user keeper system_admin auditor
add_users before 3
start
hoso audit receipt 1 >"$scratch/early.json"
check 'nothing is vouched for at first' 404 "$(curl --silent --max-time 20 \
	--output "$scratch/out" --write-out '%{http_code}' "$url/audit/cosigned")"
await_log 'witness.silent'
check_has 'a witness that does not watch this log yet is told of' \
	'it does not watch this log yet' "$scratch/log"
check 'the figures say how far each is behind' \
	"one $(log_size) two $(log_size), one 0 two 0" "$(figures behind), $(figures entries)"
check '  and who failed when it was asked' 'one two 0' \
	"$(figures failures | sed 's/^one [1-9][0-9]*/one/')"
check 'a witness watches a log' 0 "$(run hoso witness watch "$scratch/one" --key "$key")"

hosod --data "$scratch/other" init >"$scratch/out" 2>&1
check 'and no other key of the same name' 5 \
	"$(run hoso witness watch "$scratch/one" --key "$scratch/other/keys/log.vkey")"
hoso witness watch "$scratch/two" --key "$key" >"$scratch/out"
size=$(log_size)
await is_cosigned 0 "$size"
check 'the witness on line cosigns what there is' "$size" \
	"$(hoso --json audit witnesses | jq '.witnesses[0].size')"
check '  and the figures say so' "one 0 two $size, one $size two 0, one 0 two 0" \
	"$(figures behind), $(figures entries), $(figures failures)"
silent=$(figures silent_seconds)
check '  and for how long nobody heard of them' yes \
	"$([ "$(echo "$silent" | cut -d ' ' -f 2)" -le 60 ] && echo yes || echo "$silent")"
check 'one of two is not enough' 8 "$(verify)"
check_has '  and it says so' 'not enough witnesses' "$scratch/out"
stop_hosod
hosod backup "$scratch/backup" >"$scratch/out" 2>&1 || bail 'no backup' "$scratch/out"

# --- the stick goes to the second witness and back --------------------------------------
add_users grown 3
start
size=$(log_size)
await is_cosigned 0 "$size"
check 'a request is written for the stick' 0 "$(run hoso audit request \
	--for witness.example.vn/two --out "$stick/archive.request")"
check '  for no stranger' 4 "$(run hoso audit request --for witness.example.vn/three)"
as_user=$(hoso --json audit witnesses | jq -c '[.needed, .size]')
check 'the witness signs what is on the stick' 0 "$(run hoso witness sign "$scratch/two" "$stick")"
hosod user add late --name late --role auditor --no-password >"$scratch/user" 2>&1
check 'what it signed is taken' 2 "$(hoso --json audit cosign "$stick/archive.cosigned" | jq .cosignatures)"
check '  and shows in the figures, too' "two $size" "$(figures entries | sed 's/.*two/two/')"
check '  and makes the checkpoint that it was asked for a witnessed one' "[2,0] $size" \
	"$as_user $(hoso --json audit witnesses | jq .size)"
check 'both vouch for the log' 0 "$(verify)"
check_has '  by number' 'Witnesses that cosigned: 2 of the 2 given, 2 are needed' "$scratch/out"
check 'the same file again changes nothing' 2 \
	"$(hoso --json audit cosign "$stick/archive.cosigned" | jq .cosignatures)"
grep -v 'vn/[ot]' "$stick/archive.cosigned" >"$scratch/bare"
check 'a checkpoint that no witness signed is refused' 3 "$(run hoso audit cosign "$scratch/bare")"
sed '/vn.two/s/.....==$/AAAAA==/' "$stick/archive.cosigned" >"$scratch/forged"
check '  and one with a false cosignature' 3 "$(run hoso --english audit cosign "$scratch/forged")"
cp "$stick/archive.cosigned" "$scratch/seen.txt"
hoso audit receipt 1 >"$scratch/receipt.json"
check 'a receipt carries both cosignatures from now on' 0 "$(run hoso verify-receipt \
	"$scratch/receipt.json" --key "$key" --witness "$scratch/one.vkey" --witness "$scratch/two.vkey")"
check 'an older one holds as it is' 0 \
	"$(run hoso verify-receipt "$scratch/early.json" --key "$key")"
check '  and is not taken for a witnessed one' 8 "$(run hoso --english verify-receipt \
	"$scratch/early.json" --key "$key" --witness "$scratch/two.vkey" --need 1)"
check_has '  as it says' 'Not enough witnesses' "$scratch/out"
check 'old receipts fit the log' 0 "$(verify --receipt "$scratch/early.json")"
stop_hosod
check 'fsck knows what is kept of it' 0 "$(run hosod fsck --deep)"

# --- a witness that lost its place, and one that was asked twice -------------------------
start
hoso audit request --for witness.example.vn/two --old 1 --out "$stick/archive.request" >"$scratch/out"
check 'a request from elsewhere is answered by where the witness is' 5 \
	"$(run hoso --english witness sign "$scratch/two" "$stick/archive.request")"
check_has '  and by what to ask for' "--old $size" "$scratch/err"
stop_hosod
seen=$(jq -r .checkpoint "$scratch/receipt.json" | sed -n 2p)

# --- root rewrites history -----------------------------------------------------------------
# The same keys, the same name, everything in order by itself.
mv "$scratch/data" "$scratch/truth"
hosod restore "$scratch/backup" >"$scratch/out" 2>&1 || bail 'no restore' "$scratch/out"
: >"$scratch/log"
start
await_log 'witness.refuses'
check_has 'a log that lost entries is refused on line' \
	'entries were lost, or the log was rewritten' "$scratch/log"
stop_hosod
add_users forged 9
check 'nothing in the forged archive is wrong by itself' 0 "$(run hosod fsck --deep)"
: >"$scratch/log"
start
check 'and its log passes whoever remembers nothing and asks nobody' '0 true' \
	"$(rm -f "$scratch"/config/hoso/audit-*
	run hoso audit verify --key "$key") $([ "$(log_size)" -gt "$seen" ] && echo true)"
await_log 'witness.refuses'
check_has 'the witness on line refuses another past' \
	'it has seen another past of this log: the log was rewritten' "$scratch/log"
check 'the figures count its refusals' one "$(figures failures | sed -n 's/^\(one\) [1-9].*/\1/p')"
check 'the archive tells it whoever asks' 1 "$(hoso --json audit witnesses |
	jq '[.witnesses[].problem | select(contains("was rewritten"))] | length')"
check 'the witness keeps the proof of it' 1 \
	"$(find "$scratch/one/logs" -name '*.contradiction' -size +0 | wc -l)"
rm "$stick"/*
hoso audit request --for witness.example.vn/two --old "$seen" --out "$stick/archive.request" >"$scratch/out"
check 'the witness of the stick refuses it' 8 \
	"$(run hoso --english witness sign "$scratch/two" "$stick")"
check_has '  in plain words' 'was rewritten' "$scratch/err"
check '  and signs nothing' '' "$(find "$stick" -name '*.cosigned')"
check 'nobody vouches for the forged log' 8 "$(verify)"
check 'the cosigned checkpoint is not of this log' 1 "$(run hoso audit cosign "$scratch/seen.txt")"
check 'an old receipt does not fit it' 8 "$(verify --receipt "$scratch/receipt.json")"
check_has '  in plain words' 'the log was rewritten' "$scratch/out"
check 'nor does the kept checkpoint' 8 "$(verify --from "$scratch/seen.txt")"
check 'though the receipt holds by itself' 0 "$(run hoso verify-receipt \
	"$scratch/receipt.json" --key "$key" --witness "$scratch/one.vkey" --need 1)"
stop_hosod

# --- the truth comes back --------------------------------------------------------------------
rm -r "$scratch/data"
mv "$scratch/truth" "$scratch/data"
kill "$loader"
wait "$loader" 2>/dev/null
serve "$scratch/one" # started anew, it remembers
: >"$scratch/log"
add_users after 1
start
size=$(log_size)
await is_cosigned 0 "$size"
check 'the true log is cosigned again' "$size" \
	"$(hoso --json audit witnesses | jq '.witnesses[0].size')"
check 'and old receipts fit it' 0 "$(verify --receipt "$scratch/receipt.json")"
finish
