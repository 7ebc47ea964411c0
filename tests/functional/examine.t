#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clerk asks `hoso verify` about signed files that openssl made: PDF,
# signatures with and beside their content, time-stamps.
: "${srcdir:=.}" "${builddir:=.}"
# shellcheck source=tests/functional/tap.sh
. "$srcdir/tests/functional/tap.sh"
need openssl jq od
hoso=$(cd "$builddir" && pwd)/hoso
tools=$(cd "$builddir" && pwd)/tests/tools
sources=$(cd "$srcdir" && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
# shellcheck source=tests/functional/signer.sh
. "$sources/tests/functional/signer.sh"

# One whom an authority vouches for, and its list of those who are revoked.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
	-out ca.pem -days 36500 -subj '/C=VN/CN=CA' -addext \
	keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout officer.key -subj '/C=VN/CN=Officer' 2>/dev/null |
	openssl x509 -req -CA ca.pem -CAkey ca.key -days 36000 -out officer.pem \
		-set_serial 7 2>/dev/null
cat >ca.conf <<END
[ca]
default_ca = all
[all]
database = $scratch/index
default_md = sha256
default_crl_days = 30
END
: >index
authority_ca() {
	openssl ca -config ca.conf -keyfile ca.key -cert ca.pem "$@" 2>/dev/null
}

# --- what is said -----------------------------------------------------------------

# Exit code, then the verdict's two words, or the codes that are asked for.
ask() { # file, options
	code=0
	"$hoso" --english --json verify "$@" >said 2>why || code=$?
}

verdict() { # file, options
	ask "$@"
	echo "$code" "$(jq -r '.findings[] | select(.code | startswith("verdict."))
		| .detail | split("; ") | .[0:2] | join(" ")' said)"
}

has() { # code
	jq "[.findings[].code] | index(\"$1\") != null" said
}

make_pdf decision.pdf ETSI.CAdES.detached
check 'a signed PDF passes where its signer is trusted' '0 TOTAL-PASSED B' \
	"$(verdict decision.pdf --trust clerk.pem)"
ask decision.pdf --trust clerk.pem
check '  it covers the whole file' true "$(has covers.file)"
check '  the signer is named in Vietnamese letters' true \
	"$(jq '[.findings[] | select(.code == "signer")
		| .detail | contains("CN=Lê Thị Sáu")] | any' said)"
check '  and the verdict is said in words' \
	'[đúng] #1: Kết luận: chữ ký số hợp lệ (TOTAL-PASSED; B)' \
	"$("$hoso" verify decision.pdf --trust clerk.pem | grep 'Kết luận')"
check '  as data it says who signed with what, and whom one trusts for it' \
	'TOTAL-PASSED CN=Lê Thị Sáu,O=UBND xã Thọ Xuân,C=VN B SHA-256 unknown' \
	"$(jq -r '.signatures[0] | [.indication, .anchor, .level, .digest,
		.revocation.state] | join(" ")' said)"
check 'without an anchor nothing passes, and nothing is called wrong' \
	'0 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' "$(verdict decision.pdf)"
mkdir anchors
{ echo 'Until: 2020-12-31'; cat clerk.pem; } >anchors/clerk.pem
check 'an anchor that is believed for other days vouches for nothing' \
	'8 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' \
	"$(verdict decision.pdf --trust anchors)"
{ echo 'Purpose: signer'; echo 'From: 2020-12-31'; cat clerk.pem; } \
	>anchors/clerk.pem
check 'a folder of anchors is believed for what each is marked for' \
	'0 TOTAL-PASSED B' "$(verdict decision.pdf --trust anchors)"
check 'with the anchor of another it is wrong' \
	'8 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' \
	"$(verdict decision.pdf --trust authority.pem)"
make_pdf acrobat.pdf adbe.pkcs7.detached
check 'a signature of the older kind passes as well' '0 TOTAL-PASSED B' \
	"$(verdict acrobat.pdf --trust clerk.pem)"

sed 's/595 842/842 595/' decision.pdf >changed.pdf
check 'a page that was turned is found' '8 TOTAL-FAILED HASH_FAILURE' \
	"$(verdict changed.pdf --trust clerk.pem)"
{
	cat decision.pdf
	printf '6 0 obj\n<< /Type /Page /Contents 7 0 R >>\nendobj\n'
} >longer.pdf
check 'a page that was added leaves what was signed, and is wrong' \
	'8 TOTAL-PASSED B' "$(verdict longer.pdf --trust clerk.pem)"
check '  since nobody signed it' 'true false' \
	"$(has changed.unsigned) $(has covers.file)"
sed 's/ByteRange \[0 0/ByteRange [1 0/' decision.pdf >moved.pdf
check 'a byte range that leaves out the begin signs nothing' \
	'8 TOTAL-FAILED FORMAT_FAILURE' "$(verdict moved.pdf --trust clerk.pem)"
sed 's/ByteRange/BiteRange/' decision.pdf >unsigned.pdf
ask unsigned.pdf
check 'a PDF without a signature is called so' '0 true' \
	"$code $(has file.unsigned)"

details() { # code
	jq -r ".findings[] | select(.code == \"$1\") | .detail" said
}

{
	cat decision.pdf
	yes '% /ByteRange []' | head -n 255
} >most.pdf
ask most.pdf --trust clerk.pem
check 'as many signatures as 256 are examined' '8 255 ' \
	"$code $(details signature.broken | grep -c .) $(details signature.unproved)"
{
	cat most.pdf
	echo '% /ByteRange []'
} >many.pdf
ask many.pdf --trust clerk.pem
check '  and that there are more is told, and wrong' \
	'8 more than 256 signatures; the first 256 were examined' \
	"$code $(details signature.unproved)"

# --- who was revoked ------------------------------------------------------------------

last_table() { # PDF
	tail -n 2 "$1" | head -n 1
}

# An update behind a signed PDF: a document security store.
add_store() { # PDF, out, .pem and .crl files
	older=$1
	out=$2
	shift 2
	cp "$older" "$out"
	number=10
	certificates=''
	lists=''
	: >rows
	for file; do
		case $file in
		*.pem)
			openssl x509 -in "$file" -outform DER -out stream
			certificates="$certificates $number 0 R"
			;;
		*.crl)
			openssl crl -in "$file" -outform DER -out stream
			lists="$lists $number 0 R"
			;;
		esac
		printf '%010d 00000 n \n' "$(wc -c <"$out")" >>rows
		{
			printf '%d 0 obj\n<< /Length %d >>\nstream\n' "$number" \
				"$(wc -c <stream)"
			cat stream
			printf '\nendstream\nendobj\n'
		} >>"$out"
		number=$((number + 1))
	done
	store=$(wc -c <"$out")
	printf '7 0 obj\n<< /Certs [%s] /CRLs [%s] >>\nendobj\n' "$certificates" \
		"$lists" >>"$out"
	table=$(wc -c <"$out")
	{
		printf 'xref\n7 1\n%010d 00000 n \n10 %d\n' "$store" "$#"
		cat rows
		printf 'trailer\n<< /Root 1 0 R /Size %d /Prev %d >>\n' "$number" \
			"$(last_table "$older")"
		printf 'startxref\n%d\n%%%%EOF\n' "$table"
	} >>"$out"
}

signer=officer
make_pdf vouched.pdf ETSI.CAdES.detached
signer=clerk
check 'who was revoked is not known, and nothing passes' \
	'0 INDETERMINATE TRY_LATER' "$(verdict vouched.pdf --trust ca.pem)"
authority_ca -gencrl -out good.crl
add_store vouched.pdf vouched-store.pdf good.crl
check 'a list in the document tells that the signer was not' \
	'0 TOTAL-PASSED B' "$(verdict vouched-store.pdf --trust ca.pem)"
check '  and that is said' true "$(has revocation.good)"
authority_ca -revoke officer.pem
authority_ca -gencrl -out bad.crl
add_store vouched.pdf revoked-store.pdf bad.crl
check 'a list that has the signer tells that he was' \
	'8 INDETERMINATE REVOKED_NO_POE' \
	"$(verdict revoked-store.pdf --trust ca.pem)"
check '  and that is said' true "$(has revoked)"

# Between the signer and the anchor is one whom the signature does not bring.
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout middle.key -subj '/C=VN/CN=Middle' 2>/dev/null >middle.csr
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n' \
	>middle.ext
openssl x509 -req -in middle.csr -CA ca.pem -CAkey ca.key -days 36000 \
	-set_serial 8 -extfile middle.ext -out middle.pem 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout junior.key -subj '/C=VN/CN=Junior' 2>/dev/null |
	openssl x509 -req -CA middle.pem -CAkey middle.key -days 36000 \
		-out junior.pem -set_serial 9 2>/dev/null
authority_ca -keyfile middle.key -cert middle.pem -gencrl -out middle.crl
signer=junior
make_pdf junior.pdf ETSI.CAdES.detached
signer=clerk
add_store junior.pdf junior-lists.pdf middle.crl good.crl
check 'without the one between there is no chain' \
	'8 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' \
	"$(verdict junior-lists.pdf --trust ca.pem)"
add_store junior.pdf junior-store.pdf middle.pem middle.crl good.crl
check '  with that one in the document there is' '0 TOTAL-PASSED B' \
	"$(verdict junior-store.pdf --trust ca.pem)"
add_store junior.pdf junior-root.pdf ca.pem middle.pem middle.crl good.crl
check '  and one in the document is no anchor by that' \
	'8 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' \
	"$(verdict junior-root.pdf --trust clerk.pem)"

# --- what a time-stamp of the document covers ---------------------------------------

later_catalog() {
	printf '1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AcroForm << '
	printf '/Fields [4 0 R 8 0 R] /SigFlags 3 >> >>\nendobj\n'
}

later_page() {
	printf '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] '
	printf '/Annots [4 0 R 8 0 R] >>\nendobj\n'
}

later_field() {
	printf '8 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Dau) '
	printf '/V 9 0 R /Rect [0 0 0 0] /P 3 0 R >>\nendobj\n'
}

later_head() { # byte range
	cat "$before"
	later_catalog
	later_page
	later_field
	printf '9 0 obj\n<< /Type /DocTimeStamp /Filter /Adobe.PPKLite '
	printf '/SubFilter /ETSI.RFC3161 /ByteRange [%s] /Contents ' "$1"
}

later_tail() {
	printf ' >>\nendobj\n'
	catalog=$(wc -c <"$before")
	page=$((catalog + $(later_catalog | wc -c)))
	field=$((page + $(later_page | wc -c)))
	printf 'xref\n1 1\n%010d 00000 n \n3 1\n%010d 00000 n \n' "$catalog" "$page"
	printf '8 2\n%010d 00000 n \n%010d 00000 n \n' "$field" \
		$((field + $(later_field | wc -c)))
	printf 'trailer\n<< /Root 1 0 R /Size 10 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n' \
		"$(last_table "$before")" $((end + 11))
}

add_stamp() { # PDF, out
	before=$1
	enclose "$2" later_head later_tail stamp
}

add_stamp vouched-store.pdf stamped-store.pdf
check 'a time-stamp over a list that tells makes the last level' \
	'0 TOTAL-PASSED LTA' \
	"$(verdict stamped-store.pdf --trust ca.pem --tsa-trust authority.pem)"
add_stamp vouched.pdf stamped.pdf
add_store stamped.pdf store-stamped.pdf good.crl
check '  and a list behind the time-stamp the one before it' \
	'0 TOTAL-PASSED LT' \
	"$(verdict store-stamped.pdf --trust ca.pem --tsa-trust authority.pem)"
check '  as does one whose authority nobody vouches for' '0 TOTAL-PASSED B' \
	"$(verdict stamped-store.pdf --trust ca.pem --tsa-trust clerk.pem)"

# --- signatures and time-stamps of their own ------------------------------------------

printf 'Quyết định số 01/QĐ-UBND\n' >decision.txt
printf 'Quyết định số 02/QĐ-UBND\n' >other.txt
sign <decision.txt >decision.p7s
check 'a signature beside its content passes' '0 TOTAL-PASSED B' \
	"$(verdict decision.p7s --content decision.txt --trust clerk.pem)"
check '  over another content it fails' '8 TOTAL-FAILED HASH_FAILURE' \
	"$(verdict decision.p7s --content other.txt --trust clerk.pem)"
check '  and without one it says what is missing' \
	'8 INDETERMINATE SIGNED_DATA_NOT_FOUND' \
	"$(verdict decision.p7s --trust clerk.pem)"
cat clerk.pem authority.pem >both.pem
"$tools/countersign" decision.p7s authority.pem authority.key >counter.p7s
check 'a counter-signature passes at a place of its own' \
	'0 TOTAL-PASSED B/TOTAL-PASSED B/#1 #1.1' \
	"$(verdict counter.p7s --content decision.txt --trust both.pem |
		tr '\n' /)$(jq -r '[.signatures[].place] | join(" ")' said)"
check '  which says what it signs' \
	'[ghi nhận] #1.1: Chữ ký xác nhận: ký lên một chữ ký khác, không ký lên nội dung (#1)' \
	"$("$hoso" verify counter.p7s --content decision.txt | grep 'xác nhận')"
check '  of somebody whom nobody trusts it makes the file bad' \
	'8 TOTAL-PASSED B/INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND/' \
	"$(verdict counter.p7s --content decision.txt --trust clerk.pem |
		tr '\n' /)"
sign -nodetach <decision.pdf >decision.p7m
check 'a signature around a PDF passes' '0 TOTAL-PASSED B' \
	"$(verdict decision.p7m --trust clerk.pem)"
set --
for i in $(seq 65); do
	openssl req -x509 -key clerk.key -out "crowd$i.pem" -days 36500 \
		-subj "/CN=$i" -addext keyUsage=critical,nonRepudiation
	set -- "$@" -signer "crowd$i.pem" -inkey clerk.key
	cat "crowd$i.pem" >>crowd.pem
done
openssl cms -sign -binary -cades -nosmimecap -outform DER "$@" <decision.txt \
	>crowd.p7s
ask crowd.p7s --content decision.txt --trust crowd.pem
check 'of more than 64 signers none is passed over in silence' \
	'8 65 signers; the first 64 were examined' \
	"$code $(details signature.unproved)"
check '  nor is the verdict that of the others' INDETERMINATE \
	"$(jq -r .verdict said)"
check '  though all who were examined signed it' 64 \
	"$(details verdict.passed | grep -c .)"
check '  beside another content it fails' '8 TOTAL-FAILED HASH_FAILURE' \
	"$(verdict decision.p7m --content other.txt --trust clerk.pem)"
check '  and beside its own it passes' '0 TOTAL-PASSED B' \
	"$(verdict decision.p7m --content decision.pdf --trust clerk.pem)"
stamp <decision.txt >decision.tst
ask decision.tst --content decision.txt --trust authority.pem
check 'a time-stamp proves its time' '0 true' "$code $(has time.proved)"
ask decision.tst --content other.txt --trust authority.pem
check '  over another content it is false' '8 true' \
	"$code $(has timestamp.false)"

# --- what is none of these --------------------------------------------------------------

ask decision.txt
check 'a text is no signed file, and that is said' \
	'1 hoso: decision.txt is no container, PDF, signature, time-stamp, evidence record or receipt' \
	"$code $(cat why)"
: >empty
ask empty
check 'nor is an empty file' 1 "$code"
ask decision.p7s --content nowhere
check 'a content that is not there is named' '4 hoso: there is no file nowhere' \
	"$code $(cat why)"

end_checks
