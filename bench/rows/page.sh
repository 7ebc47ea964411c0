# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# unit-page, unit-page-pg, roles: the first page of a unit with its lineage and
# descendants.

# Every unit that has dossiers, or whose heirs or descendants have.
page_units() {
	unit_lines 2006-01-01 2026-06-30 | cut -d ' ' -f 1
	jq -r 'select(.kind == "district" or .id == "tinh-kon-tum"
		or .id == "tinh-quang-ngai") | .id' "$srcdir/data/sample/10-units.ndjson"
}

page_paths() {
	page_units | sed 's|.*|/api/v1/units/&/dossiers|'
}

# 99th of 100 and median in milliseconds, pages a second.
ask_pages() { # port, headers, paths
	"$builddir/bench/load" get "$1" 1 "$(unless_short 0.5 5)" "$2" "$3" \
		>"$work/load" || die 'no pages'
	awk '{ print $5 / 1000, $4 / 1000, $1 / $2 }' "$work/load"
}

# A server over the archive of so many dossiers, warmed by one turn over all.
serve_pages() { # dossiers
	store_of "$1" || return 1
	start_hosod --set office.loops=1 --set http.keepalive_max=1000000000
	log_in everything
	page_paths >"$work/page.paths"
	"$builddir/bench/load" get "$port" 1 "$(unless_short 0.2 3)" \
		"$work/everything.headers" "$work/page.paths" >/dev/null
}

page_large() {
	ask_pages "$port" "$work/large.headers" "$work/page.paths"
}

page_small() {
	ask_pages "$small_port" "$work/small.headers" "$work/page.paths"
}

# The same page in a small archive and in a large one, both being served.
page_row() { # name, dossiers
	serve_pages "$(unless_short 200 10000)" || return 1
	small=$hosod
	small_port=$port
	hosod=
	cp "$work/everything.headers" "$work/small.headers"
	serve_pages "$2" || return 1
	cp "$work/everything.headers" "$work/large.headers"
	compare "$1" 9 3 page_large page_small || return 1
	row "$1" ms '<1.3' "$work/$1.rounds" 3 1
	row "$1-median" ms - "$work/$1.rounds" 3 2
	stop_hosod
	hosod=$small
	small=
	stop_hosod
}

row_unit_page() {
	if short; then
		page_row unit-page-1k 1000
		return
	fi
	page_row unit-page-100k 100000 &&
		page_row unit-page-1m 1000000 &&
		page_row unit-page 10000000 || return 1
	rm -rf "$work/store-10000000"
}

page_pg() {
	"$builddir/bench/pg_page" "$(unless_short 0.5 5)" "$work/page.units" \
		>"$work/load" || die 'no pages'
	awk '{ print $5 / 1000, $4 / 1000, $1 / $2 }' "$work/load"
}

# As a rate, so that more is better: pages a second, one client.
row_unit_page_pg() {
	million=$(unless_short 1000 1000000)
	store_of "$million" || return 1
	load_records "$work/store-$million" && pg_index && pg_page_tables || return 1
	page_units >"$work/page.units"
	serve_pages "$million" || return 1
	cp "$work/everything.headers" "$work/large.headers"
	compare unit-page-pg 9 3 page_large page_pg || return 1
	row unit-page-pg /s 5 "$work/unit-page-pg.rounds" 3 3
	row unit-page-pg-p99 ms - "$work/unit-page-pg.rounds" 3 1
	stop_hosod
	stop_postgres
}

# --- roles --------------------------------------------------------------------------

pages_as() { # login
	ask_pages "$port" "$work/$1.headers" "$work/own.paths" |
		awk '{ print $3 }'
}

page_clerk() {
	pages_as clerk
}

page_everything() {
	pages_as everything
}

get_clerk() {
	head -1 "$work/clerk.headers" >"$work/cookie.headers"
	get_ours
}

get_everything() {
	head -1 "$work/everything.headers" >"$work/cookie.headers"
	get_ours
}

# Rounds as the clerk are paired with rounds as who may see everything.
row_roles() {
	start_readers 1 0 no || return 1
	log_in everything
	clients='taskset -c 1 wrk -t 1 -c 64'
	compare roles-get 15 2 get_clerk get_everything || return 1
	row roles-get /s 0.95 "$work/roles-get.rounds" 2 1
	stop_readers
	store_of "$(unless_short 1000 100000)" || return 1
	start_hosod --set office.loops=1 --set http.keepalive_max=1000000000
	log_in clerk
	log_in everything
	# Its own alone: of what its heirs have a clerk is shown nothing.
	own=/api/v1/units/$commune/dossiers?mode=exact
	echo "$own" >"$work/own.paths"
	as clerk "${url%/api/v1}$own" >"$work/own.clerk"
	as everything "${url%/api/v1}$own" | cmp - "$work/own.clerk" ||
		die 'the two roles do not see the same page'
	compare roles-unit-page 9 1 page_clerk page_everything || return 1
	row roles-unit-page /s 0.95 "$work/roles-unit-page.rounds" 1 1
	stop_hosod
}
