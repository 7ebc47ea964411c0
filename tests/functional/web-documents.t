#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Documents by themselves in a browser: one is filed with a large signed file
# over a line that breaks, found by its number, read, looked into, proved, and
# changed by two at once; those who may only read it; who cites one, of which a
# council sees its own part here; a telephone.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

cp -R "$srcdir/data/rules" rules
chmod -R u+w rules
jq '(.acts[] | select(.act == "document.read").grants[] | select(.role == "council_member")).scope = "own"' \
	"$srcdir/data/rules/permissions.json" >rules/permissions.json
make_archive
fill_archive
add_user vanthutinh records_clerk:tinh-quang-ngai
add_user vanthutinh2 records_clerk:tinh-quang-ngai
add_user luutru archivist:tinh-quang-ngai
add_user vanthu unit_clerk:xa-xop-2025
add_user hoidong council_member:tinh-quang-ngai
cp clerk.pem "$scratch/data/trust/"
start_page --set "office.rules=$PWD/rules"
enter luutru
cat >before.ndjson <<'ROWS'
{"type":"document","id":"qd-1","kind":"QĐ","reference":"77/QĐ-UBND","date":"2025-02-01","issuer":{"unit":"tinh-quang-ngai"},"subject":"Về việc tặng Bằng khen"}
{"type":"decision","id":"q-1","document":"qd-1","date":"2025-02-01","issuer":"tinh-quang-ngai","grants":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"xa-xop-2025"}]}
ROWS
jq -nc '{type: "document", id: "goc", kind: "QĐ", reference: "1/QĐ-TTg", date: "2025-01-02", issuer: {unit: "tinh-quang-ngai"}, subject: "Về phong trào thi đua"},
	(range(21) | {type: "document", id: "theo-\(100 + .)", kind: "KH", reference: "\(100 + .)/KH-UBND", date: "2025-03-04", subject: "Thực hiện phong trào, đợt \(.)",
		issuer: {unit: "tinh-quang-ngai"}, citations: [{document: "goc", relation: "implements"}, (select(. == 20) | {document: "goc", relation: "amends"})]}),
	{type: "document", id: "so", kind: "BC", date: "2025-06-07", subject: "Báo cáo kết quả", issuer: {name: "Sở Nội vụ"},
		citations: [{reference: "1/qđ-ttg", relation: "pursuant", note: "Điều 2"}]},
	{type: "document", id: "xa", kind: "KH", reference: "3/KH-UBND", subject: "Kế hoạch của xã", issuer: {unit: "xa-xop-2025"},
		citations: [{document: "goc", relation: "implements"}]}' >>before.ndjson
must luutru import before.ndjson

make_large_pdf 'Kế hoạch.pdf' 20000000
echo 'Phụ lục một' >'Phụ lục.txt'
HOSO_PLAN="$PWD/Kế hoạch.pdf" HOSO_ANNEX="$PWD/Phụ lục.txt"
export HOSO_PLAN HOSO_ANNEX
read_page documents

# What the store has, and that it is whole.
log_in luutru
as luutru "$url/documents?reference=15/KH-UBND" >found
check 'the document names the very same file' "$(sha256sum <'Kế hoạch.pdf' | cut -d ' ' -f 1) Kế hoạch.pdf application/pdf" \
	"$(jq -r '.documents[0].attachments[0] | [.sha256, .name, .media_type] | join(" ")' found)"
check 'and is what was filled in' \
	'["KH","2025-03-05",{"unit":"tinh-quang-ngai"},{"mode":"KT","name":"Nguyễn Văn A","position":"Chủ tịch"},"Quảng Ngãi"]' \
	"$(jq -c '.documents[0] | [.kind, .date, .issuer, .signer, .place]' found)"
check 'it cites one of ours, and one by its number' '[{"document":"qd-1","relation":"pursuant"},{"reference":"152/2025/NĐ-CP","relation":"implements"}]' \
	"$(jq -cS '.documents[0].citations' found)"
stop_hosod
check 'fsck finds nothing' 0 "$(code_of "$builddir/hosod" --data "$scratch/data" fsck)"
finish
