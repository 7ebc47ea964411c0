#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real files made by others have the verdicts that docs/conformance.md gives.
: "${srcdir:=.}" "${builddir:=.}"
[ -n "${HOSO_CORPUS:-}" ] || {
	echo '1..0 # SKIP HOSO_CORPUS does not say where the files lie'
	exit 0
}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
echo 1..1
if sh "$srcdir/scripts/corpus" "$builddir/hoso" \
	"$builddir/tests/tools/verdict" >"$scratch/page" &&
	diff "$srcdir/docs/conformance.md" "$scratch/page" >"$scratch/diff"; then
	echo 'ok 1 - real files have the verdicts of docs/conformance.md'
else
	echo 'not ok 1 - real files have the verdicts of docs/conformance.md'
	sed 's/^/# /' "$scratch/diff"
	exit 1
fi
