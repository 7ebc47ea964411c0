#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What proves a dossier, in the browser: a container and receipts checked
# there, also changed ones; the trail of a dossier.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
add_user hoidong council_member:xa-xop-2025
cp clerk.pem "$scratch/data/trust/"
start_page
enter luutru

dossier=hs-chung-minh
make_pdf 'Quyết định.pdf' ETSI.CAdES.detached
cat >sealed.ndjson <<ROWS
{"type":"dossier","id":"$dossier","kind":"merit","title":"Hồ sơ có chứng minh","unit":"xa-xop-2025","date":"2025-08-01","attach":[{"code":"C_KHAC","path":"Quyết định.pdf"}]}
ROWS
must luutru import sealed.ndjson
log_in luutru
for i in $(seq 24); do
	as luutru --request PATCH --json "{\"title\":\"Hồ sơ có chứng minh, lần $i\"}" "$url/dossiers/$dossier" >changed
done
file_past luutru $dossier xa-xop-2025 2025-08-01
must luutru seal $dossier --output sealed.asice
unzip -p sealed.asice 'urn*/metadata/other/receipts/*' | jq -c . | head -n 1 >receipt.json
curl --silent "$url/audit/key" >log.vkey

HOSO_CONTAINER=$PWD/sealed.asice
HOSO_RECEIPT=$PWD/receipt.json
HOSO_KEY=$(cat log.vkey)
HOSO_DOSSIER=$dossier
export HOSO_CONTAINER HOSO_RECEIPT HOSO_KEY HOSO_DOSSIER
read_page proof trail
finish
