# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that put a real hosod to torture: what hosod.sh has, an office with
# a province, a document to decide by and a token for clients that file; the
# interposer, and what must hold at the end.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl
plugins=$builddir/plugins/built
tools=$builddir/tests/tools
torture=$builddir/tests/torture
seed=${HOSO_SEED:-${HOSO_SEED_PRESET:-$(date +%s)}}

# Leaves a server that runs, its port in $fixed, and $token.
make_office() {
	make_archive
	add_user admin archivist system_admin
	start_hosod
	log_in admin
	as admin --output /dev/null "$url/units" --json \
		'{"id":"tinh","kind":"province","names":[{"name":"Tỉnh"}]}'
	as admin --output /dev/null "$url/documents" --json \
		'{"id":"qd","kind":"QĐ","issuer":{"unit":"tinh"},"subject":"Khen thưởng"}'
	stop_hosod
	add_user loader archivist system_admin specialist:tinh \
		head_of_standing_body:tinh
	start_hosod
	log_in loader
	token=$(as loader --json '{"name":"load","expires":"'"$(date -d '+30 days' +%F)"'",
		"scopes":["unit.read","unit.write","document.read","document.write",
		"dossier.read","dossier.new","dossier.edit","dossier.step",
		"decision.read","decision.new","grant.read","package.seal","package.read",
		"report.run","system.read","upload.own"]}' "$url/tokens" |
		sed -n 's/.*"secret":"\([^"]*\)".*/\1/p')
	check 'the clients have a token' yes "${token:+yes}"
	fixed=$port
	mkdir "$scratch/acks"
}

# The same server again, on the port that the clients know.
restart_hosod() { # options
	start_hosod --set "http.listen=127.0.0.1:$fixed" "$@"
}

# One request with the clients' token: its status, the answer in $scratch/body.
ask() { # curl's options
	curl --silent --max-time "$((30 * patience))" --output "$scratch/body" \
		--write-out '%{http_code}' -H "Authorization: Bearer $token" "$@"
}

# A plugin that behaves is called: the status of its report.
half_year() {
	ask "$url/reports/half-year?unit=tinh&from=2025-01-01&to=2025-06-30&format=json"
}

# How much the clients were told is filed.
acknowledged() {
	cat "$scratch"/acks/acks.* 2>/dev/null | wc -l
}

has_filed() { # more than
	[ "$(acknowledged)" -gt "$1" ]
}

# From here on hosod runs with the interposer; $plan says what fails.
preload() {
	[ -z "${HOSO_SMALL_MAPS:-}" ] ||
		skip_all 'a sanitizer allocates by its own means'
	plan=$scratch/plan
	HOSO_PLAN=$plan
	interposer=$(cd "$torture/.libs" && pwd)/interposer.so
	HOSO_UNDER="env HOSO_PLAN=$plan LD_PRELOAD=$interposer${LD_PRELOAD:+:$LD_PRELOAD}"
}

leave_off() {
	HOSO_UNDER=
}

# Everything acknowledged is there, and the archive is sound.
judge() {
	[ -n "$server" ] || restart_hosod
	"$tools/load_check" "$fixed" "$token" "$scratch/acks" \
		"$scratch/data/keys/log.vkey" >"$scratch/checked"
	check 'every acknowledged command is there, and its receipt proves it' \
		'0 broken promises' "$(tail -1 "$scratch/checked" | sed 's/.*, //')"
	head -20 "$scratch/checked" | sed 's/^/# /'
	stop_hosod
	check 'the archive is sound to the last byte' 0 \
		"$(hosod fsck --deep >"$scratch/fsck" 2>&1; echo $?)"
	sed 's/^/# /' "$scratch/fsck" | tail -5
	check 'no index has to be built anew' '0 added, 0 changed, 0 removed' \
		"$(hosod reindex | sed 's/.*: //')"
}
