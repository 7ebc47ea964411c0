# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that drive a real hosod: a scratch archive, a server on a port of
# its own, log-ins.  A test sources this, calls make_archive, add_user and
# start_hosod, and ends with finish.
#
# HOSO_UNDER is a command that runs hosod, such as valgrind with its options.
# HOSO_SMALL_MAPS keeps the store's maps small: sanitizers and valgrind have no
# room for those of an archive.
# HOSO_PATIENCE is how many times longer than otherwise a test waits for what
# must come, and hosod for its plugins.
# shellcheck source=tests/functional/tap.sh
. "${srcdir:-.}/tests/functional/tap.sh"
LC_ALL=C.UTF-8 # hoso speaks Vietnamese, hosod English by --english
export LC_ALL
srcdir=${srcdir:-.}
builddir=${builddir:-.}
patience=${HOSO_PATIENCE:-1}
server=
loader= # who keeps it busy, where there is one
scratch=$(mktemp -d) || exit 1
trap 'end_all; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

end_all() {
	[ -z "$loader" ] || kill "$loader" 2>/dev/null
	[ -z "$server" ] || kill -9 "$server" 2>/dev/null
}

finish() {
	[ -z "$server" ] || stop_hosod
	end_checks
	exit
}

become_hosod() { # options and command
	if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
		set -- --set store.records_map=4GiB --set store.chunks_map=16GiB "$@"
	fi
	# shellcheck disable=SC2086 # words of a command
	exec ${HOSO_UNDER:-} "$builddir/hosod" --english --data "$scratch/data" \
		--set "office.rules=$srcdir/data/rules" \
		--set "office.host=$builddir/hoso-host" \
		--set "office.examiner=$builddir/hoso-examine" \
		--set "office.plugins=${plugins:-$scratch}" \
		--set "office.plugin_time_ms=$((10 * patience))s" \
		--set "store.snapshot_ms=$((60 * patience))s" \
		--set http.listen=127.0.0.1:0 "$@"
}

hosod() {
	(become_hosod "$@")
}

make_archive() {
	hosod init >"$scratch/init" 2>&1 || {
		echo "Bail out! hosod init: $(cat "$scratch/init")"
		exit 1
	}
}

# The password of everybody here.
password='correct horse battery staple'

add_user() { # login, roles
	login=$1
	shift
	for role; do
		set -- "$@" --role "$role"
		shift
	done
	echo "$password" | hosod user add "$login" --name "$login" "$@" \
		>"$scratch/user" 2>&1 || {
		echo "Bail out! hosod user add: $(cat "$scratch/user")"
		exit 1
	}
}

# Sets $server and $url.
start_hosod() { # options
	mkfifo "$scratch/ready.$$" || exit 1
	become_hosod "$@" run 2>"$scratch/ready.$$" &
	server=$!
	port=
	exec 9<"$scratch/ready.$$"
	rm "$scratch/ready.$$"
	while read -r line <&9; do
		echo "$line" >>"$scratch/log"
		case $line in
		*server.ready*)
			port=${line#* port=}
			port=${port%% *}
			break
			;;
		esac
	done
	if [ -z "$port" ]; then
		echo "Bail out! hosod did not start"
		tail "$scratch/log" | sed 's/^/# /'
		exit 1
	fi
	cat <&9 >>"$scratch/log" &
	reader=$!
	exec 9<&-
	url=http://127.0.0.1:$port/api/v1
}

# Until a command succeeds; 1 where it never does, or who is at work is gone.
await() { # command
	for _ in $(seq "$((1200 * patience))"); do
		"$@" && return 0
		# shellcheck disable=SC2086 # none, or one, or two
		[ -z "$server$loader" ] || kill -0 $server $loader 2>/dev/null || break
		sleep 0.05
	done
	return 1
}

log_says() { # words
	grep -q "$1" "$scratch/log"
}

# The log comes through a pipe, and some of it a second late.
await_log() { # words
	await log_says "$1" && return 0
	echo "# the log does not say $1:"
	tail -5 "$scratch/log" | sed 's/^/# /'
	return 1
}

# What hosod ends with is the word of sanitizers and valgrind as well.
stop_hosod() { # signal
	kill "-${1:-TERM}" "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	ended=$?
	server=
	case ${1:-TERM}$ended in
	TERM0) wait "$reader" ;;
	KILL137) ;;
	*)
		wait "$reader"
		check 'the server ends without a complaint' 0 "$ended"
		grep -vE 'level=(debug|info)' "$scratch/log" | head -20 | sed 's/^/# /'
		;;
	esac
}

# Writes $scratch/LOGIN.curl, options for `curl --config`.
log_in() { # login
	curl --silent --show-error --max-time "$((30 * patience))" --dump-header "$scratch/head" \
		--json "{\"login\":\"$1\",\"password\":\"$password\"}" \
		"$url/session" >"$scratch/session"
	cookie=$(tr -d '\r' <"$scratch/head" |
		sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p')
	csrf=$(sed -n 's/.*"csrf":"\([^"]*\)".*/\1/p' "$scratch/session")
	if [ -z "$csrf" ]; then
		echo "Bail out! no log-in: $(cat "$scratch/head" "$scratch/session")"
		exit 1
	fi
	printf 'header = "Cookie: %s"\nheader = "X-CSRF-Token: %s"\n' \
		"$cookie" "$csrf" >"$scratch/$1.curl"
}

# curl as a user; the answer's head is left in $scratch/head.
as() { # login, curl's options
	(become "$@")
}

become() { # login, curl's options
	who=$1
	shift
	exec curl --silent --show-error --max-time "$((120 * patience))" --config "$scratch/$who.curl" \
		--dump-header "$scratch/head" "$@"
}

# Of the last answer's head.
status() {
	sed -n 's/^HTTP\/[0-9.]* \([0-9]*\).*/\1/p' "$scratch/head" | tail -1
}

field() { # name
	tr -d '\r' <"$scratch/head" | sed -n "s/^$1: //Ip" | tail -1
}
