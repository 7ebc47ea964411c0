#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Anybody asks the archive whether it holds exactly this file, receipt or
# decision.  What is drafted, decided and not sealed, or waits for its
# time-stamp is answered as what was never there.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq sha256sum

day=2025-08-01
dossier=hs-tra-cuu
make_province
add_user luutru archivist:tinh-quang-ngai
start_hosod
enter luutru

# No log-in, no cookie: the whole answer, and its status.
ask() { # curl's arguments
	curl --silent --write-out ' %{http_code}' -G "$url/verify" "$@"
}

send() { # file, type
	curl --silent --write-out ' %{http_code}' -H "Content-Type: $2" \
		--data-binary "@$1" "$url/verify"
}

by_number() {
	ask --data-urlencode "number=$1" --data-urlencode "date=$2"
}

by_sum() { # file
	ask --data-urlencode "sha256=$(sha256sum <"$1" | cut -c -64)"
}

nothing='{"held":false} 200'

# Kind and whether the time is the seal's.
held() { # answer
	echo "${1% *}" | jq -r --argjson at "$sealed_at" \
		'[.held, .kind, .since == $at, length] | map(tostring) | join(" ")'
}

echo 'Quyết định khen thưởng, đã ký' >"$scratch/quyet-dinh.txt"
echo 'Báo cáo thành tích của ông A' >"$scratch/bao-cao.txt"
file_decision() { # dossier, number, what stands in its file
	echo "$3" >"$scratch/quyet-dinh-$1.txt"
	cat >"$scratch/new.ndjson" <<END
{"type":"dossier","id":"$1","kind":"merit","title":"Khen thưởng thôn Xốp Nghét","unit":"xa-xop-2025","date":"$day","attach":[{"code":"C_KHAC","path":"bao-cao.txt"}]}
{"type":"document","id":"qd-$1","kind":"QĐ","reference":"$2","date":"$day","issuer":{"unit":"xa-xop-2025"},"subject":"Về việc tặng Giấy khen","attach":["quyet-dinh-$1.txt"]}
{"type":"decision","id":"q-$1","document":"qd-$1","date":"$day","issuer":"xa-xop-2025","dossier":"$1","grants":[{"award":"commend_commune","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"xa-xop-2025"}]}
END
	must luutru import "$scratch/new.ndjson"
	must luutru dossier step "$1" closed
}

# --- before it is sealed ------------------------------------------------------------

file_decision $dossier '12/QĐ-UBND' 'Quyết định, đã ký'
never=$(by_number '99/QĐ-UBND' $day)
check 'what was never there is not held, and that is all that is said' "$nothing" "$never"
check 'a decision that is not sealed is answered alike' "$never" \
	"$(by_number '12/QĐ-UBND' $day)"
check '  and so is its file' "$never" "$(by_sum "$scratch/quyet-dinh-$dossier.txt")"
headers() { # number
	curl --silent --output /dev/null --dump-header - -G "$url/verify" \
		--data-urlencode "number=$1" --data-urlencode "date=$day" |
		grep -viE '^(date|x-request-id|request-id):'
}
check '  in the same headers' "$(headers '99/QĐ-UBND')" "$(headers '12/QĐ-UBND')"

# --- once it is ----------------------------------------------------------------------

must luutru seal $dossier --output "$scratch/a.asice"
hoso luutru --json dossier show $dossier >"$scratch/shown"
sealed_at=$(jq .seal.at "$scratch/shown")
check 'its number and day are held' 'true decision true 3' \
	"$(held "$(by_number '12/QĐ-UBND' $day)")"
check '  however it is written' 'true decision true 3' \
	"$(held "$(by_number '12/qđ-ubnd' $day)")"
check '  not of another day' "$nothing" "$(by_number '12/QĐ-UBND' 2025-08-02)"
check '  nor the beginning of a number' "$nothing" "$(by_number '12/QĐ' $day)"
check 'its file is held' 'true file true 3' \
	"$(held "$(by_sum "$scratch/quyet-dinh-$dossier.txt")")"
check '  sent as it is' 'true file true 3' \
	"$(held "$(send "$scratch/quyet-dinh-$dossier.txt" application/pdf)")"
check '  with another byte it is not' "$nothing" \
	"$(send "$scratch/quyet-dinh.txt" application/pdf)"
check 'its container is held' 'true container true 3' "$(held "$(by_sum "$scratch/a.asice")")"
check '  sent as it is' 'true container true 3' \
	"$(held "$(send "$scratch/a.asice" application/octet-stream)")"
check 'what else lies in the dossier is nobody else'"'"'s business' "$nothing" \
	"$(by_sum "$scratch/bao-cao.txt")"
head -c 5000000 /dev/urandom >"$scratch/large"
check 'a large file is taken and not held' "$nothing" \
	"$(send "$scratch/large" application/octet-stream)"
check '  in chunks, too' "$nothing" "$(curl --silent --write-out ' %{http_code}' \
	-H 'Transfer-Encoding: chunked' -H 'Content-Type: text/plain' \
	--data-binary "@$scratch/large" "$url/verify")"
check 'an empty file is not held' "$nothing" "$(send /dev/null text/plain)"

# --- receipts --------------------------------------------------------------------------

unzip -p "$scratch/a.asice" "urn*/metadata/other/receipts/*" 2>/dev/null |
	jq -c . 2>/dev/null | head -n 1 >"$scratch/receipt.json"
[ -s "$scratch/receipt.json" ] || must luutru dossier show $dossier
check 'a receipt of the log is held' 'true receipt' \
	"$(send "$scratch/receipt.json" application/json | sed 's/ 200$//' |
		jq -r '[.held, .kind] | map(tostring) | join(" ")')"
jq -c '.leaf |= sub("\"rev\":1"; "\"rev\":2")' "$scratch/receipt.json" >"$scratch/forged.json"
check '  not of another event' "$nothing" "$(send "$scratch/forged.json" application/json)"
jq -c '.index = 1000000000' "$scratch/receipt.json" >"$scratch/later.json"
check '  not of a place that the log has not reached' "$nothing" \
	"$(send "$scratch/later.json" application/json)"
echo '{"a":1}' >"$scratch/none.json"
check 'what is no receipt is refused' 400 \
	"$(send "$scratch/none.json" application/json | sed 's/.* //')"

# --- questions that are none -------------------------------------------------------------

check 'a question without a thing is refused' 400 "$(ask | sed 's/.* //')"
check 'a number without its day as well' 400 \
	"$(ask --data-urlencode number=1 | sed 's/.* //')"
check 'and half a digest' 400 "$(ask --data-urlencode sha256=abcd | sed 's/.* //')"

# --- hoso check ---------------------------------------------------------------------------

check_hoso() { # arguments
	code=0
	XDG_CONFIG_HOME=$scratch/nobody "$builddir/hoso" --english \
		--url "${url%/api/v1}" check "$@" >"$scratch/said" 2>&1 || code=$?
	echo "$code $(sed 's/since .*/since/; s/^[^:]*: //' "$scratch/said")"
}
check 'hoso asks by a file' '0 the archive holds exactly this: a file of a decision, since' \
	"$(check_hoso "$scratch/quyet-dinh-$dossier.txt")"
check 'hoso asks by a container' '0 the archive holds exactly this: a sealed container, since' \
	"$(check_hoso "$scratch/a.asice")"
check 'hoso asks by a receipt' '0 the archive holds exactly this: an entry of its log, since' \
	"$(check_hoso "$scratch/receipt.json")"
check 'hoso asks by a number' \
	'0 the archive holds exactly this: a decision of this number and day, since' \
	"$(check_hoso --number '12/QĐ-UBND' --date $day)"
check 'hoso says what is not held' '4 the archive does not hold this' \
	"$(check_hoso "$scratch/bao-cao.txt")"

# --- the rows ---------------------------------------------------------------------------------

stop_hosod
check 'fsck finds nothing wrong' 0 "$(code_of hosod fsck)"

# --- one that waits for its time-stamp ------------------------------------------------------

start_hosod --set seal.tsa=http://127.0.0.1:1/
enter luutru
file_decision hs-cho '13/QĐ-UBND' 'Quyết định chờ dấu thời gian'
hoso luutru seal hs-cho --output "$scratch/b.asice" >"$scratch/said" 2>&1
hoso luutru --json dossier show hs-cho >"$scratch/shown"
check 'a dossier waits for its time-stamp' awaiting-timestamp \
	"$(jq -r .seal.state "$scratch/shown")"
check 'its decision is not held yet' "$nothing" "$(by_number '13/QĐ-UBND' $day)"
check '  nor its file' "$nothing" "$(by_sum "$scratch/quyet-dinh-hs-cho.txt")"
check '  nor the container that waits' "$nothing" \
	"$(ask --data-urlencode "sha256=$(jq -r .seal.pending.sha256 "$scratch/shown")")"

# --- guessing -----------------------------------------------------------------------------------

# Forty questions of an address may find nothing; then it has to wait.
for number in $(seq 1 60); do
	by_number "$number/QĐ-UBND" $day >"$scratch/last"
	[ "$(sed 's/.* //' "$scratch/last")" = 200 ] || break
done
check 'who tries many numbers has to wait' 429 "$(sed 's/.* //' "$scratch/last")"
check '  and is told for how long' 1 "$(curl --silent --output /dev/null --dump-header - \
	"$url/verify?number=1&date=$day" | grep -ci '^retry-after: [1-9]')"
check '  others log in meanwhile' 401 "$(curl --silent --output /dev/null --write-out '%{http_code}' \
	-H 'Content-Type: application/json' -d '{"login":"x","password":"wrong"}' "$url/session")"
finish
