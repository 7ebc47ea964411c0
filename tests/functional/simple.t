#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clerk asks `hoso verify` about containers of one file (ASiC-S) that others
# made with openssl, and `hoso package` takes none of them for a dossier.
: "${srcdir:=.}" "${builddir:=.}"
# shellcheck source=tests/functional/tap.sh
. "$srcdir/tests/functional/tap.sh"
need openssl jq od unzip
hoso=$(cd "$builddir" && pwd)/hoso
tools=$(cd "$builddir" && pwd)/tests/tools
sources=$(cd "$srcdir" && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
# shellcheck source=tests/functional/signer.sh
. "$sources/tests/functional/signer.sh"

printf 'application/vnd.etsi.asic-s+zip' >simple
printf 'application/vnd.etsi.asic-e+zip' >extended
printf 'Quyết định số 01/QĐ-UBND\n' >decision.txt
printf 'Quyết định số 02/QĐ-UBND\n' >other.txt
printf '<asic:XAdESSignatures/>' >xades
sign <decision.txt >decision.p7s
stamp <decision.txt >decision.tst
set -- META-INF/signature.p7s decision.p7s META-INF/timestamp.tst decision.tst

pack() { # out, members
	"$tools/pack" "$@"
}

# Exit code, kind and verdict; the codes that are wrong or doubted.
ask() { # file
	code=0
	"$hoso" --english --json verify "$1" --trust clerk.pem \
		--tsa-trust authority.pem >said 2>why || code=$?
	echo "$code" "$(jq -r '.kind + " " + (.verdict // "-")' said)"
}

wrong() {
	jq -r '[.findings[] | select(.grade == "failed" or .grade == "doubted")
		| .code] | unique | join(" ")' said
}

pack decision.asics mimetype simple 'quyết định.txt' decision.txt "$@"
check 'a file with its signature and a time-stamp passes' \
	'0 container TOTAL-PASSED' "$(ask decision.asics)"
check '  the signature has its place, its signer and its level' \
	'META-INF/signature.p7s#1 TOTAL-PASSED B CN=Lê Thị Sáu,O=UBND xã Thọ Xuân,C=VN' \
	"$(jq -r '.signatures | map([.place, .indication, .level,
		.signer.subject] | join(" ")) | join("; ")' said)"
check '  the time-stamp proves its time' META-INF/timestamp.tst \
	"$(jq -r '.findings[] | select(.code == "time.proved") | .member' said)"
check '  and that it is no dossier of hoso is said in words' 1 \
	"$("$hoso" verify decision.asics --trust clerk.pem |
		grep -c 'Gói ASiC-S: một tệp và những gì chứng thực tệp đó')"
pack bare.zip decision.txt decision.txt META-INF/signature.p7s decision.p7s
check 'without a mimetype it is the same' '0 container TOTAL-PASSED' \
	"$(ask bare.zip)"

pack changed.asics mimetype simple decision.txt other.txt "$@"
check 'another file under the signature fails' '8 container TOTAL-FAILED' \
	"$(ask changed.asics)"
check '  and so does the time-stamp' \
	'signature.false timestamp.false verdict.failed' "$(wrong)"
pack two.asics mimetype simple decision.txt decision.txt b.txt other.txt "$@"
check 'of two files neither is signed' '8 container INDETERMINATE' \
	"$(ask two.asics)"
check '  which is told' \
	'object.surplus signature.unproved verdict.open' "$(wrong)"
pack nested.asics mimetype simple decision.txt decision.txt \
	phu-luc/b.txt other.txt "$@"
check 'nor is one beside a file in a folder' '8 container INDETERMINATE' \
	"$(ask nested.asics)"
check '  which is told' \
	'object.surplus signature.unproved verdict.open' "$(wrong)"
pack liar.asics mimetype extended decision.txt decision.txt "$@"
check 'one that says to be an ASiC-E has no verdict' '8 container -' \
	"$(ask liar.asics)"
check '  but no signed manifest' 'file.unprotected manifest.missing' "$(wrong)"
pack xades.asics mimetype simple decision.txt decision.txt \
	META-INF/signatures.xml xades
check 'XAdES is told as not examined' '0 container INDETERMINATE' \
	"$(ask xades.asics)"
check '  and nothing passes' 'file.unexamined signature.unexamined verdict.open' \
	"$(wrong)"

# --- a dossier ---------------------------------------------------------------------

code=0
"$hoso" package sip decision.asics --number 1 --trust clerk.pem >said 2>why ||
	code=$?
check 'no SIP is made of it' '8 1' \
	"$code $(grep -c 'không phải gói hồ sơ niêm phong' said)"
mkdir sealed
"$tools/make_container" sealed >/dev/null
unzip -q -d goi sealed/GOI.asice
pack forged.asics mimetype simple ho-so.xml goi/META-INF/ASiCManifest001.xml \
	META-INF/signature.p7s goi/META-INF/signature001.p7s
code=0
"$hoso" --english --json verify forged.asics --trust sealed/anchors.pem >said ||
	code=$?
check 'the manifest of a dossier and its seal are no document' '8 object.list' \
	"$code $(jq -r '.findings[] | select(.grade == "failed") | .code' said)"

end_checks
