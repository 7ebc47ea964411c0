# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# get, get-log, get-tls, get-2, download: reading beside nginx, which serves
# the same bytes from a file of the same path.

# The archive with one dossier of 1 KB, one of 64 MiB, and their files.
make_read_archive() {
	[ -z "${record_path:-}" ] || {
		archive=$work/read
		return 0
	}
	new_archive read
	start_hosod
	log_in clerk
	body="{\"id\":\"ho-so-1k\",\"kind\":\"merit\",\"unit\":\"$commune\",\"date\":\"2023-05-19\",\"title\":\"T\"}"
	as clerk -o /dev/null --json "$body" "$url/dossiers" || return 1
	# Its title is made as long as 1 KB needs.
	size=$(as clerk "$url/dossiers/ho-so-1k" | wc -c)
	title=$(awk -v n=$((1025 - size)) 'BEGIN {
		for (s = "Đề nghị khen thưởng "; length(s) < n; ) { s = s "đề nghị khen thưởng " }
		print s }')
	title=$(printf %s "$title" | head -c $((1025 - size)) |
		iconv -c -f UTF-8 -t UTF-8 2>/dev/null | sed 's/ $//')
	as clerk -o /dev/null -X PATCH --json "{\"title\":\"$title\"}" \
		"$url/dossiers/ho-so-1k" || return 1
	record_path=/api/v1/dossiers/ho-so-1k
	mkdir -p "$work/www/api/v1/dossiers/ho-so-64m/files"
	as clerk "$url/dossiers/ho-so-1k" >"$work/www$record_path" || return 1
	say "a record of $(wc -c <"$work/www$record_path") bytes"
	make_download
	stop_hosod
}

make_download() {
	bytes=$(unless_short 4194304 67108864)
	openssl enc -aes-128-ctr -K 0 -iv 0 -in /dev/zero 2>/dev/null |
		head -c "$bytes" >"$work/scan"
	place=$(upload clerk "$work/scan")
	[ -n "$place" ] || return 1
	as clerk -o /dev/null --json "{\"id\":\"ho-so-64m\",\"kind\":\"merit\",
		\"unit\":\"$commune\",\"date\":\"2023-05-19\",\"title\":\"Bản quét\",
		\"components\":[{\"code\":\"C_TOTRINH\",\"attachment\":{\"name\":\"a.pdf\",
		\"media_type\":\"application/pdf\",\"upload\":\"$place\"}}]}" \
		"$url/dossiers" || return 1
	sum=$(sha256sum <"$work/scan" | cut -d ' ' -f 1)
	download_path=/api/v1/dossiers/ho-so-64m/files/$sum
	mv "$work/scan" "$work/www$download_path"
	as clerk "$url/dossiers/ho-so-64m/files/$sum" | cmp - "$work/www$download_path" ||
		die 'the two sides do not serve the same bytes'
}

# Both servers with so many threads that answer.
start_readers() { # threads, pinned to processor 0 or "", log both: yes or no
	make_read_archive || return 1
	pin=
	[ -z "$2" ] || pin="taskset -c $2"
	make_certificate
	nginx_log=off
	[ "$3" = no ] || nginx_log="$work/access.log combined buffer=64k flush=1s"
	hosod_pin=$pin
	start_hosod --set "office.loops=$1" --set "http.log_requests=$3" \
		--set http.keepalive_max=1000000000 \
		--set http.tls_listen=127.0.0.1:0 \
		--set "http.tls_certificate=$work/cert.pem" \
		--set "http.tls_key=$work/key.pem"
	hosod_pin=
	log_in clerk
	start_nginx "$1" "$nginx_log" "$pin"
	as clerk "$url${record_path#/api/v1}" | cmp - "$work/www$record_path" ||
		die 'the two sides do not serve the same bytes'
	head -1 "$work/clerk.headers" >"$work/cookie.headers"
}

stop_readers() {
	stop_hosod
	stop_nginx
}

# Requests a second and server's microseconds of processor time for one.
ask_with_wrk() { # process, address, wrk with its options
	before=$(cpu_ms "$1")
	# shellcheck disable=SC2086 # a command and its options
	$3 -d "$(unless_short 1 2)" -H "$(cat "$work/cookie.headers")" \
		"$2" >"$work/wrk" 2>&1 || die "wrk: $(cat "$work/wrk")"
	after=$(cpu_ms "$1")
	if grep -q 'Non-2xx\|Socket errors' "$work/wrk"; then
		die "wrk: $(cat "$work/wrk")"
	fi
	awk -v ms=$((after - before)) '
		/requests in/ { count = $1 }
		/^Requests\/sec/ { rate = $2 }
		END { print rate, ms * 1000 / count }' "$work/wrk"
}

get_ours() {
	ask_with_wrk "$hosod" "http://127.0.0.1:$port$record_path" "$clients"
}

get_peer() {
	ask_with_wrk "$nginx" "http://127.0.0.1:$nginx_port$record_path" "$clients"
}

tls_ours() {
	ask_with_wrk "$hosod" "https://127.0.0.1:$tls_port$record_path" "$clients"
}

tls_peer() {
	ask_with_wrk "$nginx" "https://127.0.0.1:$nginx_tls_port$record_path" \
		"$clients"
}

row_get() {
	clients='taskset -c 1 wrk -t 1 -c 64'
	start_readers 1 0 no || return 1
	compare get 15 2 get_ours get_peer || return 1
	row get /s 1.3 "$work/get.rounds" 2 1
	row get-cpu us '<0.75' "$work/get.rounds" 2 2
	stop_readers
}

row_get_log() {
	clients='taskset -c 1 wrk -t 1 -c 64'
	start_readers 1 0 yes || return 1
	compare get-log 15 2 get_ours get_peer || return 1
	row get-log /s 1.3 "$work/get-log.rounds" 2 1
	row get-log-cpu us '<0.75' "$work/get-log.rounds" 2 2
	stop_readers
}

row_get_tls() {
	clients='taskset -c 1 wrk -t 1 -c 64'
	start_readers 1 0 no || return 1
	compare get-tls 15 2 tls_ours tls_peer || return 1
	row get-tls /s 1.05 "$work/get-tls.rounds" 2 1
	stop_readers
}

row_get_2() {
	clients='wrk -t 2 -c 64'
	start_readers 2 '' no || return 1
	compare get-2 15 2 get_ours get_peer || return 1
	row get-2 /s 1.25 "$work/get-2.rounds" 2 1
	stop_readers
}

# MB a second and the server's microseconds of processor time a MB.
download_from() { # process, port
	before=$(cpu_ms "$1")
	taskset -c 1 "$builddir/bench/load" "$taker" "$2" 4 \
		"$(unless_short 0.5 2)" "$work/cookie.headers" "$work/paths" \
		>"$work/load" || die 'no download'
	after=$(cpu_ms "$1")
	awk -v ms=$((after - before)) \
		'{ mb = $3 / 1e6; print mb / $2, ms * 1000 / mb }' "$work/load"
}

download_ours() {
	download_from "$hosod" "$port"
}

download_peer() {
	download_from "$nginx" "$nginx_port"
}

row_download() {
	start_readers 1 0 no || return 1
	echo "$download_path" >"$work/paths"
	taker='get'
	compare download 15 2 download_ours download_peer || return 1
	row download MB/s 1.2 "$work/download.rounds" 2 1
	row download-cpu us/MB '<0.8' "$work/download.rounds" 2 2
	# Nobody reads the bytes, as if a network card took them: for the record.
	taker='drop'
	compare download-drop 9 2 download_ours download_peer || return 1
	row download-drop MB/s - "$work/download-drop.rounds" 2 1
	row download-drop-cpu us/MB - "$work/download-drop.rounds" 2 2
	stop_readers
}
