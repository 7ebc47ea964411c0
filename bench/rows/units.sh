# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# units: what the pages of units ask, with ten thousand units in the store.

# A province of so many communes; dossiers are filed under a thousand of them.
wide_units() { # how many
	jq -nc --argjson count "$1" '{type: "unit", id: "tinh-rong", kind: "province", names: [{name: "Tỉnh Rộng"}]},
		(range($count) | {type: "unit", id: "xa-rong-\(.)", kind: "commune", names: [{name: "Xã Rộng \(. + 1)"}],
			from: "2025-07-01", parents: [{relation: "adm", unit: "tinh-rong"}]})'
}

wide_source() {
	make_source wide 4 40000 || return 1
	start_hosod
	echo "$password" | hoso login "http://127.0.0.1:$port" --user provider --password-stdin
	wide_units "$(unless_short 300 10000)" >"$work/wide.ndjson"
	hoso import "$work/wide.ndjson"
	stop_hosod
	jq -r 'select(.kind == "commune") | "\(.id) \(.from) 2026-06-30"' "$work/wide.ndjson" |
		head -n 1000 >"$work/wide.lines"
}

# Milliseconds to the last byte of each of 41 answers.
ask_often() { # path
	asked=0
	: >"$work/took"
	while [ "$asked" -lt "$(unless_short 5 41)" ]; do
		curl -sS -m 60 --fail -o "$work/said" -H @"$work/everything.headers" \
			--write-out '%{time_total}\n' "$url/$1" >>"$work/took" || die "$1 was refused"
		asked=$((asked + 1))
	done
	awk '{ print $1 * 1000 }' "$work/took" | sort -n >"$work/often"
}

# Its median, judged, and its worst.
units_row() { # name, path
	ask_often "$2"
	count=$(wc -l <"$work/often")
	row_alone "units-$1" ms "<${3:-20}" "$(sed -n "$(((count + 1) / 2))p" "$work/often")" \
		"$(head -1 "$work/often")" "$(tail -1 "$work/often")" "$count"
}

row_units() {
	wide_source || return 1
	more_units=$work/wide.lines
	generate units-store wide "${BENCH_DOSSIERS:-$(unless_short 200 1000000)}" 1000 2006-01-01 2026-06-30 || return 1
	start_hosod
	log_in everything
	units_row top 'units?roots=1&limit=200'
	units_row top-of-kind 'units?roots=1&kind=province'
	units_row branch 'units/tinh-rong/children?as_of=2026-01-01&limit=200'
	units_row branch-end "units/tinh-rong/children?as_of=2026-01-01&limit=200&after=xa-rong-$(unless_short 250 9000)"
	units_row branch-500 'units/tinh-rong/children?as_of=2026-01-01&limit=500'
	units_row found 'units?prefix=xa+rong+12'
	units_row way 'units?id=xa-rong-77'
	units_row days 'reorganisations/days'
	units_row events 'reorganisations?from=2025-07-01&to=2025-07-01&limit=20'
	units_row history 'units/tinh-kon-tum/history'
	units_row dossiers 'units/tinh-rong/dossiers?limit=50' 200
	units_row territory 'units/tinh-rong/dossiers?mode=territory&limit=50' 200
	units_row filtered 'units/tinh-kon-tum/dossiers?level=province&year=2020&status=closed&limit=50' 200
	units_row rare 'units/tinh-kon-tum/dossiers?award=flag_government&kind=foreign&limit=50' 200
	stop_hosod
}
