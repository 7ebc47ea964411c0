#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# docs/openapi.yaml says what api/routes.c does, and nothing else.  Both are
# brought into lines "METHOD PATH FACT" and compared in both directions.  The
# description keeps to the layout that these programs read: two blanks a
# level, one parameter a line.
srcdir=${srcdir:-.}
routes=$srcdir/api/routes.c
description=$srcdir/docs/openapi.yaml
count=0
failed=0

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# Rows of the table: { METHOD_GET, V1 "/units/{id}", handler, "act", BODY,
# FLAGS, NULL or "names" or FILTERS or "names " FILTERS, "summary" },
awk '
	/^#define FILTERS / { split($0, part, "\""); filters = part[2] }
	/^\t\{ METHOD_/ && !/, NULL, NULL, NULL,/ {
		row = $0
		method = row; sub(/.*METHOD_/, "", method); sub(/,.*/, "", method)
		path = row; sub(/^[^"]*"/, "", path); sub(/".*/, "", path)
		if (row ~ /, V1 "/) path = "/api/v1" path
		sub(/\.\.\.\}/, "}", path)
		route = method " " path
		print route " is there"
		n = split(row, piece, "\"")
		print route " act " piece[4]
		rest = row; sub(/^[^"]*"[^"]*"[^"]*"[^"]*", /, "", rest)
		body = rest; sub(/,.*/, "", body)
		print route " body " (body == "NONE" ? "no" : "yes")
		flags = rest; sub(/^[^,]*, /, "", flags)
		query = flags; sub(/,.*/, "", flags); sub(/^[^,]*, /, "", query)
		print route " public " (flags ~ /ROUTE_PUBLIC/ ? "yes" : "no")
		summary = piece[n - 1]
		print route " summary " summary
		sub(/, "[^"]*" \},.*/, "", query)
		names = ""
		if (query != "NULL") {
			names = query
			sub(/FILTERS/, " " filters, names)
			gsub(/"/, "", names)
		}
		n = split(names, name, " ")
		for (i = 1; i <= n; i++) {
			if (name[i] != "*") sub(/\*$/, "", name[i])
			print route " query " name[i]
		}
		n = split(path, segment, "/")
		for (i = 1; i <= n; i++)
			if (segment[i] ~ /^\{/) {
				gsub(/[{}]/, "", segment[i])
				print route " segment " segment[i]
			}
	}
' "$routes" | sort >"$scratch/routes"

# The description twice: first its shared parameters, then its paths.
awk '
	function end_route() {
		if (route == "") return
		print route " body " body
		print route " public " public
		for (p in of_path) print route " segment " p
		route = ""
	}
	function take(line, place, p) {
		name = line
		if (line ~ /- \{ \$ref/) {
			sub(/.*\/parameters\//, "", name); sub(/".*/, "", name)
			if (!(name in where)) { print "no parameter " name; return }
			place = where[name]; name = called[name]
		} else {
			place = line
			sub(/.*name: /, "", name); sub(/,.*/, "", name)
			sub(/.* in: /, "", place); sub(/,.*/, "", place)
			if (line ~ /explode: true/) name = "*"
		}
		if (place == "path") of_path[name] = 1
		if (place == "query") print route " query " name
	}
	FNR == 1 { pass++; part = "" }
	/^[a-z]+:/ { end_route(); part = $1 }
	pass == 1 && /^  [a-z]+:/ { inner = $1 }
	pass == 1 && part == "components:" && inner == "parameters:" && /^    [A-Za-z0-9_]+: \{/ {
		key = $1; sub(/:$/, "", key)
		called[key] = $0; sub(/.*\{ name: /, "", called[key]); sub(/,.*/, "", called[key])
		where[key] = $0; sub(/.* in: /, "", where[key]); sub(/,.*/, "", where[key])
	}
	pass != 2 || part != "paths:" { next }
	/^  \// { end_route(); path = $1; sub(/:$/, "", path); split("", of_path) }
	/^    [a-z]+:$/ && !/parameters:/ {
		end_route()
		method = $1; sub(/:$/, "", method)
		route = toupper(method) " " path
		body = "no"; public = "no"
		print route " is there"
	}
	/^      summary: / {
		summary = $0; sub(/^ *summary: /, "", summary); gsub(/"/, "", summary)
		print route " summary " summary
	}
	/^      x-act: / { print route " act " $2 }
	/^      requestBody:/ { body = "yes" }
	/^      security: \[\]/ { public = "yes" }
	/^      - \{/ || /^        - \{/ { take($0) }
' "$description" "$description" | sort >"$scratch/described"

check() { # sentence, file of complaints
	count=$((count + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $count - $1"
	fi
}

: >"$scratch/few"
[ "$(grep -c 'is there$' "$scratch/routes")" -gt 40 ] ||
	echo "the table of routes was not understood" >"$scratch/few"
[ "$(grep -c 'is there$' "$scratch/routes")" -eq "$(grep -c '^	{ METHOD_.*"' "$routes")" ] ||
	echo "a row of the table was not understood" >>"$scratch/few"
check 'the table of routes is read whole' "$scratch/few"

comm -23 "$scratch/routes" "$scratch/described" >"$scratch/missing"
check 'every route is described as it is' "$scratch/missing"

comm -13 "$scratch/routes" "$scratch/described" >"$scratch/surplus"
check 'nothing is described that is not there' "$scratch/surplus"

# Every $ref leads somewhere.
awk '
	FNR == 1 { pass++; part = "" }
	/^[a-z]+:/ { part = $1 }
	pass == 1 && part == "components:" && /^  [a-zA-Z]+:/ { inner = $1; sub(/:$/, "", inner) }
	pass == 1 && part == "components:" && /^    [A-Za-z0-9_-]+:/ {
		key = $1; sub(/:$/, "", key); there["#/components/" inner "/" key] = 1
	}
	pass == 2 {
		rest = $0
		while (match(rest, /\$ref: "[^"]*"/)) {
			target = substr(rest, RSTART + 7, RLENGTH - 8)
			if (!(target in there)) print FNR ": " target
			rest = substr(rest, RSTART + RLENGTH)
		}
	}
' "$description" "$description" >"$scratch/loose"
check 'every reference of the description leads somewhere' "$scratch/loose"

echo "1..$count"
[ "$failed" -eq 0 ]
