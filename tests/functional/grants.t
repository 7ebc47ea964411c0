#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A sum leads to what it counts: counts of a unit and the grants behind them,
# asked with the same words, in pages, as roles that may and may not.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq

make_province
add_user canbo unit_clerk:thanh-pho-kon-tum
add_user hoidong council_member:tinh-kon-tum
add_user truongcum cluster_leader:cum-thi-dua-01-kon-tum
add_user duockhen subject:xa-xop-2025
add_user quantri2 system_admin
start_hosod
load_province

many_grants Người >"$scratch/many.ndjson"
must nhaplieu import "$scratch/many.ndjson"
for who in nhaplieu canbo hoidong truongcum duockhen; do
	log_in $who
done

ask() { # login, path and query
	as "$1" "$url/$2" >"$scratch/answer"
}
told() { # program of jq
	jq -r "$1" "$scratch/answer"
}

# How much all pages of grants come to; they are left in $scratch/grants, and
# their number in $scratch/pages.
read_all() { # login, path and query
	: >"$scratch/grants"
	pages=0
	cursor=
	while [ -n "$cursor" ] || [ $pages -eq 0 ]; do
		ask "$1" "$2${cursor:+&cursor=$cursor}"
		told '.grants[]' >>"$scratch/grants"
		cursor=$(told '.next // empty')
		pages=$((pages + 1))
	done
	echo $pages >"$scratch/pages"
	jq -s '[.[] | .subject.count // 1] | add // 0' "$scratch/grants"
}

# --- a sum is the sum of its grants --------------------------------------------------------

ask nhaplieu 'units/tinh-kon-tum/counts?by=award,subject,year,level,attribute'
cp "$scratch/answer" "$scratch/counts"
checked=0
wrong=
for row in $(jq -c '.counts[] | select(.year)' "$scratch/counts"); do
	words=$(echo "$row" | jq -r '"from=\(.year)-01-01&to=\(.year)-12-31&award=\(.award)&level=\(.level)&subject=\(.subject)"
		+ (if .attribute then "&attribute=\(.attribute)" else "" end)')
	[ "$(echo "$row" | jq .sum)" = "$(read_all nhaplieu "units/tinh-kon-tum/grants?$words&limit=50")" ] || wrong="$wrong $row"
	checked=$((checked + 1))
done
check 'every sum of a year is that of the grants it leads to' '' "$wrong"
check '  and there were some to look at' true "$([ $checked -gt 15 ] && echo true)"
check 'sums without an attribute add up to all' \
	"$(as nhaplieu "$url/units/tinh-kon-tum/counts" | jq '.counts[0].sum')" \
	"$(jq '[.counts[] | select(.attribute == null) | .sum] | add' "$scratch/counts")"
check 'dates that lie in several years are of none' true \
	"$(jq 'any(.counts[]; .year == null)' "$scratch/counts")"

ask nhaplieu 'units/tinh-kon-tum/counts?from=2023-01-01&to=2023-12-31&by=level&children=adm'
check 'children add up to no more than the whole, and clusters are none of them' 'true 0' \
	"$(told '"\(([.children[].counts[].sum] | add) <= ([.counts[].sum] | add)) \([.children[] | select(.kind == "cluster")] | length)"')"
check 'children have their sums, each by its name' 'Huyện Đắk Glei' \
	"$(told '.children[] | select(.unit == "huyen-dak-glei") | .name')"
wrong=
for child in $(told '.children[] | select(.counts != []) | .unit'); do
	sum=$(told ".children[] | select(.unit == \"$child\") | [.counts[].sum] | add")
	cp "$scratch/answer" "$scratch/children"
	[ "$sum" = "$(read_all nhaplieu "units/$child/grants?from=2023-01-01&to=2023-12-31")" ] || wrong="$wrong $child"
	cp "$scratch/children" "$scratch/answer"
done
check 'the sum of a child is that of the grants it leads to' '' "$wrong"

# --- what a report says leads to what it counts -------------------------------------------------

# Numbers of cells and figures with the words that lead on, in lines of two.
numbers='.blocks[] | (.cells // [])[], (select(.block == "figure" and .unit != "%") | . + {value: .computed})
	| select(.counted) | "\(.value / .scale) \(.counted | to_entries | map("\(.key)=\(.value)") | join("&"))"'
follow() { # report, unit, from, to
	ask nhaplieu "reports/$1?unit=$2&from=$3&to=$4"
	told "$numbers" | sort -u >"$scratch/numbers"
	while read -r number words; do
		[ "$number" = "$(read_all nhaplieu "units/$2/grants?from=$3&to=$4&limit=200&$words")" ] || echo "$number $words"
	done <"$scratch/numbers"
}
for asked in 'half-year tinh-kon-tum 2023-01-01 2023-06-30' 'award-register thanh-pho-kon-tum 2010-01-01 2014-12-31'; do
	# shellcheck disable=SC2086 # words
	check "each number of $asked is that of its grants" '' "$(follow $asked)"
	check '  and there are some' true "$([ "$(wc -l <"$scratch/numbers")" -gt 15 ] && echo true)"
done

# The share of direct workers is computed, and leads to those who are some.
ask nhaplieu 'reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30'
share=$(told '.blocks[] | select(.measure == "share:direct_worker") | .computed')
words=$(told '.blocks[] | select(.measure == "share:direct_worker") | .counted | to_entries | map("\(.key)=\(.value)") | join("&")')
period='from=2023-01-01&to=2023-06-30&limit=200'
direct=$(read_all nhaplieu "units/tinh-kon-tum/grants?$period&$words")
people=$(read_all nhaplieu "units/tinh-kon-tum/grants?$period&$(echo "$words" | sed 's/&attribute=.*//')")
check 'a share in hundredths of a percent is that of the grants it leads to' \
	"8 $(((direct * 20000 + people) / (2 * people)))" "$direct $share"

# --- pages ----------------------------------------------------------------------------------

all=$(read_all nhaplieu 'units/tinh-kon-tum/grants?from=2023-05-02&to=2023-05-02&limit=50')
check 'a hundred and twenty grants are three pages' '120 3' "$all $(cat "$scratch/pages")"
check '  without a repetition' 120 "$(jq -r .id "$scratch/grants" | sort -u | wc -l | tr -d ' ')"
check 'units are called as they were, decisions by their number' 'Huyện Đắk Glei 77/QĐ-UBND' \
	"$(ask nhaplieu 'units/tinh-kon-tum/grants?from=2023-05-02&to=2023-05-02' && told '"\(.names["huyen-dak-glei"]) \(.references["q-nhieu"])"')"
ask nhaplieu 'units/tinh-kon-tum/grants?limit=7'
cursor=$(told .next)
ask nhaplieu "units/tinh-kon-tum/grants?limit=7&award=merit_province&cursor=$cursor"
check 'a cursor of another question is refused' '400 cursor' "$(told '"\(.status) \(.field)"')"
ask nhaplieu "units/huyen-dak-glei/grants?limit=7&cursor=$cursor"
check '  and of another unit' '400 cursor' "$(told '"\(.status) \(.field)"')"

# --- what was revoked counts no more -----------------------------------------------------------

as nhaplieu --json '{"date":"2023-06-01","reason":"Khai man"}' "$url/grants/q-nhieu-001/revocation" >/dev/null
check 'a grant is revoked' 200 "$(status)"
narrow='units/huyen-dak-glei/grants?from=2023-05-02&to=2023-05-02&award=merit_province'
check 'what stands is one less, in the list and in the sum' '19 19' \
	"$(read_all nhaplieu "$narrow") $(as nhaplieu "$url/units/huyen-dak-glei/counts?from=2023-05-02&to=2023-05-02&award=merit_province" | jq '.counts[0].sum')"
check 'what was revoked can be asked for' 'q-nhieu-001 Khai man' \
	"$(ask nhaplieu "$narrow&state=revoked" && told '.grants[] | "\(.id) \(.revocation.reason)"')"
check 'and both together' 20 "$(read_all nhaplieu "$narrow&state=any")"

# --- who may ---------------------------------------------------------------------------------------

code() { # login, path
	ask "$1" "$2"
	status
}
check 'a clerk asks of his own unit, and of no other' '200 200 403 403' \
	"$(code canbo units/thanh-pho-kon-tum/grants) $(code canbo units/thanh-pho-kon-tum/counts) $(code canbo units/huyen-dak-glei/grants) $(code canbo units/huyen-dak-glei/counts)"
check 'a member of the council sees grants, and runs no report' '200 403' \
	"$(code hoidong units/huyen-dak-glei/grants) $(code hoidong units/huyen-dak-glei/counts)"
check 'who leads a cluster counts in it, and sees no single grant' '200 403' \
	"$(code truongcum 'units/cum-thi-dua-01-kon-tum/counts?children=member') $(code truongcum units/cum-thi-dua-01-kon-tum/grants)"
check 'who was awarded asks of no unit' '403 403' \
	"$(code duockhen units/xa-xop-2025/grants) $(code duockhen units/xa-xop-2025/counts)"
check 'who keeps the machine asks neither' '403 403' \
	"$(log_in quantri2 && code quantri2 units/xa-xop-2025/grants) $(code quantri2 units/xa-xop-2025/counts)"

# --- refusals -----------------------------------------------------------------------------------------

refused() { # path and query
	ask nhaplieu "$1"
	told '"\(.status) \(.field)"'
}
check 'a unit that is not there is told' '404 404' "$(code nhaplieu units/khong-co/grants) $(code nhaplieu units/khong-co/counts)"
check 'a level that no rule knows is refused' '400 level' "$(refused 'units/tinh-kon-tum/counts?level=province,village')"
check 'a subject that no rule knows is refused' '400 subject' "$(refused 'units/tinh-kon-tum/grants?subject=robot')"
check 'sums by what nobody counts are refused' '400 by' "$(refused 'units/tinh-kon-tum/counts?by=award,colour')"
check 'an empty word is refused' '400 award' "$(refused 'units/tinh-kon-tum/grants?award=merit_province,')"
check 'a state that is none is refused' '400 state' "$(refused 'units/tinh-kon-tum/grants?state=lost')"
check 'a day that is none is refused' '400 from' "$(refused 'units/tinh-kon-tum/counts?from=2023-02-30')"
check 'children by what is no tree are refused' '400 children' "$(refused 'units/tinh-kon-tum/counts?children=sector')"
check 'more than a page is refused' '400 limit' "$(refused 'units/tinh-kon-tum/grants?limit=201')"
finish
