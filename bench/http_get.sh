#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Requests a second for a stored reply of 1 KB, beside nginx:
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
set -- "hoso_plain $ours http://127.0.0.1:$port/kilobyte/a" \
	"hoso_tls $ours https://127.0.0.1:$tls_port/kilobyte/a"

if command -v nginx >/dev/null 2>&1; then
	head -c 1024 /dev/zero | tr '\0' 'x' >"$scratch/kilobyte"
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
fi

cpu_ns() { # process
	cat "/proc/$1/task/"*/schedstat | awk '{ s += $1 } END { printf "%.0f", s }'
}

measure() { # name, process, address
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

round=0
while [ "$round" -lt "$rounds" ]; do
	for one in "$@"; do
		# shellcheck disable=SC2086 # three words
		measure $one
	done
	round=$((round + 1))
done

median() { # name, column
	awk -v c="$2" '{ print $c }' "$scratch/$1" | sort -n |
		sed -n "$(((rounds + 1) / 2))p"
}

for one in "$@"; do
	name=${one%% *}
	echo "$name: $(median "$name" 1) requests/s, $(median "$name" 2) ns cpu"
done
