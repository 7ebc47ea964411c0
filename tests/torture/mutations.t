#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Signed files are changed in every way that chance finds.  What is said of
# them then: no crash, nothing that takes a second, and no signature passes
# that has a changed byte under it.
#
# HOSO_MUTATIONS is how many (make torture-mutations: 2,000,000), HOSO_SEED
# which, HOSO_CORPUS where files of others lie; without it, those that are made
# here.  HOSO_KEEP is a folder for the files that ended badly.
: "${srcdir:=.}" "${builddir:=.}"
for tool in openssl od; do
	command -v "$tool" >/dev/null || {
		echo "1..0 # SKIP $tool is not there"
		exit 0
	}
done
srcdir=$(cd "$srcdir" && pwd)
builddir=$(cd "$builddir" && pwd)
corpus=${HOSO_CORPUS:-}
seed=${HOSO_SEED:-${HOSO_SEED_PRESET:-$(date +%s)}}
mutations=${HOSO_MUTATIONS:-3000}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
echo "# HOSO_SEED=$seed HOSO_MUTATIONS=$mutations"

# --- files that hold --------------------------------------------------------------

# shellcheck source=tests/functional/signer.sh
. "$srcdir/tests/functional/signer.sh"
make_pdf decision.pdf ETSI.CAdES.detached
make_pdf acrobat.pdf adbe.pkcs7.detached
printf 'Quyết định số 01/QĐ-UBND\n' >decision.txt
sign <decision.txt >decision.p7s
sign -nodetach <decision.txt >decision.p7m
sign -nodetach <decision.pdf >decision.pdf.p7m
stamp <decision.txt >decision.tst
tools=$builddir/tests/tools
"$tools/countersign" decision.p7m authority.pem authority.key >counter.p7m
"$tools/countersign" counter.p7m clerk.pem clerk.key >counters.p7m
"$tools/countersign" decision.p7s authority.pem authority.key >counter.p7s
printf 'application/vnd.etsi.asic-s+zip' >mimetype
"$tools/pack" decision.asics mimetype mimetype decision.txt decision.txt \
	META-INF/signature.p7s counter.p7s META-INF/timestamp.tst decision.tst
"$tools/pack" bare.asics META-INF/timestamp.tst decision.tst b.txt decision.txt
{
	printf '%s\n' decision.pdf acrobat.pdf decision.p7m decision.pdf.p7m \
		counter.p7m counters.p7m decision.asics bare.asics
	printf 'decision.p7s\tdecision.txt\ndecision.tst\tdecision.txt\n'
	printf 'counter.p7s\tdecision.txt\n'
} >list
for kind in p256 rsa tsa; do
	mkdir $kind
	"$builddir/tests/tools/make_container" $kind $kind >/dev/null || exit 1
	echo $kind/GOI.asice >>list
done
own=$(wc -l <list)

# --- files of others ----------------------------------------------------------------

record() { # evidence record, objects
	printf '%s' "$corpus/evidence-records/$1"
	shift
	for object; do
		printf '\t%s' "$corpus/evidence-records/$object"
	done
	echo
}

if [ -n "$corpus" ]; then
	find "$corpus/pades" "$corpus/cades" "$corpus/asic-cades" \
		"$corpus/timestamp-tokens" -type f ! -name README.md \
		! -name MEASURED.tsv | LC_ALL=C sort >>list
	find "$corpus/asic-containers-other" -type f -name '*.asics' |
		LC_ALL=C sort >>list
	{
		for number in 2 3 4; do
			record BIN-${number}_ER.ers BIN-$number.bin
		done
		record ER-2Chains3ATS.ers ER-2Chains3ATS1.bin ER-2Chains3ATS2.bin
		record er-asn1-tst-renewal.ers ER-2Chains3ATS1.bin ER-2Chains3ATS2.bin
		record er-asn1-on-tst.ers ../cades/d-trust.tsr
		record cades__evidence-record-C-B-B-detached.ers \
			cades__C-B-B-detached.p7s
	} >>list
fi

# --- all of them ---------------------------------------------------------------------

HOSO_VERBOSE=1 "$builddir/tests/torture/mutations" list "$seed" \
	"${HOSO_FIRST:-0}" "$mutations" ${HOSO_KEEP:+"$HOSO_KEEP"} >said
code=$?
sed 's/^\([^#]\)/# \1/' said | grep -v ' claims, '

echo 1..2
if [ "$(head -n "$own" said | grep -c '^# [1-9][0-9]* claims, good')" -eq "$own" ]; then
	echo 'ok 1 - every file that was made here holds at first'
else
	echo 'not ok 1 - every file that was made here holds at first'
	head -n "$own" said
	code=1
fi
if [ "$code" -eq 0 ]; then
	echo 'ok 2 - no change crashes, hangs, or passes under a signature'
else
	echo 'not ok 2 - no change crashes, hangs, or passes under a signature'
	sed -n 's/^\(FALSE\|ENDED\)/# &/p' said | head -5
fi
exit "$code"
