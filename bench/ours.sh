# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Our side: an archive with the units of the sample province, its users, a
# server.  One server runs at a time, and $hosod is its process.
hosod=
password='correct horse battery staple'
# A commune of before 2025 with its clerk, three units below the state.
commune=xa-dak-choong
hosod_pin=

become_hosod() { # options and command
	# shellcheck disable=SC2086 # a command and its options
	exec $hosod_pin "$builddir/hosod" --data "$archive" \
		--set "office.rules=$srcdir/data/rules" \
		--set "office.host=$builddir/hoso-host" \
		--set "office.examiner=$builddir/hoso-examine" \
		--set "office.plugins=$builddir/plugins/built" \
		--set http.listen=127.0.0.1:0 "$@"
}

hosod() {
	(become_hosod "$@")
}

add_user() { # login, roles
	login=$1
	shift
	for role; do
		set -- "$@" --role "$role"
		shift
	done
	echo "$password" | hosod user add "$login" --name "$login" "$@" \
		>"$work/user" 2>&1 || die "hosod user add: $(cat "$work/user")"
}

hoso() {
	XDG_CONFIG_HOME=$work/config "$builddir/hoso" "$@" >"$work/said" 2>&1 ||
		die "hoso $1: $(cat "$work/said")"
}

# The archive NAME: units and users of its own, and nothing else.
new_archive() { # name
	archive=$work/$1
	if [ ! -d "$work/first" ]; then
		make_first
	fi
	rm -rf "$archive"
	cp -r --sparse=always "$work/first" "$archive"
}

make_first() {
	kept=$archive
	archive=$work/first
	hosod init >"$work/init" 2>&1 || die "hosod init: $(cat "$work/init")"
	add_user provider system_admin
	start_hosod
	echo "$password" | hoso login "http://127.0.0.1:$port" --user provider \
		--password-stdin
	hoso import "$srcdir"/data/sample/1*.ndjson
	stop_hosod
	add_user archivist archivist auditor
	add_user everything auditor
	add_user clerk "unit_clerk:$commune"
	archive=$kept
}

# Sets $hosod, $port and $tls_port: the ready line says where it listens.
start_hosod() { # options
	: >"$work/hosod.log"
	become_hosod "$@" run >/dev/null 2>"$work/hosod.log" </dev/null &
	hosod=$!
	until grep -q 'server.ready' "$work/hosod.log"; do
		kill -0 "$hosod" 2>/dev/null ||
			die "hosod did not start: $(tail -3 "$work/hosod.log")"
		sleep 0.01
	done
	port=$(sed -n 's/.*server\.ready.* port=\([0-9]*\).*/\1/p' "$work/hosod.log")
	tls_port=$(sed -n 's/.*server\.ready.* tls=\([0-9]*\).*/\1/p' \
		"$work/hosod.log")
	url=http://127.0.0.1:$port/api/v1
}

stop_hosod() {
	[ -n "$hosod" ] || return 0
	kill "$hosod" 2>/dev/null
	wait "$hosod" 2>/dev/null
	hosod=
}

# Writes $work/LOGIN.headers, what each of its requests carries.
log_in() { # login
	curl -s -m 30 --dump-header "$work/head" \
		--json "{\"login\":\"$1\",\"password\":\"$password\"}" \
		"$url/session" >"$work/said"
	cookie=$(tr -d '\r' <"$work/head" |
		sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p')
	csrf=$(sed -n 's/.*"csrf":"\([^"]*\)".*/\1/p' "$work/said")
	[ -n "$csrf" ] || die "no log-in: $(cat "$work/head" "$work/said")"
	printf 'Cookie: %s\nX-CSRF-Token: %s\n' "$cookie" "$csrf" \
		>"$work/$1.headers"
}

# curl as a user; fails where the answer is not a success.
as() { # login, curl's options
	who=$1
	shift
	curl -sS -m 300 --fail-with-body -H @"$work/$who.headers" "$@"
}

# Uploads a file and prints the upload's id.
upload() { # login, file
	as "$1" -X POST -H 'Tus-Resumable: 1.0.0' \
		-H 'Content-Type: application/offset+octet-stream' \
		-H "Upload-Length: $(wc -c <"$2")" -T "$2" \
		-o /dev/null --dump-header - "$url/uploads" | tr -d '\r' |
		sed -n 's/^[Ll]ocation:.*\/\([0-9a-z]*\)$/\1/p'
}
