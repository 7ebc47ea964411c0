# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# report, reindex: what is counted and what is derived, beside SQL.

# Half a year in which all grants lie.
half='2023-01-01 2023-06-30'

# What one takes of the reports of a file, in microseconds.
took_report() { # file of paths
	"$builddir/bench/load" get "$port" 1 "$(unless_short 0.5 4)" \
		"$work/everything.headers" "$1" >"$work/load" ||
		die 'no report'
	awk '{ print $4 }' "$work/load"
}

# A second: from a warm host, with the host's start, and the start alone.
report_ours() {
	whole=$(took_report "$work/report.paths")
	start=$(took_report "$work/floor.paths")
	echo "$(calc "1e6 / ($whole - $start)") $(calc "1e6 / $whole") \
		$(calc "1e6 / $start")"
}

# The same counts by the best plan without a table of sums: the grants of the
# unit and of all below it in that time, out of an index that has all that is
# counted.
report_peer() {
	"$pg_bin/pgbench" -n -M prepared -c 1 -T "$(unless_short 1 4)" \
		-f "$work/report.sql" >"$work/pgbench" 2>&1 ||
		die "pgbench: $(tail -3 "$work/pgbench")"
	awk '/^latency average/ { s = 1000 / $4; print s, s, s }' "$work/pgbench"
}

row_report() {
	[ -d "$work/source" ] || make_source source 16 40000 || return 1
	# shellcheck disable=SC2086 # two days
	generate report source 1000 "$(unless_short 2000 1000000)" $half || return 1
	load_records "$archive" && pg_index || return 1
	sql <<-'END'
		create table counted as select u.unit, u.day, g.award, g.kind, g.cadre,
			g.woman, g.minority, g.count
			from grant_under u join grant_row g on g.id = u.grant_id;
		create index on counted (unit, day) include (award, kind, cadre, woman,
			minority, count);
		vacuum analyze counted;
	END
	cat >"$work/report.sql" <<-'END'
		select award, kind, cadre, woman, minority, sum(count) from counted
		where unit = 'tinh-kon-tum' and day between '2023-01-01' and '2023-06-30'
		group by 1, 2, 3, 4, 5;
	END
	start_hosod
	log_in everything
	echo '/api/v1/reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30&format=json' \
		>"$work/report.paths"
	# What a report costs that has nothing to count: the host's start.
	echo '/api/v1/reports/half-year?unit=tinh-kon-tum&from=1999-01-01&to=1999-06-30&format=json' \
		>"$work/floor.paths"
	as everything "http://127.0.0.1:$port$(cat "$work/report.paths")" \
		>"$work/report.json" || return 1
	compare report 9 3 report_ours report_peer || return 1
	row report /s 50 "$work/report.rounds" 3 1
	row report-cold /s - "$work/report.rounds" 3 2
	row report-floor /s - "$work/report.rounds" 3 3
	stop_hosod
	stop_postgres
	rm -rf "$work/report"
}

# --- reindex -------------------------------------------------------------------------

# Records a second, from a copy that has no index row.
reindex_ours() {
	archive=$work/reindex
	rm -rf "$archive"
	cp -r --sparse=always "$work/bare" "$archive"
	sync
	seconds=$(took hosod reindex)
	calc "$million / $seconds"
}

reindex_peer() {
	seconds=$(took pg_index)
	calc "$million / $seconds"
}

row_reindex() {
	million=$(unless_short 1000 1000000)
	[ -d "$work/source" ] || make_source source 16 40000 || return 1
	generate bare source "$million" $((million / 10)) 2006-01-01 2026-06-30 \
		bare && load_records "$archive" || return 1
	compare reindex 3 1 reindex_ours reindex_peer || return 1
	row reindex dossiers/s 3 "$work/reindex.rounds" 1 1
	archive=$work/reindex
	hosod fsck >"$work/said" || die "fsck: $(head -3 "$work/said")"
	# What was indexed serves the rows that come.
	[ -d "$work/store-$million" ] || mv "$work/reindex" "$work/store-$million"
	rm -rf "$work/bare" "$work/reindex"
	stop_postgres
}
