#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What proves a dossier, in the browser: a container and receipts checked
# there, also changed ones; the trail of a dossier; its files shown; paper.
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
as luutru --json '{"reason":"Kê khai không đúng thành tích","date":"2025-10-01"}' "$url/grants/q-$dossier-001/revocation" >changed
unzip -p sealed.asice 'urn*/metadata/other/receipts/*' | jq -c . | head -n 1 >receipt.json
curl --silent "$url/audit/key" >log.vkey

# Files of every kind, and what is wrong or hostile in some.
pages() { # words of each page
	printf '%%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>> endobj\n'
	n=0
	kids=
	for words; do
		n=$((n + 1))
		kids="$kids $((2 + 2 * n)) 0 R"
		text="BT /F1 40 Tf 60 700 Td ($words) Tj ET"
		printf '%d 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>> endobj\n' \
			$((2 + 2 * n)) $((3 + 2 * n))
		printf '%d 0 obj <</Length %d>> stream\n%s\nendstream endobj\n' $((3 + 2 * n)) ${#text} "$text"
	done
	printf '3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n'
	printf '2 0 obj <</Type/Pages/Count %d/Kids[%s]>> endobj\ntrailer <</Root 1 0 R>>\n%%%%EOF\n' $n "$kids"
}
pages 'Trang mot' 'Trang hai' 'Trang ba' >ba-trang.pdf
head -c 300 ba-trang.pdf | head -c 60 >hong.pdf
# A chessboard by opj_compress of Debian, as scanners leave it in a PDF.
base64 -d >anh.j2k <<'J2K'
/0//UQApAAAAAAAQAAAAEAAAAAAAAAAAAAAAEAAAABAAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/ZAAlAAFDcmVhdGVkIGJ5IE
9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAACkAAH/k9+FJhFQUxkKrFTgb0ZC3zI5WWNHFirwAAAAYSEvxQ/AAAABhGsPsfopwkJEs4Aw
jzFOI+5TRISJZwBhHmKcR9ymiQkSzgDCPMU4j7lNEhIlnAGEeYpxH3KaJCRLOAMI8xTiPuU0SEiWcAYR5inEfcpokJEs4AwjzFOI+5TRISJZwB
hHmKcR9ymiQkSzgDCPMU4j7lNEf//Z
J2K
picture() { # file: a page of this JPEG 2000
	printf '%%PDF-1.5\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Count 1/Kids[4 0 R]>> endobj\n'
	printf '4 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 6 0 R>>>>/Contents 5 0 R>> endobj\n'
	printf '5 0 obj <</Length 31>> stream\nq 400 0 0 400 90 300 cm /I Do Q\nendstream endobj\n'
	printf '6 0 obj <</Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceGray/BitsPerComponent 8'
	printf '/Filter/JPXDecode/Length %d>> stream\n' "$(wc -c <"$1")"
	cat "$1"
	printf '\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%%%EOF\n'
}
picture anh.j2k >anh-jpeg2000.pdf
head -c 60 anh.j2k >anh-hong.j2k
picture anh-hong.j2k >anh-hong.pdf
echo 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP4z8DAwMDAxAADYAIAAA0MAQO2OtLpAAAAAElFTkSuQmCC' |
	base64 -d >anh.png
printf 'Dòng một\n<script>window.hacked=1</script>\n' >ghi-chu.txt
printf '<a b="c">chữ</a>\n' >so-lieu.xml
printf '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"><script>window.hacked=1</script></svg>\n' >hinh.svg
printf '<!DOCTYPE html><script>window.hacked=1</script>\n' >trang.html
cp hinh.svg gia-mao.png
echo '{"type":"dossier","id":"hs-xem","kind":"merit","title":"Hồ sơ để xem","unit":"xa-xop-2025","date":"2025-08-01"}' >xem.ndjson
must luutru import xem.ndjson
for file in ba-trang.pdf hong.pdf anh.png ghi-chu.txt so-lieu.xml hinh.svg trang.html gia-mao.png \
	anh-jpeg2000.pdf anh-hong.pdf; do
	must luutru dossier add hs-xem $file --code C_KHAC
done

HOSO_CONTAINER=$PWD/sealed.asice
HOSO_RECEIPT=$PWD/receipt.json
HOSO_KEY=$(cat log.vkey)
HOSO_DOSSIER=$dossier
export HOSO_CONTAINER HOSO_RECEIPT HOSO_KEY HOSO_DOSSIER
read_page proof trail preview print
finish
