#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# `hoso --json verify` of one file of each kind has the shape that
# docs/signatures.md gives: tests/golden/verify.json, without what differs from
# run to run.  HOSO_GOLDEN=1 writes it anew.
: "${srcdir:=.}" "${builddir:=.}"
for tool in openssl jq od unzip; do
	command -v "$tool" >/dev/null || {
		echo "1..0 # SKIP $tool is not there"
		exit 0
	}
done
srcdir=$(cd "$srcdir" && pwd)
builddir=$(cd "$builddir" && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
# shellcheck source=tests/functional/signer.sh
. "$srcdir/tests/functional/signer.sh"

make_pdf decision.pdf ETSI.CAdES.detached
printf 'Quyết định số 01/QĐ-UBND\n' >decision.txt
sign <decision.txt >decision.p7s
stamp <decision.txt >decision.tst
mkdir made
"$builddir/tests/tools/make_container" made tsa >/dev/null || exit 1
unzip -p made/GOI.asice '*/receipts/1.json' >receipt.json
printf 'x' | cat decision.pdf - >longer.pdf
cp "$srcdir/tests/fuzz/corpus/evidence/$(ls "$srcdir/tests/fuzz/corpus/evidence" | head -n 1)" record.ers

# Names, codes, grades and members as they are; a detail or sentence as
# whether there is one.
ask() { # file, options
	"$builddir/hoso" --json "$@" | jq -c '
		[keys, .file, .kind, .good, .verdict],
		(.signatures[]? | [keys, .place, .indication, .level, .signer.subject]),
		(.findings[] | [keys, .code, .grade, .member, .detail != "",
			.vietnamese != "" and .english != ""])'
}

{
	ask verify made/GOI.asice --trust made/anchors.pem --key made/log.vkey
	ask verify decision.pdf --trust clerk.pem
	ask verify longer.pdf --trust clerk.pem
	ask verify decision.p7s --content decision.txt --trust clerk.pem
	ask verify decision.tst --content decision.txt --trust authority.pem
	ask verify record.ers --content decision.txt
	ask verify receipt.json --key made/log.vkey
	ask verify receipt.json
	ask verify-receipt receipt.json --key made/log.vkey
} >got 2>why

golden=$srcdir/tests/golden/verify.json
[ -z "${HOSO_GOLDEN:-}" ] || cp got "$golden"
echo 1..1
if diff "$golden" got >difference; then
	echo 'ok 1 - every kind of file has the shape that is documented'
else
	echo 'not ok 1 - every kind of file has the shape that is documented'
	sed 's/^/# /' difference why
	exit 1
fi
