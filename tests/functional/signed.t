#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Signed files come into a dossier: the server examines each in a process of
# its own, by the anchors in its folder, keeps what it found as a record, and
# seals that with the dossier.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq openssl od unzip xmllint
sources=$(cd "$srcdir" && pwd)
built=$(cd "$builddir" && pwd)
mkdir "$scratch/desk"
cd "$scratch/desk" || exit 1
builddir=$built
srcdir=$sources
# shellcheck source=tests/functional/signer.sh
. "$srcdir/tests/functional/signer.sh"

make_archive
check 'an archive has a folder for trust anchors' 0 \
	"$(find "$scratch/data/trust" -type f | wc -l)"
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
start_hosod
enter luutru

dossier=hs-co-chu-ky
cat >new.json <<END
{"id":"$dossier","kind":"merit","title":"Khen thưởng thôn Xốp Nghét","unit":"xa-xop-2025","date":"2025-08-01"}
END
must luutru dossier new --file new.json
make_pdf 'Quyết định.pdf' ETSI.CAdES.detached
sed 's/595 842/842 595/' 'Quyết định.pdf' >'Bản bị sửa.pdf'
echo 'Đề nghị tặng Giấy khen.' >'Tờ trình.txt'
sign -outform DER <'Tờ trình.txt' >'Tờ trình.txt.p7s'

files() { # jq filter
	must luutru dossier signatures $dossier --json
	jq -r "$1" "$scratch/must"
}

state_of() { # file
	files ".files[] | select(.name == \"$1\") | .state"
}

examined() { # file
	[ "$(state_of "$1")" = examined ]
}

verdict_of() { # file
	files ".files[] | select(.name == \"$1\") | .examination |
		[.verdict, .signatures[0].reason // \"-\", .rev] | join(\" \")"
}

add() { # file
	must luutru dossier add $dossier "$1" --code C_KHAC
}

add 'Quyết định.pdf'
await examined 'Quyết định.pdf'
check 'without anchors nobody is believed' \
	'INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND 1' \
	"$(verdict_of 'Quyết định.pdf')"

# --- anchors that come later -------------------------------------------------------

passes() {
	[ "$(verdict_of 'Quyết định.pdf')" = 'TOTAL-PASSED - 2' ]
}

{ echo 'Until: 31/12/2020'; cat clerk.pem; } >"$scratch/data/trust/clerk.pem"
kill -HUP "$server"
check 'a mark of an anchor that is none is told by file and line' 0 \
	"$(await_log 'trust.broken.*clerk.pem: line 1: a day is written' && echo 0)"
{ echo 'Purpose: signer'; cat clerk.pem; } >"$scratch/data/trust/clerk.pem"
kill -HUP "$server"
await passes
check 'once there is an anchor, what was not sure is examined anew' \
	'TOTAL-PASSED - 2' "$(verdict_of 'Quyết định.pdf')"
check '  who signed is data' 'CN=Lê Thị Sáu,O=UBND xã Thọ Xuân,C=VN B #1' \
	"$(files '.files[0].examination.signatures[0] |
		[.signer.subject, .level, .place] | join(" ")')"

figure() { # name
	as quantri "${url%/api/v1}/metrics" | sed -n "s/^$1 //p"
}

# --- other files ---------------------------------------------------------------------

add 'Bản bị sửa.pdf'
add 'Tờ trình.txt.p7s'
await examined 'Bản bị sửa.pdf'
check 'what was changed after it was signed fails' \
	'TOTAL-FAILED HASH_FAILURE 1' "$(verdict_of 'Bản bị sửa.pdf')"
await examined 'Tờ trình.txt.p7s'
check 'a signature whose content is not there cannot be judged' \
	'INDETERMINATE SIGNED_DATA_NOT_FOUND 1' "$(verdict_of 'Tờ trình.txt.p7s')"

is_judged() {
	[ "$(verdict_of 'Tờ trình.txt.p7s')" = 'TOTAL-PASSED - 2' ]
}

is_over() { # file
	[ "$(state_of "$1")" != waiting ]
}

add 'Tờ trình.txt'
await is_judged
check 'it is judged over its content as soon as that comes' \
	'TOTAL-PASSED - 2' "$(verdict_of 'Tờ trình.txt.p7s')"
check '  and says which that was' 'Tờ trình.txt' \
	"$(files '.files[] | select(.name == "Tờ trình.txt.p7s")
		| .examination.content.name')"
await is_over 'Tờ trình.txt'
check 'a text is no signed file' none "$(state_of 'Tờ trình.txt')"
must luutru dossier signatures $dossier
check 'a clerk reads it in words' \
	'  [đúng] #1: Kết luận: chữ ký số hợp lệ (TOTAL-PASSED; B)' \
	"$(grep -m 1 'Kết luận' "$scratch/must")"

# --- a document ------------------------------------------------------------------------

printf '%s' '{"kind":"QĐ","subject":"Tặng Giấy khen","issuer":{"unit":"xa-xop-2025"},
	"attachments":[{"name":"a.pdf","media_type":"application/pdf","part":"a"}]}' >document
log_in luutru
check 'a file that comes with its document in one request is examined' 201 \
	"$(as luutru -o "$scratch/made" -w '%{http_code}' -F 'record=<document;type=application/json' \
		-F 'a=@Quyết định.pdf' "$url/documents")"

# --- an examiner that fails --------------------------------------------------------------

stop_hosod
cat >broken <<'END'
#!/bin/sh
kill -SEGV $$
END
chmod +x broken
start_hosod --set office.examiner="$PWD/broken"
enter luutru
make_pdf crash.pdf adbe.pkcs7.detached
add crash.pdf
await examined crash.pdf
check 'a file that the examiner dies of is called unproved, not valid' \
	'false INDETERMINATE signature.unproved' \
	"$(files '.files[] | select(.name == "crash.pdf") | .examination |
		[.good, .verdict // "-", .findings[0].code] | join(" ")')"
check '  and the reason is told' true \
	"$(files '.files[] | select(.name == "crash.pdf") | .examination.findings[0].english
		| contains("crashed with signal 11")')"
stop_hosod
start_hosod --set office.examiner="$PWD/nowhere"
enter luutru
make_pdf later.pdf adbe.pkcs7.detached
add later.pdf
await_log 'examine.waiting.*tries=1'
check 'where the examiner cannot be started the file waits' waiting \
	"$(state_of later.pdf)"
log_in quantri
one_waits() {
	[ "$(figure hoso_examine_waiting)" = 1 ]
}
await one_waits
check '  and the figures say that one does' 1 "$(figure hoso_examine_waiting)"
check '  since when it came' yes "$([ "$(figure hoso_examine_oldest_waiting_seconds)" -le 600 ] && echo yes)"
stop_hosod

# --- in the container ----------------------------------------------------------------------

start_hosod
enter luutru
file_past luutru $dossier xa-xop-2025 2025-08-01
must luutru seal $dossier --output "$scratch/goi.asice"
check 'sealing examines what still waits' examined "$(state_of later.pdf)"
log_in quantri
nothing_waits() {
	[ "$(figure hoso_examine_waiting)" = 0 ]
}
await nothing_waits
check '  and the figures say that nothing does' '0 0' \
	"$(figure hoso_examine_waiting) $(figure hoso_examine_oldest_waiting_seconds)"
check 'the container holds what was found, file by file' 5 \
	"$(unzip -Z1 "$scratch/goi.asice" | grep -c 'records/examination-.*\.json$')"
unzip -p "$scratch/goi.asice" '*/PREMIS_rep1.xml' >premis.xml
unzip -p "$scratch/goi.asice" '*/PREMIS.xsd' >PREMIS.xsd
value=$(files '.files[] | select(.name == "Quyết định.pdf") | .examination.signatures[0].value')
told_of() { # file, element: what PREMIS has there, one a line
	tr -d '\n' <premis.xml | sed 's#</object>#&\n#g' | grep -F "<originalName>$1<" |
		grep -oE "<($2)>[^<]*<" | sed 's/.*>\(.*\)</\1/'
}
check '  and PREMIS has the signature itself, and what is known of it' \
	"Base64 CN=Lê Thị Sáu,O=UBND xã Thọ Xuân,C=VN ECDSA-SHA256 $value" \
	"$(told_of 'Quyết định.pdf' 'signature(Encoding|Method|Value)|signer' | paste -sd ' ')"
check '  verdict and level among that' 'verdict: TOTAL-PASSED level: B' \
	"$(told_of 'Quyết định.pdf' signatureProperties | grep -E '^(verdict|level)' | paste -sd ' ')"
check '  of a signature of its own, too' 'verdict: TOTAL-PASSED' \
	"$(told_of 'Tờ trình.txt.p7s' signatureProperties | grep ^verdict)"
check '  where one is broken, that it is' '0 1' \
	"$(told_of 'Bản bị sửa.pdf' signatureValue | wc -l) $(grep -c '<eventOutcome>fail<' premis.xml)"
check '  and it is what its schema says' 0 \
	"$(code_of xmllint --noout --nonet --schema PREMIS.xsd premis.xml)"
must luutru audit key
cp "$scratch/must" "$scratch/key"
check '  with receipts that prove it' 0 \
	"$(code_of hoso luutru verify "$scratch/goi.asice" --trust "$scratch/data/keys/seal.crt" \
		--key "$scratch/key")"
stop_hosod
check 'the checker finds nothing' 0 "$(code_of hosod fsck)"
grep -v ' 0$' "$scratch/said" | head -5 | sed 's/^/# /'
finish
