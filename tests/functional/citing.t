#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Who cites a document: sixty that were drawn and some of them changed, asked
# about by every role, and beside the answers a model that reads all of them.
# Two roles see less here than in the law's own tables.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need awk curl jq

rules=$scratch/rules
cp -R "$srcdir/data/rules" "$rules"
chmod -R u+w "$rules"
jq '(.acts[] | select(.act == "document.read").grants[] | select(.role == "unit_clerk")).scope = "subtree"
	| (.acts[] | select(.act == "document.read").grants[] | select(.role == "chair")).scope = "own"' \
	"$srcdir/data/rules/permissions.json" >"$rules/permissions.json"

make_archive
fill_archive
add_user luutru archivist:tinh-kon-tum
roles=$(jq -r '.roles[] | select(.assignable != false) | .id' "$rules/roles.json")
for role in $roles; do
	add_user "vai-$(echo "$role" | tr _ -)" "$role:tinh-kon-tum"
done
start_hosod --set "office.rules=$rules"
enter luutru
log_in luutru

# --- sixty documents; each cites some of those before it ------------------------

seed=${HOSO_SEED:-$(date +%s)}
echo "# HOSO_SEED=$seed"
awk -v seed="$seed" '
	function draw(n) { return int(rand() * n) }
	function number() { return numbers[draw(8)] }
	function day() { return days[draw(3)] }
	BEGIN {
		srand(seed)
		split("7/QĐ-UBND;7 / qd-ubnd;15/KH-UBND;15/kh-ubnd;15/kh - UBND;763/BC;Số 9;9/TB", list, ";")
		for (i in list) numbers[i - 1] = list[i]
		split("\"2024-05-02\" \"2025-05-02\" {\"from\":\"2024-01-01\",\"to\":\"2024-12-31\"}", list, " ")
		for (i in list) days[i - 1] = list[i]
		split("\"unit\":\"tinh-kon-tum\";\"unit\":\"tinh-quang-ngai\";\"unit\":\"huyen-dak-glei\";\"name\":\"Chính phủ\"", list, ";")
		for (i in list) issuers[i - 1] = list[i]
		for (i = 1; i <= 60; i++) {
			line = sprintf("{\"type\":\"document\",\"id\":\"vb-%02d\",\"kind\":\"KH\",\"subject\":\"Văn bản %d\",\"issuer\":{%s}", i, i, issuers[draw(4)])
			if (draw(5)) line = line ",\"reference\":\"" number() "\""
			if (draw(5)) line = line ",\"date\":" day()
			for (n = draw(5); i > 1 && n > 0; n--) {
				if (draw(2)) cited = sprintf("\"document\":\"vb-%02d\"", 1 + draw(i < 12 ? i - 1 : 11))
				else cited = "\"reference\":\"" number() "\"" (draw(2) ? ",\"date\":" day() : "")
				line = line (line ~ /citations/ ? "," : ",\"citations\":[") "{" cited ",\"relation\":\"" (draw(2) ? "pursuant" : "implements") "\"}"
			}
			print line (line ~ /citations/ ? "]}" : "}")
		}
	}' >"$scratch/drawn.ndjson"
must luutru import "$scratch/drawn.ndjson"

change() { # id, body
	check "$1 is changed" 200 "$(as luutru --request PATCH --json "$2" --output "$scratch/changed" --write-out '%{http_code}' "$url/documents/$1")"
}
change vb-20 '{"citations":[{"document":"vb-03","relation":"amends"},{"reference":"15/KH-UBND","relation":"pursuant","note":"điều 2"}]}'
change vb-21 '{"citations":null}'
change vb-03 '{"reference":"15 / kh-ubnd","date":"2024-05-02"}'
change vb-40 '{"citations":[{"document":"vb-40","relation":"corrects"},{"document":"vb-03","relation":"annuls"},{"document":"vb-03","relation":"pursuant"}]}'

# --- the model ---------------------------------------------------------------------

for i in $(seq -w 60); do
	as luutru "$url/documents/vb-$i"
	echo
done | jq -s . >"$scratch/all"
check 'all of them are there' 60 "$(jq length "$scratch/all")"
cat >"$scratch/model.jq" <<'END'
def fold: ascii_downcase | gsub("Đ"; "d") | gsub("ố"; "o") | gsub("[ -]"; "");
def days: if . == null then {from: "0001-01-01", to: "9999-12-31"} elif type == "string" then {from: ., to: .} else . end;
def means($cited): .document == $cited.id or (.document == null and $cited.reference != null
	and (.reference | fold) == ($cited.reference | fold)
	and ((.date | days) as $a | ($cited.date | days) as $b | $a.from <= $b.to and $b.from <= $a.to));
def wanted($cited; $read): [.[] | {id, citations: [.citations[]? | select(means($cited))]} | select(.citations != [])]
	| (map(select(any(.citations[]; .document == $cited.id))) | sort_by(.id) | reverse)
		+ (map(select(all(.citations[]; .document != $cited.id))) | sort_by(.id) | reverse)
	| {documents: map(select($read[.id])), hidden: (map(select($read[.id] | not)) | length)};
END
# What a user is to see of each that he may read: a line a document.
model() { # the documents that he may read, as an object
	jq -cS --argjson read "$1" "$(cat "$scratch/model.jq")"'. as $all | $all[] | select($read[.id]) | . as $cited | $all | wanted($cited; $read)' "$scratch/all"
}
readable() { # login
	as "$1" --output "$scratch/ignored" --write-out '%{http_code}\n' "$url/documents/vb-[01-60]" |
		jq -Rn '[inputs | tonumber == 200] | to_entries | map({key: "vb-\(if .key < 9 then "0" else "" end)\(.key + 1)", value: .value}) | from_entries'
}
program='{documents: [.documents[] | {id, citations}], hidden: (.hidden // 0)}'

seen= hidden=
for role in $roles; do
	who=vai-$(echo "$role" | tr _ -)
	log_in "$who"
	readable "$who" >"$scratch/may"
	as "$who" --write-out '\n' "$url/documents/vb-[01-60]/citing?limit=100" >"$scratch/answers"
	jq -cS "select(.status == null) | $program" "$scratch/answers" >"$scratch/got"
	model "$(cat "$scratch/may")" >"$scratch/wanted"
	check "$role sees who cites what he may read, and how many more do" "$(sha256sum <"$scratch/wanted")" "$(sha256sum <"$scratch/got")"
	check "  and is refused the rest" "$(jq '[.[] | select(not)] | length' "$scratch/may")" \
		"$(jq -s '[.[] | select(.status == 403)] | length' "$scratch/answers")"
	seen="$seen$(jq -s 'any(.[]; .documents != [])' "$scratch/got") "
	hidden="$hidden$(jq -s 'any(.[]; .hidden > 0)' "$scratch/got") "
done
check 'some see who cites, some nothing of it' 'false true' "$(echo "$seen" | xargs -n 1 | sort -u | xargs)"
check '  some all of them, some a part' 'false true' "$(echo "$hidden" | xargs -n 1 | sort -u | xargs)"

# --- in pages ----------------------------------------------------------------------

in_pages() { # login, document, limit
	cursor=
	while :; do
		as "$1" "$url/documents/$2/citing?limit=$3${cursor:+&cursor=$cursor}" >"$scratch/page"
		jq -cS "$program | select((.documents | length) + .hidden <= $3)" "$scratch/page"
		cursor=$(jq -r '.next // empty' "$scratch/page")
		[ -n "$cursor" ] || break
	done | jq -cS -s '{documents: map(.documents[]), hidden: (map(.hidden) | add)}'
}
log_in vai-unit-clerk
readable luutru >"$scratch/may"
for limit in 1 3 7; do
	for i in $(seq -w 11); do
		in_pages luutru "vb-$i" $limit
	done >"$scratch/got"
	check "in pages of $limit it is the same" "$(model "$(cat "$scratch/may")" | head -11 | sha256sum)" "$(sha256sum <"$scratch/got")"
done
hers=$(readable vai-unit-clerk)
first=$(echo "$hers" | jq -r 'to_entries | map(select(.value)) | .[0].key')
check 'also with what is not shown' "$(model "$hers" | head -1)" "$(in_pages vai-unit-clerk "$first" 2)"
as luutru "$url/documents/vb-03/citing?limit=1" >"$scratch/page"
check 'a row says what the document is' '["citations","date","id","issuer_name","kind","reference","subject"]' \
	"$(jq -c '[.documents[] | keys[]] + ["date", "reference"] | unique' "$scratch/page")"
cursor=$(jq -r .next "$scratch/page")
check 'a cursor of another document is refused' '400 cursor' "$(as luutru "$url/documents/vb-04/citing?cursor=$cursor" | jq -r '"\(.status) \(.field)"')"
check 'and one of nothing' '400 cursor' "$(as luutru "$url/documents/vb-03/citing?cursor=khong" | jq -r '"\(.status) \(.field)"')"
check 'a document that is not there' 404 "$(as luutru "$url/documents/khong-co/citing" | jq .status)"

# --- a page is bounded, however many name the number and mean another --------------

{
	echo '{"type":"document","id":"goc","kind":"QĐ","reference":"1/QĐ-TTg","date":"2025-05-02","subject":"Gốc","issuer":{"name":"Thủ tướng Chính phủ"}}'
	echo '{"type":"document","id":"a-that","kind":"KH","subject":"Viện dẫn thật","issuer":{"unit":"tinh-kon-tum"},"citations":[{"reference":"1/qđ-ttg","date":"2025-05-02","relation":"implements"}]}'
	jq -nc 'range(1001) | {type: "document", id: "khac-\(.)", kind: "KH", subject: "Viện dẫn số khác", issuer: {unit: "tinh-kon-tum"},
		citations: [{reference: "1/QĐ-TTg", date: "2019-05-02", relation: "implements"}]}'
} >"$scratch/many.ndjson"
must luutru import "$scratch/many.ndjson"
as luutru "$url/documents/goc/citing" >"$scratch/page"
check 'a page ends where a thousand were passed over' '0 true' "$(jq -r '"\(.documents | length) \(.next != null)"' "$scratch/page")"
check 'and leads on to the one that means it' '{"documents":["a-that"],"hidden":0}' \
	"$(in_pages luutru goc 20 | jq -c '.documents |= map(.id)')"

stop_hosod
check 'what lies on the disk agrees with itself' 0 "$(code_of hosod --set "office.rules=$rules" fsck)"
finish
