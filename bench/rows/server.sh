# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# start, memory, size: the server itself.

# Milliseconds from the start of the process to its first answer.
start_once() {
	"$builddir/bench/first" "$((BENCH_PORT + 4))" "$builddir/hosod" \
		--data "$archive" --set "office.rules=$srcdir/data/rules" \
		--set "office.host=$builddir/hoso-host" \
		--set "office.examiner=$builddir/hoso-examine" \
		--set "office.plugins=$builddir/plugins/built" \
		--set "http.listen=127.0.0.1:$((BENCH_PORT + 4))" run \
		2>"$work/hosod.log" || die "no answer: $(tail -3 "$work/hosod.log")"
}

row_start() {
	store_of "$(unless_short 1000 1000000)" || return 1
	: >"$work/start.rounds"
	start_once >/dev/null
	for _ in $(seq "$(unless_short 1 9)"); do
		echo "$(start_once) 1" >>"$work/start.rounds"
	done
	row_single start ms '<100' "$work/start.rounds"
}

# A row that has no peer: the median of a file's first column is judged.
row_single() { # name, unit, bar, file
	# shellcheck disable=SC2046 # six words
	set -- "$1" "$2" "$3" $(medians "$4" 1 1)
	row_alone "$1" "$2" "$3" "$4" "$7" "$8" "$9"
}

anonymous_kib() {
	awk '/^RssAnon/ { print $2 }' "/proc/$hosod/status"
}

# One server does a bit of everything, then rests.
row_memory() {
	million=$(unless_short 1000 1000000)
	store_of "$million" || return 1
	make_certificate
	start_hosod --set http.keepalive_max=1000000000 \
		--set http.tls_listen=127.0.0.1:0 \
		--set "http.tls_certificate=$work/cert.pem" \
		--set "http.tls_key=$work/key.pem"
	log_in archivist
	log_in everything
	exercise || return 1
	sleep "$(unless_short 1 10)"
	echo "$(anonymous_kib) 1024" >"$work/memory.rounds"
	row_alone memory MiB '<32' \
		"$(awk '{ print $1 / $2 }' "$work/memory.rounds")" \
		"$(awk '{ print $1 / $2 }' "$work/memory.rounds")" \
		"$(awk '{ print $1 / $2 }' "$work/memory.rounds")" 1
	stop_hosod
	: >"$work/memory-tls.rounds"
	for _ in $(seq "$(unless_short 1 5)"); do
		idle_tls "$(unless_short 100 1000)" >>"$work/memory-tls.rounds" ||
			return 1
	done
	row_single memory-tls KiB '<30' "$work/memory-tls.rounds"
}

exercise() {
	seconds=$(unless_short 0.2 5)
	page_paths >"$work/page.paths"
	commune_lines >"$work/units"
	head -c "$(unless_short 1000000 268435456)" /dev/urandom >"$work/scan"
	upload archivist "$work/scan" >/dev/null
	for what in "get $port 64 $seconds $work/everything.headers $work/page.paths" \
		"file $port 64 $seconds $work/archivist.headers 1 $work/units"; do
		# shellcheck disable=SC2086 # words of a command
		"$builddir/bench/load" $what >/dev/null || return 1
	done
	as everything -o /dev/null \
		"$url/reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30&format=json"
}

# KiB of anonymous memory that each of so many idle connections adds to a new
# server which has a hundred of them already: pools are filled by then, and
# there is no memory that something else has left behind.
idle_tls() { # connections
	start_hosod --set http.tls_listen=127.0.0.1:0 \
		--set "http.tls_certificate=$work/cert.pem" \
		--set "http.tls_key=$work/key.pem"
	hold_tls 100
	few=$holder
	before=$(anonymous_kib)
	hold_tls "$1"
	calc "($(anonymous_kib) - $before) / $1" | sed 's/$/ 1/'
	kill "$holder" "$few"
	wait "$holder" "$few" 2>/dev/null
	stop_hosod
}

# Sets $holder to the process that has so many connections open.
hold_tls() { # connections
	rm -f "$work/ready"
	"$builddir/bench/idle" "$tls_port" "$1" >"$work/ready" </dev/null &
	holder=$!
	until grep -qs ready "$work/ready"; do
		kill -0 "$holder" 2>/dev/null || die 'no idle connections'
		sleep 0.05
	done
}

row_size() {
	strip -o "$work/stripped" "$builddir/hosod"
	bytes=$(calc "$(wc -c <"$work/stripped") / 1048576")
	row_alone size MiB '<2' "$bytes" "$bytes" "$bytes" 1
}
