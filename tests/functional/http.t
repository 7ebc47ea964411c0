#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The HTTP server as other people's clients see it: curl and openssl against
# the small application of the unit tests.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl openssl

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
	-keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null || exit 1

mkfifo "$scratch/ports" || exit 1
# shellcheck disable=SC2086 # words of a command
${HOSO_UNDER:-} "$builddir/tests/tools/http_echo" http.log_requests=no \
	http.tls_listen=127.0.0.1:0 "http.tls_certificate=$scratch/cert.pem" \
	"http.tls_key=$scratch/key.pem" >"$scratch/ports" &
server=$!
read -r port tls_port <"$scratch/ports" || exit 1
plain=http://127.0.0.1:$port
secure=https://127.0.0.1:$tls_port

ask() { # curl's options
	curl --silent --show-error --max-time "$((30 * patience))" --cacert "$scratch/cert.pem" "$@"
}

status() {
	ask --output /dev/null --write-out '%{http_code}' "$@"
}

for url in "$plain" "$secure"; do
	kind=${url%%:*}
	check "$kind: a GET is answered" hello "$(ask "$url/hello")"
	check "$kind: HTTP/1.0 is answered" hello "$(ask --http1.0 "$url/hello")"
	check "$kind: HEAD says the length" 'Content-Length: 6' \
		"$(ask --head "$url/hello" | tr -d '\r' | grep -i content-length)"
	check "$kind: JSON comes back in canonical form" '{"a":[true],"b":1}' \
		"$(ask --json '{"b": 1, "a": [true]}' "$url/echo")"
	check "$kind: nine requests share one connection" '1 0 0 0 0 0 0 0 0 ' \
		"$(ask --output /dev/null --write-out '%{num_connects} ' \
			"$url/record/[1-9]")"
	head -c 1000000 /dev/urandom >"$scratch/body"
	check "$kind: what is sent comes back" same \
		"$(ask --data-binary "@$scratch/body" "$url/bytes" |
			cmp - "$scratch/body" && echo same)"

	# 3 MB: curl asks with Expect: 100-continue first.
	head -c 3000000 /dev/zero >"$scratch/body"
	check "$kind: an upload of 3 MB is taken" '3000000 0' \
		"$(ask --request PATCH --data-binary "@$scratch/body" "$url/upload")"
	check "$kind: the same in chunks" '3000000 0' \
		"$(ask --request PATCH --header 'Transfer-Encoding: chunked' \
			--data-binary "@$scratch/body" "$url/upload")"
	check "$kind: a refused upload is told why" 403 \
		"$(status --request PATCH --data-binary "@$scratch/body" \
			"$url/upload?refuse")"
	check "$kind: a body too large is 413" 413 \
		"$(status --data-binary "@$scratch/body" "$url/bytes")"

	ask --output "$scratch/whole" "$url/big?bytes=5000000"
	head -c 2000000 "$scratch/whole" >"$scratch/part"
	ask --continue-at - --output "$scratch/part" "$url/big?bytes=5000000"
	check "$kind: a download that broke off goes on" same \
		"$(cmp "$scratch/whole" "$scratch/part" && echo same)"
	check "$kind: a chunked download is the same" same \
		"$(ask "$url/big?bytes=5000000&unknown" |
			cmp - "$scratch/whole" && echo same)"
	check "$kind: what is unchanged is not sent again" 304 \
		"$(status --header 'If-None-Match: "17"' "$url/record/a")"
	check "$kind: an unknown address is 404" 404 "$(status "$url/nothing")"
done

check 'TLS 1.2 is refused' 000 \
	"$(status --tls-max 1.2 "$secure/hello" 2>/dev/null)"
check 'TLS ends with close_notify' yes \
	"$(printf 'GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n' |
		openssl s_client -quiet -no_ign_eof -ign_eof -state \
			-connect "127.0.0.1:$tls_port" 2>&1 |
		grep -q 'alert read:warning:close notify' && echo yes)"

kill "$server"
wait "$server"
check 'SIGTERM ends the server in order' 0 $?
server=
finish
