#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The trail of a record: every revision of it and of what belongs to it, with
# the entry of the log that tells of it and a receipt of that, in pages, for
# whoever may read the record, and nothing of what else the entry tells.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq sha256sum

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
add_user xakhac unit_head:xa-dak-pek-2025
add_user hoidong council_member:xa-xop-2025
add_user thanhtra auditor
start_hosod
for login in luutru xakhac hoidong thanhtra quantri; do
	log_in "$login"
done
enter luutru

dossier=hs-dau-vet
jq -nc --arg id $dossier '{type: "dossier", id: $id, kind: "merit", title: "Hồ sơ có dấu vết", unit: "xa-xop-2025",
	date: "2025-08-01"}' >"$scratch/dossier.ndjson"
must luutru import "$scratch/dossier.ndjson"
as luutru --request PATCH --json '{"title":"Hồ sơ có dấu vết, sửa tên","code":"HS-7"}' "$url/dossiers/$dossier" >"$scratch/body"
as luutru --request PATCH --json '{"code":null}' "$url/dossiers/$dossier" >"$scratch/body"
echo 'Tờ trình' >"$scratch/to-trinh.txt"
must luutru dossier add $dossier "$scratch/to-trinh.txt" --code C_TOTRINH
file_past luutru $dossier xa-xop-2025 2025-08-01
must luutru seal $dossier --output "$scratch/sealed.asice"

get() { # login, path; prints the status, leaves $scratch/body
	as "$1" --output "$scratch/body" "$url/$2"
	status
}
told() { # jq's path
	jq -c "$1" "$scratch/body"
}

# --- all of it -----------------------------------------------------------------------

check 'who may read the dossier reads its trail' 200 "$(get luutru dossiers/$dossier/history)"
cp "$scratch/body" "$scratch/trail"
check 'it has every entry once, the newest first' true \
	"$(told '[.revisions[].entry] | . == (unique | reverse)')"
check '  and there is no more of it' null "$(told .next)"
check 'what belongs to it is told of as well' '["document/qd-hs-dau-vet"]' \
	"$(told '[.revisions[].object | select(startswith("dossier/") | not)]')"
check '  and says what it is' '"Về việc tặng Giấy khen"' "$(told '.revisions[] | select(.object == "document/qd-hs-dau-vet").about.subject')"

# The rest is about its own revisions.
jq -c '.revisions |= map(select(.object == "dossier/hs-dau-vet"))' "$scratch/trail" >"$scratch/body"
cp "$scratch/body" "$scratch/own"
rows=$(jq '.revisions | length' "$scratch/own")
check 'it has every revision, the newest first' true \
	"$(told '[.revisions[].rev] == ([range(1; .revisions[0].rev + 1)] | reverse)')"
check 'each says what was done' \
	'["package.seal","dossier.step","decision.new","dossier.edit","dossier.edit","dossier.edit","dossier.new"]' \
	"$(told '[.revisions[].act]')"
check '  and what it changed, as against the one before' '["code","title"]' "$(told '.revisions[5].changed | sort')"
check '  also what it took away' '["code"]' "$(told '.revisions[4].changed')"
check '  nothing by being the first' '[]' "$(told '.revisions[6].changed')"
check 'a new status is named where it came' '["archived","closed","decided",null,null,null,"draft"]' \
	"$(told '[.revisions[].status]')"
check 'each says when and by whom' true "$(told 'all(.revisions[]; .at > 0 and (.by | length) > 0)')"

wrong=
checked=0
for rev in $(seq "$rows"); do
	as luutru --output "$scratch/revision" "$url/dossiers/$dossier?rev=$rev"
	sum=$(sha256sum "$scratch/revision" | cut -d ' ' -f 1)
	leaf=$(jq -r ".revisions[] | select(.rev == $rev).leaf" "$scratch/own")
	echo "$leaf" | jq -e --arg of "dossier/$dossier" --arg sum "$sum" --argjson rev "$rev" \
		'[., .also[]?] | any(.object == $of and .rev == $rev and .sha256 == $sum)' >/dev/null ||
		wrong="$wrong leaf:$rev"
	as luutru --output "$scratch/receipt" "$url/dossiers/$dossier/history/$rev/receipt"
	[ "$(status)" = 200 ] || wrong="$wrong receipt:$rev"
	[ "$(jq -r .leaf "$scratch/receipt")" = "$leaf" ] || wrong="$wrong other-leaf:$rev"
	[ "$(jq .index "$scratch/receipt")" = "$(jq ".revisions[] | select(.rev == $rev).entry" "$scratch/own")" ] ||
		wrong="$wrong other-entry:$rev"
	as thanhtra --output "$scratch/key" "$url/audit/key"
	"$builddir/hoso" verify-receipt "$scratch/receipt" --key "$scratch/key" >"$scratch/said" 2>&1 ||
		wrong="$wrong not-proved:$rev"
	checked=$((checked + 1))
done
check 'each entry holds the SHA-256 of its revision, and its receipt is proved' '' "$wrong"
check '  of every revision' "$rows" "$checked"

# --- pages ---------------------------------------------------------------------------

path="dossiers/$dossier/history?limit=3"
pages=0
: >"$scratch/gathered"
while [ -n "$path" ] && [ $pages -lt 9 ]; do
	[ "$(get luutru "$path")" = 200 ] || break
	jq -c '.revisions[]' "$scratch/body" >>"$scratch/gathered"
	next=$(jq -r '.next // ""' "$scratch/body")
	path=${next:+dossiers/$dossier/history?limit=3&cursor=$next}
	pages=$((pages + 1))
done
check 'in pages it is three' 3 "$pages"
check '  with the same rows' "$(jq -c '.revisions[]' "$scratch/trail" | sha256sum)" "$(sha256sum <"$scratch/gathered")"
wrong=
for bad in cursor=x cursor=-1 limit=0 limit=101 limit= other=1; do
	code=$(get luutru "dossiers/$dossier/history?$bad")
	[ "$code" = 400 ] || wrong="$wrong $bad:$code"
done
check 'a page that cannot be is refused' '' "$wrong"
wrong=
for bad in 0 99 x -1 01 1x 99999999999999999999; do
	code=$(get luutru "dossiers/$dossier/history/$bad/receipt")
	[ "$code" = 404 ] || wrong="$wrong $bad:$code"
done
check 'a revision that is none has no receipt' '' "$wrong"

# --- who -----------------------------------------------------------------------------

check 'the auditor may' 200 "$(get thanhtra dossiers/$dossier/history)"
check 'another commune may not' 403 "$(get xakhac dossiers/$dossier/history)"
check '  nor have a receipt' 403 "$(get xakhac dossiers/$dossier/history/1/receipt)"
check 'nor may who keeps the machine' 403 "$(get quantri dossiers/$dossier/history)"
check 'nobody may without a log-in' 401 \
	"$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/dossiers/$dossier/history")"
check 'a dossier that is not there has no trail' 404 "$(get luutru dossiers/hs-khong-co/history)"

# A decision's entry names its grants as well.
check 'who may read the dossier and not its decision' '200 403' \
	"$(get hoidong dossiers/$dossier/history) $(get hoidong decisions/q-$dossier)"
get hoidong dossiers/$dossier/history >/dev/null
check '  sees where the entry is, and not what it says' '[true,false]' \
	"$(told '.revisions[] | select(.act == "decision.new") | [(.entry > 0), has("leaf")]')"
check '  and everything of the others' 6 "$(told '[.revisions[] | select(has("leaf"))] | length')"
check '  has no receipt of it' 403 "$(get hoidong dossiers/$dossier/history/5/receipt)"
check '  and has those of the others' 200 "$(get hoidong dossiers/$dossier/history/1/receipt)"

# --- what belongs to it ------------------------------------------------------------------

grant=q-$dossier-001
check 'a line of its decision is revoked' 200 "$(as luutru --output "$scratch/body" \
	--json '{"reason":"Kê khai không đúng thành tích","date":"2025-10-01"}' "$url/grants/$grant/revocation"; status)"
printf '%%PDF-1.4\n' >"$scratch/khong-phai.pdf"
must luutru import - <<END
{"type":"dossier","id":"hs-co-tep","kind":"merit","title":"Hồ sơ có tệp","unit":"xa-xop-2025","date":"2025-08-01"}
END
must luutru dossier add hs-co-tep "$scratch/khong-phai.pdf" --code C_KHAC
examined() {
	get luutru dossiers/hs-co-tep/examinations >/dev/null
	[ "$(told '.files[0].state')" = '"examined"' ]
}
await examined || echo '# the file was not examined'

check 'the auditor reads the trail with it' 200 "$(get thanhtra dossiers/$dossier/history)"
check '  first of all' "[\"decision.revoke\",\"grant/$grant\",2]" "$(told '.revisions[0] | [.act,.object,.rev]')"
check '  by whom, when, what of it' true "$(told '.revisions[0] | (.by | length) > 0 and .at > 0 and (.changed | sort) == ["revocation","state"]')"
check '  what it is' '["commend_commune","Thôn Xốp Nghét"]' "$(told '.revisions[0].about | [.award,.subject.name]')"
check 'the entry that made it stands once, under the dossier' "[\"dossier/$dossier\"]" \
	"$(told '[.revisions[] | select(.act == "decision.new").object]')"
leaf=$(jq -r '.revisions[0].leaf' "$scratch/body")
entry=$(jq '.revisions[0].entry' "$scratch/body")
check 'its receipt is had by the dossier' 200 "$(get thanhtra "dossiers/$dossier/history/2/receipt?of=grant/$grant")"
check '  of that entry' "$entry" "$(told .index)"
check '  and of those words' "$leaf" "$(jq -r .leaf "$scratch/body")"
check '  and is proved' 0 "$(code_of "$builddir/hoso" verify-receipt "$scratch/body" --key "$scratch/key")"
sum=$(as thanhtra "$url/grants/$grant?rev=2" | sha256sum | cut -d ' ' -f 1)
check '  and names the bytes of the grant' "$sum" "$(echo "$leaf" | jq -r .sha256)"
check 'the trail of the decision has it, too' "[\"grant/$grant\",$entry]" \
	"$(get thanhtra decisions/q-$dossier/history >/dev/null; told '.revisions[0] | [.object,.entry]')"
check '  and its document' "[\"document/qd-$dossier\"]" "$(told '[.revisions[] | select(.act == "document.write").object]')"
check 'who may not read the grant sees nothing of it' 0 \
	"$(get hoidong dossiers/$dossier/history >/dev/null; told '[.revisions[] | select(.object | startswith("grant/"))] | length')"
check '  nor has its receipt' 404 "$(get hoidong "dossiers/$dossier/history/2/receipt?of=grant/$grant")"
wrong=
for bad in "2/receipt?of=grant/q-khac-001" "2/receipt?of=grant" "2/receipt?of=" "9/receipt?of=grant/$grant" \
	"1/receipt?of=user/luutru"; do
	code=$(get thanhtra "dossiers/$dossier/history/$bad")
	[ "$code" = 404 ] || wrong="$wrong $bad:$code"
done
check 'a receipt of what does not belong to it is not had here' '' "$wrong"

check 'what was found in a file is told' '["file.examine","khong-phai.pdf"]' \
	"$(get luutru dossiers/hs-co-tep/history >/dev/null; told '.revisions[0] | [.act,.about.name]')"
object=$(jq -r '.revisions[0].object' "$scratch/body")
check '  with its receipt' 200 "$(get luutru "dossiers/hs-co-tep/history/1/receipt?of=$object")"

# One row a page, from the newest to the oldest, is the same.
get thanhtra dossiers/$dossier/history >/dev/null
jq -c '.revisions[]' "$scratch/body" >"$scratch/whole"
path="dossiers/$dossier/history?limit=1"
: >"$scratch/gathered"
while [ -n "$path" ] && [ "$(get thanhtra "$path")" = 200 ]; do
	jq -c '.revisions[]' "$scratch/body" >>"$scratch/gathered"
	next=$(jq -r '.next // ""' "$scratch/body")
	path=${next:+dossiers/$dossier/history?limit=1&cursor=$next}
done
check 'row by row it is the same' "$(sha256sum <"$scratch/whole")" "$(sha256sum <"$scratch/gathered")"

# --- other kinds -----------------------------------------------------------------------

check 'a document has a trail' 200 "$(get luutru documents/qd-$dossier/history)"
check '  of one act' '["document.write"]' "$(told '[.revisions[].act]')"
check '  with its receipt' 200 "$(get luutru documents/qd-$dossier/history/1/receipt)"
check 'so has a decision' 200 "$(get luutru decisions/q-$dossier/history)"
check '  whose entry is that of its dossier' \
	"$(jq '.revisions[] | select(.act == "decision.new").entry' "$scratch/trail")" "$(told '.revisions[] | select(.act == "decision.new").entry')"
check '  for whoever may read it' 403 "$(get hoidong decisions/q-$dossier/history)"

# --- the log itself --------------------------------------------------------------------

kept() { # path
	as thanhtra --output "$scratch/body" --write-out '%{http_code} %header{cache-control}' "$url/audit/$1"
}

check 'a full tile never changes, and is kept by who was let in alone' \
	'200 private, max-age=31536000, immutable' "$(kept tile/0/000)"
check '  nobody else is' 403 "$(get hoidong audit/tile/0/000)"
finish
