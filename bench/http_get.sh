#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Requests a second for a stored reply of 1 KB, and the cost of a megabyte of
# a download of 64 MB, beside nginx:
#
#     http_get.sh [ROUNDS]
#
# One worker on the first processor, wrk with 64 kept connections on the
# second, rounds of one second in turn, medians.  "cpu" is the server's
# processor time a request, which a busy machine moves less.  nginx serves a
# file of 1 KB with open_file_cache and without access log; ours logs every
# request.  What is not installed is left out.
builddir=${builddir:-.}
rounds=${1:-7}

if ! command -v wrk >/dev/null 2>&1; then
	echo "wrk is not installed: nothing measured"
	exit 0
fi
scratch=$(mktemp -d) || exit 1
servers=
trap 'kill $servers 2>/dev/null; wait; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=localhost -keyout "$scratch/key.pem" \
	-out "$scratch/cert.pem" 2>/dev/null || exit 1

mkfifo "$scratch/ports"
taskset -c 0 "$builddir/tests/tools/http_echo" http.tls_listen=127.0.0.1:0 \
	http.keepalive_max=1000000000 "http.tls_certificate=$scratch/cert.pem" \
	"http.tls_key=$scratch/key.pem" >"$scratch/ports" 2>"$scratch/log" &
ours=$!
servers=$ours
read -r port tls_port <"$scratch/ports" || exit 1
downloads="hoso_plain_download $ours http://127.0.0.1:$port/stored
hoso_tls_download $ours https://127.0.0.1:$tls_port/stored"
set -- "hoso_plain $ours http://127.0.0.1:$port/kilobyte/a" \
	"hoso_tls $ours https://127.0.0.1:$tls_port/kilobyte/a"

if command -v nginx >/dev/null 2>&1; then
	head -c 1024 /dev/zero | tr '\0' 'x' >"$scratch/kilobyte"
	head -c 67108864 /dev/zero | tr '\0' 'x' >"$scratch/stored"
	free=$(((port + 1000) % 20000 + 30000))
	cat >"$scratch/nginx.conf" <<-END
		daemon off; master_process off; error_log /dev/null;
		pid $scratch/nginx.pid;
		events { worker_connections 1024; }
		http {
			access_log off; sendfile on; tcp_nodelay on;
			default_type application/json;
			keepalive_requests 1000000000;
			open_file_cache max=100; root $scratch;
			ssl_certificate $scratch/cert.pem;
			ssl_certificate_key $scratch/key.pem;
			ssl_protocols TLSv1.3;
			server { listen 127.0.0.1:$free; }
			server { listen 127.0.0.1:$((free + 1)) ssl; }
		}
	END
	taskset -c 0 nginx -c "$scratch/nginx.conf" 2>/dev/null &
	theirs=$!
	servers="$servers $theirs"
	sleep 1
	set -- "$@" "nginx_plain $theirs http://127.0.0.1:$free/kilobyte" \
		"nginx_tls $theirs https://127.0.0.1:$((free + 1))/kilobyte"
	downloads="$downloads
nginx_plain_download $theirs http://127.0.0.1:$free/stored
nginx_tls_download $theirs https://127.0.0.1:$((free + 1))/stored"
fi

cpu_ns() { # process
	cat "/proc/$1/task/"*/schedstat | awk '{ s += $1 } END { printf "%.0f", s }'
}

requests() { # name, process, address
	before=$(cpu_ns "$2")
	taskset -c 1 wrk -t1 -c64 -d1 "$3" >"$scratch/wrk" || exit 1
	if grep -q 'Non-2xx\|Socket errors' "$scratch/wrk"; then
		grep 'Non-2xx\|Socket errors' "$scratch/wrk" >&2
		exit 1
	fi
	count=$(awk '/requests in/ { print $1 }' "$scratch/wrk")
	rate=$(awk '/Requests\/sec/ { print int($2) }' "$scratch/wrk")
	echo "$rate $((($(cpu_ns "$2") - before) / count))" >>"$scratch/$1"
}

# Four downloads, 256 MB; into columns: MB a second, ns a MB.
download() { # name, process, address
	before=$(cpu_ns "$2")
	start=$(date +%s%N)
	taskset -c 1 curl --silent --insecure --fail --output /dev/null "$3" \
		--output /dev/null "$3" --output /dev/null "$3" \
		--output /dev/null "$3" || exit 1
	took=$(($(date +%s%N) - start))
	echo "$((256000000000 / took)) $((($(cpu_ns "$2") - before) / 256))" \
		>>"$scratch/$1"
}

round=0
while [ "$round" -lt "$rounds" ]; do
	for one in "$@"; do
		# shellcheck disable=SC2086 # three words
		requests $one
	done
	echo "$downloads" >"$scratch/downloads"
	while read -r one; do
		# shellcheck disable=SC2086
		download $one </dev/null
	done <"$scratch/downloads"
	round=$((round + 1))
done

median() { # name, column
	awk -v c="$2" '{ print $c }' "$scratch/$1" | sort -n |
		awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

for one in "$@"; do
	name=${one%% *}
	echo "$name: $(median "$name" 1) requests/s," \
		"$(median "$name" 2) ns of processor time each"
done
while read -r name _; do
	echo "$name: $(median "$name" 1) MB/s," \
		"$(($(median "$name" 2) / 1000)) us of processor time each MB"
done <"$scratch/downloads"
