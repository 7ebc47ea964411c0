#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Pages of the store and bytes of sealed containers rot.  Every dossier is then
# asked for, and each of its files: the answer is what it was before, or says
# that it is damaged.  Whatever is not what it was is named by hosod fsck, and
# the server stays up.  Dossiers are filed there, too: each is refused or there,
# and nothing that was served is lost by it.
#
# HOSO_ROTS is how many times (make torture-rot: 100), HOSO_SEED which run.
# HOSO_KEEP is a folder for the damaged data of each run that failed: HOSO_SEED
# alone does not repeat it, as ids are drawn anew.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq sha256sum

seed=${HOSO_SEED:-${HOSO_SEED_PRESET:-$(date +%s)}}
rots=${HOSO_ROTS:-5}
percent=${HOSO_PERCENT:-1}
rot=$builddir/tests/torture/rot
echo "# HOSO_SEED=$seed HOSO_ROTS=$rots HOSO_PERCENT=$percent"

make_province
add_user luutru archivist auditor system_admin
start_hosod
load_province
enter luutru
log_in luutru
# More of them, each with a file of its own length.
awk -v folder="$scratch" 'BEGIN {
	for (i = 1; i <= 200; i++) {
		name = "tep-" i ".txt"
		for (j = 0; j < i % 40; j++)
			printf "%0400d Thành tích của tập thể số %d.\n", j, i >folder "/" name
		print "" >folder "/" name
		close(folder "/" name)
		printf "{\"type\":\"dossier\",\"id\":\"rot-%d\",\"kind\":\"merit\",\"title\":\"Khen thưởng tập thể số %d\",\"unit\":\"xa-xop-2025\",\"date\":\"2025-08-01\",\"attach\":[{\"code\":\"C_KHAC\",\"path\":\"%s\"}]}\n", i, i, name
	}
}' >"$scratch/more.ndjson"
must luutru import "$scratch/more.ndjson"
cat "$srcdir"/data/sample/*.ndjson "$scratch/more.ndjson" |
	jq -r 'select(.type == "dossier") | .id' | sort -u >"$scratch/dossiers"
for id in rot-1 rot-22 rot-33 rot-77 rot-150; do
	file_past luutru "$id" xa-xop-2025 2025-08-01
	must luutru seal "$id" --output "$scratch/$id.asice"
done
token=$(as luutru --json '{"name":"rot","expires":"'"$(date -d '+30 days' +%F)"'",
	"scopes":["dossier.read","dossier.new","document.read","package.read","system.read","fixity.read"]}' "$url/tokens" | tee "$scratch/token" | jq -r .secret)
check 'there is a token to ask by' yes "$([ "${#token}" -gt 20 ] && echo yes || cat "$scratch/token")"

ask() { # path
	curl --silent --max-time "$((30 * patience))" --output "$scratch/body" --write-out '%{http_code}' \
		-H "Authorization: Bearer $token" "$url/$1"
}

# "dossier path sha256|code" of everything that a dossier consists of.
ask_all() {
	rm -rf "$scratch/bodies"
	mkdir "$scratch/bodies"
	awk -v url="$url" -v folder="$scratch/bodies" '{
		printf "url = \"%s/%s\"\noutput = \"%s/%d\"\n", url, $2, folder, NR
	}' "$scratch/paths" >"$scratch/asking"
	curl --silent --max-time "$((200 * patience))" --write-out '%{http_code}\n' \
		-H "Authorization: Bearer $token" --config "$scratch/asking" >"$scratch/codes"
	(cd "$scratch/bodies" && find . -type f -exec sha256sum {} +) |
		sed 's| \./| |' | awk '{ print $2, $1 }' >"$scratch/sums"
	paste -d ' ' "$scratch/paths" "$scratch/codes" |
		awk 'NR == FNR { sum[$1] = $2; next }
			{ print $1, $2, ($3 == 200 ? sum[FNR] : $3) }' "$scratch/sums" -
}
while read -r id; do
	ask "dossiers/$id" >/dev/null
	echo "$id dossiers/$id"
	echo "$id dossiers/$id/package"
	jq -r --arg id "$id" '.components[]?.attachment.sha256 // empty |
		$id + " dossiers/" + $id + "/files/" + .' "$scratch/body"
done <"$scratch/dossiers" >"$scratch/paths"
ask_all | grep -Ev ' [0-9]{3}$' >"$scratch/before"
check 'there is something to rot' yes \
	"$(awk '{ n++; sealed += /package/ } END { print (n > 30 && sealed > 0) ? "yes" : n " answers, " sealed + 0 " sealed" }' "$scratch/before")"
stop_hosod
check 'fsck finds nothing before' 0 "$(hosod fsck --deep >"$scratch/fsck" 2>&1; echo $?)"
cp -a "$scratch/data" "$scratch/sound"

# What was there before and is not as it was: "dossier path code".
changed() {
	ask_all >"$scratch/after"
	awk 'NR == FNR { was[$2] = $3; next }
		$2 in was && was[$2] != $3' "$scratch/before" "$scratch/after"
}

# Two files: one that goes with the record, one that goes to the chunks.
head -c 9000 /dev/urandom >"$scratch/small.bin"
head -c 300000 /dev/urandom >"$scratch/large.bin"
printf '%s' '{"kind":"merit","title":"Hồ sơ","unit":"xa-xop-2025","date":"2025-08-01",
	"awards":[],"components":[{"code":"C_KHAC","attachment":{"part":"small"}},
	{"code":"C_KHAC","attachment":{"part":"large"}}]}' >"$scratch/record.json"

# File some; what is neither there nor refused is told.
file_some() {
	for n in $(seq 12); do
		echo "$i $n" | cat - "$scratch/small.bin" >"$scratch/small"
		echo "$i $n" | cat - "$scratch/large.bin" >"$scratch/large"
		answer=$(curl --silent --max-time "$((30 * patience))" --dump-header "$scratch/filed" \
			--output "$scratch/body" --write-out '%{http_code}' -H "Authorization: Bearer $token" \
			-F "record=@$scratch/record.json;type=application/json" \
			-F "small=@$scratch/small" -F "large=@$scratch/large" "$url/dossiers")
		case $answer in
		201) ;;
		5??)
			refused=$((refused + 1))
			continue
			;;
		*)
			echo "seed $((seed + i)): filing: $answer $(cat "$scratch/body")"
			return
			;;
		esac
		filed=$((filed + 1))
		where=$(tr -d '\r' <"$scratch/filed" | sed -n 's|^[Ll]ocation: /api/v1/||p')
		for path in "$where" "$where/files/$(sha256sum <"$scratch/small" | cut -c 1-64)" \
			"$where/files/$(sha256sum <"$scratch/large" | cut -c 1-64)"; do
			answer=$(ask "$path")
			[ "$answer" = 200 ] || {
				echo "seed $((seed + i)): filed and then $answer: $path"
				return
			}
		done
	done
}

# A copy of the sound archive, rotten as this run has it.
rot_into() { # folder
	rm -rf "$1"
	cp -a "$scratch/sound" "$1"
	"$rot" "$1/store/records/data.mdb" "$((seed + i))" "$percent" >"$scratch/pages"
	"$rot" "$1/store/chunks/data.mdb" "$((seed + i))" "$percent" >>"$scratch/pages"
}

# The running check came to the end of a pass that it began in this run: one
# that goes on from before has read some of it while it was sound.
has_read_all() {
	ask fixity >/dev/null
	jq -e --argjson began "$began" '.last_began > $began' "$scratch/body" >/dev/null
}

# Dossiers of which something was lost and that a list does not name.
nameless() { # list of "dossier/ID:"
	awk -v s="$((seed + i))" 'FILENAME == ARGV[1] { named[$1] = 1; next }
		!(("dossier/" $1 ":") in named) { print "seed " s ": " $2 " " $3; exit }' "$1" "$scratch/changed" >"$scratch/nameless"
	if [ -s "$scratch/nameless" ] && [ -n "${HOSO_KEEP:-}" ]; then
		mkdir -p "$HOSO_KEEP/$((seed + i))"
		rot_into "$HOSO_KEEP/$((seed + i))/data"
		cp "$scratch/fsck" "$scratch/changed" "$scratch/harmed" "$scratch/try" "$HOSO_KEEP/$((seed + i))"
	fi
	cat "$scratch/nameless"
}

lies=
unwritten=
undone=
filed=0
refused=0
unnamed=
missed=
songs=
passes=0
unended=
strangers=0
mute=0
down=
served=0
lost=0
found=0
damage=0
i=0
while [ "$i" -lt "$rots" ]; do
	i=$((i + 1))
	rot_into "$scratch/data"
	damage=$((damage + $(wc -l <"$scratch/pages")))
	hosod fsck --deep >"$scratch/fsck" 2>&1
	code=$?
	if [ "$code" -gt 1 ]; then
		down="seed $((seed + i)): fsck ended with $code"
		break
	fi
	[ "$code" -eq 0 ] || found=$((found + 1))
	began=$(date +%s%6N)
	become_hosod --set store.fixity=1GiB --set store.canary_ms=1s run >"$scratch/try" 2>&1 &
	try=$!
	port=
	for _ in $(seq 100); do
		port=$(sed -n 's/.*server.ready.* port=\([0-9]*\).*/\1/p' "$scratch/try")
		[ -z "$port" ] || break
		kill -0 "$try" 2>/dev/null || break
		sleep 0.1
	done
	if [ -z "$port" ]; then
		kill "$try" 2>/dev/null
		wait "$try" 2>/dev/null
		grep -q 'engine\|damaged\|not as it was' "$scratch/try" ||
			down="seed $((seed + i)): $(tail -1 "$scratch/try")"
		[ "$code" -ne 0 ] || down="seed $((seed + i)): fsck found nothing: $(tail -1 "$scratch/try")"
		continue
	fi
	url=http://127.0.0.1:$port/api/v1
	# Where the asker's own token or account rotted, nothing is told of dossiers.
	asker=$(ask fixity)
	if [ "$asker" != 200 ]; then
		strangers=$((strangers + 1))
		[ "$code" -ne 0 ] || down="seed $((seed + i)): fsck found nothing, and the asker got $asker"
		kill -TERM "$try" 2>/dev/null
		wait "$try"
		continue
	fi
	changed >"$scratch/changed"
	file_some >"$scratch/unwritten"
	unwritten=$unwritten$(cat "$scratch/unwritten")
	changed >"$scratch/again"
	undone=$undone$(awk -v s="$((seed + i))" 'FILENAME == ARGV[1] { was[$2] = 1; next }
		!($2 in was) { print "seed " s ": " $2 " " $3; exit }' "$scratch/changed" "$scratch/again")
	: >"$scratch/harmed"
	if await has_read_all; then
		passes=$((passes + 1))
		jq -r '.findings[].harmed[] + ":"' "$scratch/body" | sort -u >"$scratch/harmed"
		if grep -q fixity.no_canary "$scratch/try"; then # nothing can be written
			mute=$((mute + 1))
		else
			songs=$songs$(jq -r 'select(.canary_found == 0 or .canary_missed) |
				"no canary, failing: \(.damaged)"' "$scratch/body")
		fi
		missed=$missed$(nameless "$scratch/harmed")
	else
		unended="$unended seed $((seed + i)): $(cat "$scratch/body")"
	fi
	awk '/^(dossier|record)\.damaged:/ { print $2 }' "$scratch/fsck" >"$scratch/named"
	unnamed=$unnamed$(nameless "$scratch/named")
	kill -TERM "$try" 2>/dev/null
	wait "$try"
	ended=$?
	[ "$ended" -eq 0 ] || down="seed $((seed + i)): the server ended with $ended: $(tail -1 "$scratch/try")"
	served=$((served + $(wc -l <"$scratch/before") - $(wc -l <"$scratch/changed")))
	lost=$((lost + $(wc -l <"$scratch/changed")))
	# 404 is a lie as well; curl's 000 is an answer that was broken off.
	lies=$lies$(awk -v s="$((seed + i))" '$3 !~ /^5/ && $3 != "000" { print "seed " s ": " $2 " " $3; exit }' "$scratch/changed")
done
echo "# $rots times: $damage pages damaged, $found times found; $served answers as before, $lost damaged"
echo "# $filed dossiers filed, $refused refused; $strangers times the asker was not known, $mute times nothing could be written"
check 'the server stays up, or says that its store is damaged' '' "$down"
check 'no answer is another than it was without saying so' '' "$lies"
check 'what is filed on damaged pages is refused or there' '' "$unwritten"
check 'nothing else is lost by it' '' "$undone"
check 'fsck names every dossier of which something was lost' '' "$unnamed"
check 'the running check names them, too' '' "$missed"
check 'it comes to its end' '' "$unended"
check 'it has read everything at least once' yes "$([ "$passes" -gt 0 ] && echo yes)"
check 'it finds what is wrong on purpose' '' "$songs"
check 'the others are served' yes "$([ "$served" -gt "$lost" ] && echo yes)"
finish
