#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The day's work in a browser: what waits for whom, and one dossier from its
# appraisal to the sealed container through the roles that do it, with a
# ballot, an opinion, a decision and its revocation; refusals, the keyboard,
# names that mean harm, a screen and a telephone.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"
papers=$srcdir/data/sample/stand-in

make_archive
fill_archive
add_office
add_user xakhac unit_head:xa-dak-pek-2025
add_user hiepy consultee:tinh-quang-ngai
cp clerk.pem "$scratch/data/trust/"
start_page
enter vanthu thutruong luutru

# One that lies at the province, one that lacks its papers, and many drafts
# whose titles mean harm.
{
	jq -nc '{type: "dossier", id: "hs-chinh", kind: "merit", title: "Bằng khen cho thôn Xốp Nghét và ông A Tung", unit: "xa-xop-2025", date: "2025-08-01",
		awards: [{award: "merit_province", subject: {kind: "collective", name: "Thôn Xốp Nghét"}},
			{award: "merit_province", subject: {kind: "individual", name: "A Tung <b>"}}]},
		{type: "dossier", id: "hs-thieu", kind: "merit", title: "Hồ sơ còn thiếu giấy tờ", unit: "xa-xop-2025", date: "2025-08-02",
		awards: [{award: "merit_province", subject: {kind: "collective", name: "Thôn Kon Liêm"}}]},
		(range(25) | {type: "dossier", id: "hs-nhap-\(.)", kind: "merit", title: "<img src=x onerror=window.hacked=1> \(.)", unit: "xa-xop-2025", date: "2025-08-03"})'
} >dossiers.ndjson
must vanthu import dossiers.ndjson
for pair in C_TOTRINH:mau-to-trinh C_BCTT:mau-bao-cao-thanh-tich C_BB_HOIDONG:mau-bien-ban-hoi-dong; do
	must vanthu dossier add hs-chinh "$papers/${pair#*:}.txt" --code "${pair%%:*}"
done
for id in hs-chinh hs-thieu; do
	must vanthu dossier step $id unit_review
done
must thutruong dossier step hs-chinh submitted

# Of a decision of the past, which the archivist enters himself.
jq -nc '{type: "dossier", id: "hs-xua", kind: "merit", title: "Quyết định năm 2024 của xã Đăk Long", unit: "xa-dak-long-2025", date: "2025-08-04"}' >past.ndjson
must luutru import past.ndjson

make_large_pdf 'Quyết định.pdf' 5000000 # as large as a scanned list of names
echo 'Không phải tệp này' >'Nhầm.pdf'
HOSO_SIGNED=$PWD/Quyết\ định.pdf
HOSO_OTHER=$PWD/Nhầm.pdf
export HOSO_SIGNED HOSO_OTHER

read_page work
stop_hosod
check 'fsck finds nothing' 0 "$(code_of "$builddir/hosod" --data "$scratch/data" fsck)"
finish
