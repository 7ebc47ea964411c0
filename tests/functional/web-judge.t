#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What the page checks in the browser (web/src/proof), run by Node.js over
# containers and receipts of an office and hundreds of copies with something
# changed: the verdict is that of `hoso verify`.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq unzip node
[ "$(node -p 'typeof require("zlib").crc32')" = function ] || skip_all 'this Node.js has no CRC-32'
modules=$builddir/web/work/node_modules
[ -x "$modules/.bin/esbuild" ] || skip_all 'the web page was not built here'
NODE_PATH=$(cd "$modules" && pwd) "$modules/.bin/esbuild" "$srcdir/tests/web/judge.ts" --bundle \
	--platform=node --format=esm --log-level=error --outfile="$scratch/judge.mjs" || exit 1

judge() { # sentence, key, file, copies
	node "$scratch/judge.mjs" "$builddir/hoso" "$2" "$scratch" "$3" "$4" "${HOSO_SEED:-1}" >"$scratch/judged" 2>&1
	check "$1" "0 " "$? $(grep -v '^counted' "$scratch/judged" | head -5)"
	grep '^counted' "$scratch/judged" | sed 's/^/# /'
}

# One with a time-stamp, and by others than the server under test.
golden=$srcdir/tests/golden/container-1
judge 'a container with a time-stamp: both judge every copy alike' "$golden/log.vkey" "$golden/GOI.asice" 250
check '  nearly all of which are bad' true "$([ "$(sed -n 's/^counted \([0-9]*\) bad.*/\1/p' "$scratch/judged")" -gt 240 ] && echo true)"

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
start_hosod
enter luutru
echo '{"type":"dossier","id":"hs-1","kind":"merit","title":"Hồ sơ","unit":"xa-xop-2025","date":"2025-08-01"}' \
	>"$scratch/dossier.ndjson"
must luutru import "$scratch/dossier.ndjson"
file_past luutru hs-1 xa-xop-2025 2025-08-01
must luutru seal hs-1 --output "$scratch/sealed.asice"
curl --silent "$url/audit/key" >"$scratch/log.vkey"
judge 'a container of this server likewise' "$scratch/log.vkey" "$scratch/sealed.asice" 120
unzip -p "$scratch/sealed.asice" 'urn*/metadata/other/receipts/*' | jq -c . | head -n 1 | tr -d '\n' >"$scratch/receipt.json"
judge 'and a receipt' "$scratch/log.vkey" "$scratch/receipt.json" 200
check '  nearly all of whose copies are bad' true "$([ "$(sed -n 's/^counted \([0-9]*\) bad.*/\1/p' "$scratch/judged")" -gt 190 ] && echo true)"
finish
