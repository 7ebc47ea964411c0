#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Looking after the server in a browser: users and their roles, one's own
# account and tokens, rights, the law's tables, operation, plugins.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_province
add_user quantri-hai system_admin
add_user thanhtra auditor
add_user canbo unit_clerk:xa-xop-2025
for n in $(seq -w 1 55); do
	printf '{"login":"nguoi-%s","name":"Người số %s","roles":[{"role":"unit_clerk","unit":"xa-xop-2025"}]}\n' "$n" "$n"
done >many.ndjson
echo '{"login":"tim-ten","name":"Đặng Thị Sáu Bảy"}' >>many.ndjson
"$builddir/tests/tools/tsa" "$scratch" &
authority=$!
trap 'end_all; kill -9 $authority 2>/dev/null; rm -rf "$scratch"' EXIT
await [ -s "$scratch/tsa.port" ]
mkdir plugins
cp "$plugins/csv.so" plugins/
echo 'no plugin' >plugins/broken.so
start_page --set "audit.sinks=nowhere:/nowhere" --set "office.plugins=$PWD/plugins" \
	--set office.examiner=/no/such/examiner --set evidence.every_ms=0 \
	--set "seal.tsa=http://127.0.0.1:$(cat "$scratch/tsa.port")/tsa" --set "seal.tsa_anchors=$scratch/tsa.pem"
log_in quantri
while read -r line; do
	as quantri --json "$line" "$url/users" >"$scratch/answer"
	[ "$(status)" = 201 ] || bail 'a user was not made' "$scratch/answer"
done <many.ndjson
enter nhaplieu
printf '%%PDF-1.7\n' >waiting.pdf
echo '{"type":"document","id":"vb-cho","kind":"QĐ","date":"2025-08-01","issuer":{"unit":"xa-xop-2025"},"subject":"S","attach":["waiting.pdf"]}' >waiting.ndjson
must nhaplieu import waiting.ndjson
tried() {
	as quantri "$url/jobs" | jq -e '.jobs[0].tries > 0' >"$scratch/answer"
}
await tried || echo '# the examination was not tried'
mkdir tmp
TMPDIR=$PWD/tmp
export TMPDIR
hosod backup "$PWD/backups" >out 2>&1
hosod drill "$PWD/backups" >out 2>&1
hosod backup "$PWD/backups" >out 2>&1 # it is there already
read_page admin
finish
