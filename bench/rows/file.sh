# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# file-1, file-8, file-64: durable filing of a dossier with an attachment of
# 16 KB over HTTP, beside PostgreSQL that inserts the same record, the same
# attachment and the same index rows in one statement, prepared, over its
# socket.

# "unit first-day last-day" of the communes of Kon Tum before 2025.
commune_lines() {
	jq -r 'select(.kind == "commune" and .to == "2025-06-30"
		and (.parents | length > 0)) | "\(.id) 2010-01-01 2025-06-30"' \
		"$srcdir/data/sample/10-units.ndjson"
}

# What PostgreSQL keeps: the rows that a filing writes here, each under the
# key that it is asked by, no column more.  Attachments are stored outside the
# row and not packed, since a scan cannot be.
make_pg_tables() {
	sql <<-'END'
		create table dossier (id text primary key, rev bigint not null,
			record text not null);
		create table attachment (sha256 bytea primary key,
			bytes bytea not null);
		alter table attachment alter column bytes set storage external;
		create table dossier_of_unit (unit text, day date, dossier text,
			facets bytea, primary key (unit, day, dossier));
		create table dossier_under (unit text, day date, dossier text,
			facets bytea, primary key (unit, day, dossier));
		create table log (index bigint generated always as identity
			primary key, leaf text not null);
		create table request (id bytea primary key, at bigint not null);
	END
}

# One filing as one statement; a draw of unit and day, as our clients draw.
# decode(md5()) stands for the digest: PostgreSQL is not asked to hash 16 KB.
make_pg_script() {
	{
		echo '\set n random(1, 9000000000000000)'
		echo "\\set day random(0, 5600)"
		echo "\\set unit random(1, $(wc -l <"$work/units"))"
		tr '\n\t' '  ' <<-'END'
			with d as (insert into dossier values ('h' || :n, 1, :record)),
			a as (insert into attachment values
				(int8send(:n) || int8send(:n) || int8send(:n) || int8send(:n),
				overlay(:scan::bytea placing int8send(:n) from 1))),
			o as (insert into dossier_of_unit values
				('xa-' || :unit, date '2010-01-01' + :day::int, 'h' || :n, :facets::bytea)),
			u as (insert into dossier_under values
				('xa-' || :unit, date '2010-01-01' + :day::int, 'h' || :n, :facets::bytea),
				('huyen-' || :unit / 10, date '2010-01-01' + :day::int, 'h' || :n, :facets::bytea),
				('tinh', date '2010-01-01' + :day::int, 'h' || :n, :facets::bytea)),
			r as (insert into request values (int8send(:n) || int8send(:n), :n))
			insert into log (leaf) values (:leaf);
		END
		echo
	} >"$work/file.sql"
}

# A record, a leaf and a row as they are here.
make_pg_sample() {
	id=$(as archivist "$url/audit/checkpoint" | sed -n 2p)
	[ "$id" -gt 0 ] || return 1
	first=$(as archivist "$url/units/tinh-kon-tum/dossiers?limit=1" |
		jq -r '.dossiers[0].id')
	[ -n "$first" ] || return 1
	pg_record=$(as archivist "$url/dossiers/$first")
}

start_filing() {
	new_archive "filing"
	start_hosod --set http.keepalive_max=1000000000
	log_in archivist
	commune_lines >"$work/units"
	# One filing, whose record PostgreSQL gets.
	file_ours 1 0.2 >/dev/null || return 1
	make_pg_sample || return 1
	say "a record of ${#pg_record} characters"
	start_postgres
	make_pg_tables
	make_pg_script
	pg_scan=$(openssl enc -aes-128-ctr -K 0 -iv 0 -in /dev/zero 2>/dev/null |
		head -c 16384 | od -An -v -tx1 | tr -d ' \n')
}

# Filings a second; median and 99th of 100 in milliseconds.
file_ours() { # clients, seconds
	"$builddir/bench/load" file "$port" "$1" "$2" "$work/archivist.headers" \
		"$(date +%s%N)" "$work/units" >"$work/load" || die 'no filing'
	awk '{ print $1 / $2, $4 / 1000, $5 / 1000 }' "$work/load"
}

file_peer() { # clients, seconds
	"$pg_bin/pgbench" -n -M prepared -c "$1" -j 1 -T "$2" \
		-D "record=$pg_record" -D "scan=\\x$pg_scan" \
		-D "facets=\\x0107e80704112233445566778899aabbccddeeff" \
		-D "leaf={\"act\":\"dossier.new\",\"at\":1750000000000000,\"by\":\"01j0000000000000000000000\",\"object\":\"dossier/01j0000000000000000000000\",\"rev\":1,\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}" \
		-f "$work/file.sql" >"$work/pgbench" 2>&1 ||
		die "pgbench: $(tail -3 "$work/pgbench")"
	awk '/^latency average/ { ms = $4 } /^tps/ { tps = $3 }
		END { print tps, ms, ms }' "$work/pgbench"
}

filing_row() { # clients, bar
	[ -n "${pg_scan:-}" ] && [ -n "$hosod" ] || start_filing || return 1
	clients=$1
	compare "file-$1" 11 3 filing_ours filing_peer || return 1
	row "file-$1" /s "$2" "$work/file-$1.rounds" 3 1
}

filing_ours() {
	file_ours "$clients" "$(unless_short 0.5 4)"
}

filing_peer() {
	file_peer "$clients" "$(unless_short 1 4)"
}

row_file_1() {
	filing_row 1 1.0
}

row_file_8() {
	filing_row 8 1.5
}

row_file_64() {
	filing_row 64 2.5
	stop_hosod
}
