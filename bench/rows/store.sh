# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Generated stores, and the same records in PostgreSQL.

# Lines that a row adds to those of the sample.
more_units=/dev/null

# "unit first-day last-day": communes and departments as long as they lived.
unit_lines() { # first day, last day
	jq -r --arg first "$1" --arg last "$2" '
		select((.kind == "commune" or .kind == "department")
			and (.parents | length > 0))
		| [.id, ([.from // $first, $first] | max), ([.to // $last, $last] | min)]
		| select(.[1] <= .[2]) | join(" ")' \
		"$srcdir/data/sample/10-units.ndjson"
	cat "$more_units"
}

# The archive that others are generated from: units, users, so many scans of
# so many bytes.
make_source() { # name, scans, bytes each
	new_archive "$1"
	start_hosod
	log_in archivist
	: >"$work/$1.files"
	scan=0
	while [ "$scan" -lt "$2" ]; do
		openssl enc -aes-128-ctr -K "$scan" -iv 0 -in /dev/zero 2>/dev/null |
			head -c "$3" >"$work/scan-$scan"
		place=$(upload archivist "$work/scan-$scan")
		[ -n "$place" ] || return 1
		as archivist -o /dev/null --json "{\"kind\":\"BC\",
			\"subject\":\"Bản quét\",\"issuer\":{\"unit\":\"tinh-kon-tum\"},\"attachments\":[{
			\"name\":\"a.pdf\",\"media_type\":\"application/pdf\",
			\"upload\":\"$place\"}]}" "$url/documents" || return 1
		echo "$(sha256sum <"$work/scan-$scan" | cut -d ' ' -f 1) $3" \
			>>"$work/$1.files"
		scan=$((scan + 1))
	done
	author=$(as archivist "$url/session" | jq -r '.user.id // .user')
	stop_hosod
}

# An archive out of such a one; $archive is it then.
generate() { # name, source, dossiers, grants, first day, last day, "bare"
	archive=$work/$1
	unit_lines "$5" "$6" >"$work/$1.units"
	rm -rf "$archive"
	cp -r --sparse=always "$work/$2" "$archive" &&
		rm -rf "$archive/store/records" || return 1
	say "generating $1: $3 dossiers, $4 grants"
	begun=$(now)
	rules=$srcdir/data/rules
	[ "${7:-}" != bare ] || rules=
	"$builddir/bench/generate" "$work/$2/store" "$archive/store" "$3" "$4" 7 \
		"$author" "$work/$1.units" "$work/$2.files" ${rules:+"$rules"} ||
		return 1
	say "$(du -sh "$archive/store/records" | cut -f 1) in" \
		"$(calc "$(now) - $begun") s"
}

# Archives of so many dossiers, made when they are first asked for; a tenth as
# many grants.
store_of() { # dossiers
	archive=$work/store-$1
	[ ! -d "$archive" ] || return 0
	[ -d "$work/source" ] || make_source source 16 40000 || return 1
	generate "store-$1" source "$1" $(($1 / 10)) 2006-01-01 2026-06-30
}

now() {
	date +%s.%N
}

# Seconds that a command takes.
took() { # command
	begun=$(now)
	"$@" >"$work/said" 2>&1 || die "$*: $(tail -3 "$work/said")"
	calc "$(now) - $begun"
}

# --- the same in PostgreSQL ---------------------------------------------------------

# The records of an archive as JSON, and the tree of units: what indexes are
# made of.
load_records() { # archive
	start_postgres
	sql <<-'END'
		drop table if exists record, parent, succession cascade;
		create table record (kind char(1), id text, rev bigint, body jsonb);
		create table parent (child text, above text, first date, last date);
		create table succession (before text, after text);
	END
	say "loading the records of $1 into PostgreSQL"
	"$builddir/bench/dump" "$1/store" |
		sql -c 'copy record from stdin' || return 1
	sql <<-'END'
		create unique index on record (kind, id);
		insert into parent select r.id, p->>'unit',
			greatest(coalesce((p->>'from')::date, '0001-01-01'),
				coalesce((r.body->>'from')::date, '0001-01-01')),
			least(coalesce((p->>'to')::date, '9999-12-31'),
				coalesce((r.body->>'to')::date, '9999-12-31'))
			from record r, jsonb_array_elements(r.body->'parents') p
			where r.kind = 'u' and p->>'relation' = 'adm';
		insert into succession select b, a from record r,
			jsonb_array_elements_text(r.body->'predecessors') b,
			jsonb_array_elements_text(r.body->'successors') a
			where r.kind = 'r' and a <> b;
		vacuum analyze;
	END
}

# What reindex makes of them here: rows by unit and by each unit above it on
# the day, grants likewise, their sums, references of documents.
pg_index() {
	sql <<-'END'
		set max_parallel_workers_per_gather = 2;
		set max_parallel_maintenance_workers = 2;
		drop table if exists above, dossier, dossier_under, grant_row,
			grant_under, grant_sum, reference cascade;
		create table above as with recursive up as (
			select child as unit, above, first, last from parent
			union select u.unit, p.above, greatest(u.first, p.first),
				least(u.last, p.last)
			from up u join parent p on p.child = u.above
				and p.first <= u.last and u.first <= p.last)
			select * from up
			union select id, id, '0001-01-01', '9999-12-31' from record
				where kind = 'u';
		analyze above;
		create table dossier as select id, rev, body->>'unit' as unit,
			(body->>'date')::date as day, body->>'title' as title,
			body->>'kind' as kind, body->>'status' as status,
			body->>'decision' as decision,
			array(select a->>'award' from jsonb_array_elements(body->'awards') a)
				as awards
			from record where kind = 'h';
		alter table dossier add primary key (id);
		create index on dossier (unit, day, id);
		create table dossier_under as select a.above as unit, d.day,
			d.id as dossier, d.kind, d.status, d.awards
			from dossier d join above a on a.unit = d.unit
				and d.day between a.first and a.last;
		create unique index on dossier_under (unit, day, dossier);
		create table grant_row as select id, body->>'decision' as decision,
			body->>'unit' as unit, (body->>'date')::date as day,
			body->>'award' as award, body->'subject'->>'kind' as kind,
			body->'subject'->>'cadre' as cadre,
			coalesce((body->'subject'->>'woman')::bool, false) as woman,
			coalesce((body->'subject'->>'ethnic_minority')::bool, false)
				as minority,
			coalesce((body->'subject'->>'count')::int, 1) as count
			from record where kind = 'g';
		create index on grant_row (decision, id);
		create table grant_under as select a.above as unit, g.day, g.id as grant_id
			from grant_row g join above a on a.unit = g.unit
				and g.day between a.first and a.last;
		create unique index on grant_under (unit, day, grant_id);
		create table grant_sum as select a.above as unit, g.day, g.award, g.kind,
			t.attribute, sum(g.count) as sum
			from grant_row g join above a on a.unit = g.unit
				and g.day between a.first and a.last
			cross join lateral (values (''), (g.cadre),
				(case when g.woman then 'woman' end),
				(case when g.minority then 'minority' end)) t (attribute)
			where t.attribute is not null
			group by 1, 2, 3, 4, 5;
		create unique index on grant_sum (unit, day, award, kind, attribute);
		create table reference as
			select lower(body->>'reference') as reference, id
			from record where kind = 'd' and body ? 'reference';
		create index on reference (reference, id);
	END
}

# What a page asks for beside these: which units a unit's lineage has, and
# their names.  The rows of a page lie together, and are known to be visible.
pg_page_tables() {
	sql <<-'END'
		drop table if exists lineage, unit cascade;
		create table unit as select id, body->'names'->0->>'name' as name
			from record where kind = 'u';
		alter table unit add primary key (id);
		create table lineage as with recursive
			back as (select id as unit, id as member from unit
				union select b.unit, s.before from back b
					join succession s on s.after = b.member),
			forth as (select id as unit, id as member from unit
				union select f.unit, s.after from forth f
					join succession s on s.before = f.member)
			select * from back union select * from forth;
		create unique index on lineage (unit, member);
		vacuum analyze;
	END
}
