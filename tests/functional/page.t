#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The web page as it is built and served: what its document loads, how heavy
# that is, by which rules it runs, and who may change something through it.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl
page=$builddir/web/page
[ -f "$page/index.html" ] || page=$srcdir/web/page
[ -f "$page/index.html" ] || skip_all 'the web page is not built'

make_archive
add_user clerk archivist
start_hosod --set "web.root=$page"
origin=${url%/api/v1}

# The head goes to $scratch/head.
fetch() { # path, curl's options
	path=$1
	shift
	curl --silent --show-error --max-time "$((30 * patience))" --path-as-is --dump-header "$scratch/head" "$@" \
		"$origin$path"
}

status_of() { # path, curl's options
	fetch "$@" >/dev/null
	status
}

# --- the document and what it loads -----------------------------------------------

fetch /ho-so/hs-1 >"$scratch/document"
check 'an address of the page shows its document' "200 text/html; charset=utf-8" \
	"$(status) $(field Content-Type)"
check '  asked for anew each time' no-cache "$(field Cache-Control)"
check '  that runs and shows files of its own alone' \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'" \
	"$(field Content-Security-Policy)"
check '  without a script or style inside' 0 \
	"$(grep -ciE '<style|style=|<script>| on[a-z]+=' "$scratch/document")"

# The words of the reader's language come with it, by a script of their own.
{
	grep -oE '(src|href)="[^"]*"' "$scratch/document" | cut -d '"' -f 2
	(cd "$page" && ls assets/vi-*.js | sed 's|^|/|')
} >"$scratch/loaded"
weight=$(fetch /don-vi -H 'Accept-Encoding: br' | wc -c)
while read -r path; do
	check "what it loads is there: ${path%-*}" '200 public, max-age=31536000, immutable' \
		"$(status_of "$path") $(field Cache-Control)"
	weight=$((weight + $(fetch "$path" -H 'Accept-Encoding: br' | wc -c)))
done <"$scratch/loaded"
check 'it loads something' 'index parts vi' "$(sed -n 's|^/assets/\([a-z]*\)-.*\.js$|\1|p' "$scratch/loaded" | paste -sd ' ')"
echo "# first load: $weight bytes, brotli"
check 'the first load is at most 44 KB' yes "$([ "$weight" -le 45056 ] && echo yes || echo "$weight")"

script=$(grep '/index-.*\.js$' "$scratch/loaded")
fetch "$script" >"$scratch/plain"
fetch "$script" --compressed -H 'Accept-Encoding: gzip' >"$scratch/unpacked"
check 'what is packed is what is plain' "$(sha256sum <"$scratch/plain")" "$(sha256sum <"$scratch/unpacked")"
check 'an asset that was fetched is not fetched again' 304 \
	"$(status_of "$script" -H "If-None-Match: $(fetch "$script" >/dev/null; field ETag)")"
# Names of XML's spaces are no addresses; what pdf.js names it does not ask, nor does the policy let it.
check 'no other host is named in the page' '' "$(grep -rohE '(https?:)?//[a-z0-9-]+\.[a-z][a-z0-9.-]*' "$page" --include='*.js' --include='*.css' --include='*.html' --exclude='pdf*.js' |
	grep -v '^http://\(www\.w3\|uri\.etsi\)\.org' | sort -u)"

# --- what is no page ------------------------------------------------------------------

for path in /api /api/ /api/v1 /api/v1/nothing /don-vi/a/b /index.html /assets/ /nothing '/%2e%2e%2fkeys' \
	/assets/../index.html '/assets/%2e%2e/index.html' '/assets/..%2f..%2fhosod.conf'; do
	case $(status_of "$path") in
	400 | 404) got='refused application/problem+json' ;;
	*) got=$(status) ;;
	esac
	check "no page: $path" "refused $(field Content-Type)" "$got"
done
check 'the page takes no changes' 405 "$(status_of /don-vi -X POST)"

# --- changes come from the page alone ----------------------------------------------------

log_in clerk
check 'a form of another site cannot log somebody in' 415 \
	"$(status_of /api/v1/session --data 'login=clerk&password=x')"
check '  nor can one that says it is text' 415 \
	"$(status_of /api/v1/session -H 'Content-Type: text/plain' --data '{"login":"clerk","password":"x"}')"
check 'a cookie alone changes nothing' 403 \
	"$(status_of /api/v1/documents -H "Cookie: $cookie" --json '{}')"
check '  nor with the token of another log-in' 403 \
	"$(status_of /api/v1/documents -H "Cookie: $cookie" -H "X-CSRF-Token: $(printf %064d 0)" --json '{}')"
check '  with its own it is read' 400 \
	"$(status_of /api/v1/documents -H "Cookie: $cookie" -H "X-CSRF-Token: $csrf" --json '{}')"
check 'no other site reads an answer' '' \
	"$(status_of /api/v1/session -H 'Origin: https://example.org' -H "Cookie: $cookie" >/dev/null; field Access-Control-Allow-Origin)"

# --- its words -----------------------------------------------------------------------------

esbuild=$builddir/web/work/node_modules/.bin/esbuild
if [ -x "$esbuild" ] && command -v node >/dev/null; then
	"$esbuild" "$srcdir/web/src/words/fill.ts" --format=esm --log-level=error --outfile="$scratch/fill.mjs"
	check 'both languages have the same words, counted by their own rules, and no text stands in the code' '' \
		"$(node "$srcdir/tests/web/words.js" "$srcdir/web/src" "$scratch/fill.mjs")"
else
	skip 'both languages have the same words' 'the web page was not built here'
fi
finish
