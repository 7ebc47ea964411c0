#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The DOCX that the format writes opens elsewhere and says what it should.
: "${srcdir:=.}"
docx=$srcdir/tests/golden/plugins/half-year-province/expected.docx

echo 1..3
if ! command -v unzip >/dev/null; then
	echo 'ok 1 - the package is a sound ZIP # SKIP no unzip'
elif unzip -tqq "$docx"; then
	echo 'ok 1 - the package is a sound ZIP'
else
	echo 'not ok 1 - the package is a sound ZIP'
fi

if ! command -v soffice >/dev/null; then
	echo 'ok 2 - LibreOffice opens it # SKIP no soffice'
	echo 'ok 3 - the pages show the numbers of the report # SKIP no soffice'
	exit 0
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cp "$docx" "$folder/report.docx"
soffice -env:UserInstallation="file://$folder/profile" --headless \
	--convert-to pdf --outdir "$folder" "$folder/report.docx" >"$folder/log" 2>&1
if [ -s "$folder/report.pdf" ]; then
	echo 'ok 2 - LibreOffice opens it'
else
	echo 'not ok 2 - LibreOffice opens it'
	sed 's/^/# /' "$folder/log"
fi
if ! command -v pdftotext >/dev/null; then
	echo 'ok 3 - the pages show the numbers of the report # SKIP no pdftotext'
	exit 0
fi
pdftotext -layout "$folder/report.pdf" "$folder/report.txt"
missing=
for words in 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM' 'Kon Tum, ngày 30 tháng 6 năm 2023' \
	'Cờ thi đua của Chính phủ: 05 tập thể' '24 tập thể' '34 tập thể' \
	'173 tập thể, 419 cá nhân' 'TM. ỦY BAN NHÂN DÂN'; do
	grep -q "$words" "$folder/report.txt" || missing="$missing [$words]"
done
if [ -z "$missing" ]; then
	echo 'ok 3 - the pages show the numbers of the report'
else
	echo 'not ok 3 - the pages show the numbers of the report'
	echo "# missing:$missing"
fi
