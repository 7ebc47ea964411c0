#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Dossiers are found again by unit, through mergers and by any of its names;
# data/expected/lineage.json says which.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq
lineage=$srcdir/data/expected/lineage.json

make_province
add_user thanhtra auditor
start_hosod
load_province
enter thanhtra

# The page is left in $scratch/must.
find_in() { # options of hoso dossier find
	must thanhtra dossier find --json --limit 500 "$@"
}

# Their ids, sorted, in one line.
ids() { # options of hoso dossier find
	find_in "$@"
	jq -c '[.dossiers[].id] | sort' "$scratch/must"
}

# Members of rows in order.
rows() { # jq's path, file
	jq -c "[.dossiers[] | $1]" "$2"
}

# The loops below run through these.
check 'what is expected has cases of every kind' true \
	"$(jq '[.lineage, .exact, .names, .codes] | all(length > 0)' "$lineage")"

# --- modes -----------------------------------------------------------------------

for i in $(jq '.lineage | keys[]' "$lineage"); do
	unit=$(jq -r ".lineage[$i].unit" "$lineage")
	check "lineage of $unit" "$(jq -c ".lineage[$i].dossiers | sort" "$lineage")" "$(ids --unit "$unit")"
	# Whose dossiers they are: none of a unit that must not be found.
	check "lineage of $unit holds no stranger's" '[]' \
		"$(jq -c --slurpfile e "$lineage" "[.dossiers[].unit] - ([.dossiers[].unit] - \$e[0].lineage[$i].excludes)" "$scratch/must")"
done
for i in $(jq '.exact | keys[]' "$lineage"); do
	unit=$(jq -r ".exact[$i].unit" "$lineage")
	check "exactly $unit" "$(jq -c ".exact[$i].dossiers | sort" "$lineage")" "$(ids --unit "$unit" --mode exact)"
done

# Territory: the dossiers of the communes inside on the day, and of the unit.
check 'the district on its last day: its own and its communes'"'" \
	"$(jq -c '[.lineage[] | select(.unit == "huyen-dak-glei").dossiers[]
		| select(test("-2025$") | not)] | sort' "$lineage")" \
	"$(ids --unit huyen-dak-glei --mode territory --as-of 2025-06-30)"
find_in --unit tinh-quang-ngai --mode territory --as-of 2025-07-01
check 'the new province on its first day has no old commune' '[]' \
	"$(jq -c '[.dossiers[].unit | select(. == "xa-xop" or . == "xa-dak-choong" or . == "huyen-dak-glei")]' "$scratch/must")"
check 'but the new ones' '["hs-xa-dak-long-2025","hs-xa-xop-2025"]' \
	"$(jq -c '[.dossiers[].id | select(test("^hs-xa-.*-2025$"))] | sort' "$scratch/must")"

# --- names -----------------------------------------------------------------------

all=$(jq -c '.lineage[] | select(.unit == "xa-xop-2025").dossiers | sort' "$lineage")
check 'xã Xốp by name finds what both of that name have' "$all" "$(ids 'xã Xốp')"
check 'each with its name at the time and today' \
	'[["hs-xa-xop-2025","Xã Xốp",null],["hs-xa-dak-choong-2024","Xã Đắk Choong","nay là xã Xốp, tỉnh Quảng Ngãi"],["hs-xa-xop-2023","Xã Xốp","nay là xã Xốp, tỉnh Quảng Ngãi"],["hs-xa-dak-choong-2023","Xã Đắk Choong","nay là xã Xốp, tỉnh Quảng Ngãi"]]' \
	"$(rows '[.id, .unit_name, .now]' "$scratch/must")"
check 'without marks the same' "$all" "$(ids 'xa xop')"
check 'a name of nobody is said to be so' 4 "$(code_of hoso thanhtra dossier find 'xã Không Có Đâu')"
must thanhtra dossier find 'xã Xốp'
check 'for people the old names stand with the new' 3 "$(grep -c 'nay là xã Xốp, tỉnh Quảng Ngãi' "$scratch/must")"
for i in $(jq '.names | keys[]' "$lineage"); do
	name=$(jq -r ".names[$i].name" "$lineage")
	must thanhtra unit list "$name" --json
	check "\"$name\" names all of its units" '[]' \
		"$(jq -c --slurpfile e "$lineage" "\$e[0].names[$i].units - [.units[].id]" "$scratch/must")"
done
for i in $(jq '.codes | keys[]' "$lineage"); do
	code=$(jq -r ".codes[$i].code" "$lineage")
	day=$(jq -r ".codes[$i].date" "$lineage")
	must thanhtra unit list --code "$code" --as-of "$day" --json
	check "code $code on $day" "$(jq -c "[.codes[$i].unit]" "$lineage")" "$(jq -c '[.units[].id]' "$scratch/must")"
done

# --- filters: against the whole, filtered here -----------------------------------------

find_in --unit tinh-kon-tum
cp "$scratch/must" "$scratch/whole"
all_of() { # jq's condition on a record
	for id in $(jq -r '.dossiers[].id' "$scratch/whole"); do
		cat "$scratch/dossier.$id"
	done | jq -sc "[.[] | select($1) | .id] | sort"
}
for id in $(jq -r '.dossiers[].id' "$scratch/whole"); do
	must thanhtra dossier show "$id" --json
	jq '.record // .' "$scratch/must" >"$scratch/dossier.$id"
done
filter() { # sentence, condition, option, value
	wanted=$(all_of "$2")
	check "$1" "$wanted" "$(ids --unit tinh-kon-tum "$3" "$4")"
	check "$1: some, not all" yes \
		"$([ "$wanted" != '[]' ] && [ "$wanted" != "$(all_of true)" ] && echo yes || echo no)"
}
filter 'by kind' '.kind == "resistance"' --kind resistance
filter 'by status' '.status == "decided"' --status decided
filter 'by award' 'any(.awards[]; .award == "merit_province")' --award merit_province
jq '[.awards[] | select(.level == "state") | .code]' "$srcdir/data/rules/awards.json" >"$scratch/state"
filter 'by level' "any(.awards[]; .award | IN($(jq -r 'map("\"" + . + "\"") | join(",")' "$scratch/state")))" --level state
# A span counts where the year holds the whole of it.
jq -s '[.[] | select(.type == "decision" and ((.date.from // .date) | startswith("2023"))
	and ((.date.to // .date) | startswith("2023"))) | .dossier]' \
	"$srcdir/data/sample/40-decisions.ndjson" >"$scratch/decided"
check 'by year of decision' "$(jq -c sort "$scratch/decided")" "$(ids --unit tinh-kon-tum --year 2023)"

# --- pages ---------------------------------------------------------------------------

for size in 1 2 7; do
	: >"$scratch/pages"
	cursor=
	pages=0
	while [ $pages -lt 40 ]; do
		must thanhtra dossier find --unit tinh-kon-tum --limit $size --json ${cursor:+--cursor "$cursor"}
		jq -r '.dossiers[].id' "$scratch/must" >>"$scratch/pages"
		cursor=$(jq -r '.next // empty' "$scratch/must")
		pages=$((pages + 1))
		[ -n "$cursor" ] || break
	done
	check "pages of $size are the one long page" "$(jq -r '.dossiers[].id' "$scratch/whole")" "$(cat "$scratch/pages")"
done
check 'a cursor that was made up is refused' 1 "$(code_of hoso thanhtra dossier find --unit tinh-kon-tum --cursor abc)"
sed 's/^/# /' "$scratch/said"
check 'a mode that is not there is refused' 1 "$(code_of hoso thanhtra dossier find --unit tinh-kon-tum --mode sideways)"
sed 's/^/# /' "$scratch/said"
check 'a unit that is not there is refused' 4 "$(code_of hoso thanhtra dossier find --unit khong-co)"
sed 's/^/# /' "$scratch/said"
finish
