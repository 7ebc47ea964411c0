#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Uploads by tus-js-client, the client that most pages use.  It is taken from
# NODE_PATH, where somebody installed it; not needed for anything else.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need node curl
node -e 'require("tus-js-client")' 2>/dev/null ||
	skip_all 'tus-js-client is not installed (npm install tus-js-client, NODE_PATH)'

make_archive
add_user clerk archivist
start_hosod
log_in clerk
head -c 7500000 /dev/urandom >"$scratch/file"
place=$(node "$srcdir/tests/functional/tus_client.js" "$url/uploads" \
	"$scratch/file" "$cookie" "$csrf" 2>"$scratch/complaint")
check 'tus-js-client says nothing but where the file is' '' "$(cat "$scratch/complaint")"
as clerk "$place" >"$scratch/state"
check 'what it sent in two goes is the file' "$(sha256sum "$scratch/file" | cut -d ' ' -f 1)" \
	"$(sed -n 's/.*"sha256":"\([^"]*\)".*/\1/p' "$scratch/state")"
check 'its name came along' 'Tờ trình số 12.pdf' \
	"$(sed -n 's/.*"name":"\([^"]*\)".*/\1/p' "$scratch/state")"
finish
