#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The sample province goes in over the API and its reports come out as the
# documents have them.  HOSO_SEEDS, when set, is where the real texts lie.
# `HOSO_GOLDEN=rewrite` writes tests/golden/report-* anew.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq unzip
expected=$srcdir/data/expected

# Reports say when they were made: 2026-01-31 in Kon Tum.
HOSO_CLOCK=@1769817600
export HOSO_CLOCK

make_province
start_hosod
load_province

# --- import --------------------------------------------------------------------

check 'the import refuses no line' 0 "$(awk '{n += $NF} END {print n + 0}' "$scratch/must")"
must nhaplieu audit checkpoint
cp "$scratch/must" "$scratch/checkpoint"
must nhaplieu import "$srcdir"/data/sample/[2-9]*.ndjson
check 'a second import makes nothing' '0 0' "$(awk 'NR > 1 {new += $(NF - 2); bad += $NF} END {print new + 0, bad + 0}' "$scratch/must")"
must nhaplieu audit checkpoint
check 'a second import leaves the log as it was' "$(cat "$scratch/checkpoint")" "$(cat "$scratch/must")"
document=bc-so-ket-6-thang-2023-kon-tum
name=000_a9e0c524dca38cfe.txt
text=$srcdir/data/sample/stand-in/$document.txt
[ -n "${HOSO_SEEDS:-}" ] && [ -f "$HOSO_SEEDS/$name" ] && text=$HOSO_SEEDS/$name
sum=$(sha256sum <"$text" | cut -d ' ' -f 1)
log_in nhaplieu
check 'an attached text comes back byte for byte' "$sum" \
	"$(as nhaplieu "$url/documents/$document/files/$sum" | sha256sum | cut -d ' ' -f 1)"

# --- reports -------------------------------------------------------------------

report() { # name, unit, from, to, format; to $scratch/NAME-UNIT.FORMAT
	must nhaplieu report "$1" --unit "$2" --from "$3" --to "$4" \
		--format "$5" --output "$scratch/$1-$2.$5"
}

report_all() { # name, unit, from, to
	for format in csv json html docx; do
		report "$@" $format
	done
}

report_all half-year tinh-kon-tum 2023-01-01 2023-06-30
report_all half-year huyen-dak-glei 2024-01-01 2024-06-30
report_all award-register thanh-pho-kon-tum 2010-01-01 2014-12-31

# The heading of the second column holds a comma.  The awards' names are the catalogue's; each wanted count must stand in the
# row of its name and the column of its subject.
column() { # subject, header
	case $1 in
	collective) wanted='Tập thể' ;;
	individual) wanted='Cá nhân' ;;
	household) wanted='Hộ gia đình' ;;
	*) wanted='Chưa phân loại' ;;
	esac
	head -1 "$2" | tr , '\n' | grep -n "$wanted" | cut -d : -f 1
}

compare() { # sentence, file of expected counts, CSV
	jq -r --slurpfile awards "$srcdir/data/rules/awards.json" '
		([$awards[0].awards[] | {(.code): .name}] | add) as $names
		| .counts[] | "\(.computed)|\(.subject)|\($names[.award])"' \
		"$2" >"$scratch/wanted"
	: >"$scratch/got"
	while IFS='|' read -r _ subject award; do
		# a comma in a name is quoted in CSV; none of the others holds one
		got=$(sed 's/^[0-9]*,//' "$3" | tr -d '\r' | awk -v name="$award" \
			-v at="$(column "$subject" "$3")" '
			index($0, name ",") == 1 {
				split(substr($0, length(name) + 2), f, ",")
				print f[at - 3]; exit }
			index($0, "\"" name "\",") == 1 {
				split(substr($0, length(name) + 4), f, ",")
				print f[at - 3]; exit }')
		echo "$got|$subject|$award" >>"$scratch/got"
	done <"$scratch/wanted"
	check "$1" "$(cat "$scratch/wanted")" "$(cat "$scratch/got")"
}

province=$scratch/half-year-tinh-kon-tum
district=$scratch/half-year-huyen-dak-glei
city=$scratch/award-register-thanh-pho-kon-tum
compare 'the province has 5, 1, 24, 34, 173 and 419' "$expected/half-year-kon-tum-2023.json" "$province.csv"
compare 'the district has its counts of 2024' "$expected/half-year-dak-glei-2024.json" "$district.csv"
compare 'the city has its counts of five years' "$expected/register-kon-tum-city-2010-2014.json" "$city.csv"

check 'what is no number is shown as reported' 1 "$(grep -c '^"Giấy khen.*",,hàng ngàn,' "$city.csv")"
check 'a share that cannot be had is shown as reported' 1 "$(grep -c '^Tỷ lệ.*,,62[.,]08,' "$province.csv")"
check 'the 237 are not split' 1 "$(grep -c 'Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh,0,0,0,237,237' "$city.csv")"

# --- the same bytes always -------------------------------------------------------

for kind in half-year-tinh-kon-tum half-year-huyen-dak-glei award-register-thanh-pho-kon-tum; do
	for format in csv json html; do
		golden=$srcdir/tests/golden/report-$kind/report.$format
		made=$scratch/$kind.$format
		if [ "${HOSO_GOLDEN:-}" = rewrite ]; then
			mkdir -p "${golden%/*}"
			cp "$made" "$golden"
		fi
		check "$kind as $format is as it was reviewed" '' "$(diff "$golden" "$made" | head -20)"
	done
done
check 'the JSON is JSON' true "$(jq -s 'length == 3' "$province.json" "$district.json" "$city.json")"
cp "$province.docx" "$scratch/first.docx"
report half-year tinh-kon-tum 2023-01-01 2023-06-30 docx
check 'a DOCX made twice has the same bytes' "$(sha256sum <"$scratch/first.docx")" "$(sha256sum <"$province.docx")"

# --- on paper --------------------------------------------------------------------

if command -v xmllint >/dev/null 2>&1; then
	check 'the HTML is well-formed' '' "$(xmllint --html --noout "$province.html" 2>&1 | grep -v 'Tag .* invalid' | grep error)"
else
	skip 'the HTML is well-formed' 'xmllint is not installed'
fi

on_paper() { # sentence, DOCX, figures
	sentence=$1
	file=$2
	shift 2
	if ! command -v soffice >/dev/null 2>&1 || ! command -v pdftotext >/dev/null 2>&1; then
		skip "$sentence" 'soffice or pdftotext is not installed'
		return
	fi
	HOME=$scratch timeout "$((120 * patience))" soffice --headless --convert-to pdf \
		--outdir "$scratch/pdf" "$file" >"$scratch/soffice" 2>&1
	pdf=$(basename "$file" .docx)
	pdftotext -layout "$scratch/pdf/$pdf.pdf" "$scratch/pdf/$pdf.txt" 2>>"$scratch/soffice"
	absent=
	for figure; do
		grep -qwF -- "$figure" "$scratch/pdf/$pdf.txt" || absent="$absent $figure"
	done
	check "$sentence" 'absent:' "absent:$absent"
}
on_paper 'LibreOffice prints the province with its figures' "$province.docx" 05 24 34 173 419 62,08%
on_paper 'LibreOffice prints the district with its figures' "$district.docx" 16 96 15 76 115
on_paper 'LibreOffice prints the register with its figures' "$city.docx" 273 618 237 'hàng ngàn'

# --- refusals are told in the user's words ---------------------------------------

check 'a report of no such unit says so' 4 "$(code_of hoso nhaplieu report half-year --unit khong-co --from 2023-01-01 --to 2023-06-30 --format csv --output "$scratch/none.csv")"
check 'and writes no file' no "$([ -e "$scratch/none.csv" ] && echo yes || echo no)"
check 'a report of no such name says so' 4 "$(code_of hoso nhaplieu report khong-co --unit tinh-kon-tum --from 2023-01-01 --to 2023-06-30 --format csv --output "$scratch/none.csv")"
sed 's/^/# /' "$scratch/said"
check 'no format of that name is named' 1 "$(code_of hoso nhaplieu report half-year --unit tinh-kon-tum --from 2023-01-01 --to 2023-06-30 --format pdf --output "$scratch/none.csv")"
sed 's/^/# /' "$scratch/said"
finish
