#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Uploads by the tus protocol, rule by rule, with curl against hosod; then a
# server killed in the middle of one, and its memory while a large one comes.
# HOSO_BIG is the size of that in bytes.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl

TUS='Tus-Resumable: 1.0.0'
BODY='Content-Type: application/offset+octet-stream'

make_archive
add_user clerk archivist
add_user other archivist
start_hosod
log_in clerk
log_in other

# A request that sends no file; prints nothing, see status and field.
ask() { # login, curl's options
	as "$@" --output "$scratch/body"
}

begin() { # length, curl's options; sets $place
	length=$1
	shift
	ask clerk --request POST -H "$TUS" -H "Upload-Length: $length" "$@" \
		"$url/uploads"
	place=http://127.0.0.1:$port$(field Location)
}

patch() { # offset, file, curl's options
	offset=$1
	file=$2
	shift 2
	ask clerk --request PATCH -H "$TUS" -H "$BODY" -H "Upload-Offset: $offset" \
		--data-binary "@$file" "$@" "$place"
}

offset() {
	ask clerk --head -H "$TUS" "$place"
	field Upload-Offset
}

sum() { # file
	sha256sum "$1" | cut -d ' ' -f 1
}

state() { # member
	as clerk "$place" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

base64sum() { # file
	printf '%s' "$(sum "$1" | sed 's/../\\x&/g')" | xargs -0 printf '%b' | base64
}

# --- what is offered ---------------------------------------------------------

curl --silent --dump-header "$scratch/head" --request OPTIONS "$url/uploads"
check 'OPTIONS names the version, to anybody' '204 1.0.0' \
	"$(status) $(field Tus-Version)"
check 'OPTIONS names the extensions' \
	creation,creation-with-upload,creation-defer-length,termination,checksum,expiration \
	"$(field Tus-Extension)"
check 'OPTIONS names the sum and the largest size' 'sha256 17179869184' \
	"$(field Tus-Checksum-Algorithm) $(field Tus-Max-Size)"

# --- creation ------------------------------------------------------------------

name=$(printf 'Tờ trình số 12.pdf' | base64)
type=$(printf 'application/pdf' | base64)
begin 10 -H "Upload-Metadata: filename $name,filetype $type,is_secret"
check 'an upload is made' '201 0 1.0.0' \
	"$(status) $(field Upload-Offset) $(field Tus-Resumable)"
check 'it says when it expires' yes \
	"$(field Upload-Expires | grep -q 'GMT$' && echo yes)"
check 'its address is that of an upload' yes \
	"$(field Location | grep -Eq '^/api/v1/uploads/[0-9a-z]{20}$' && echo yes)"
ask clerk --head -H "$TUS" "$place"
check 'HEAD says length and offset, and is kept by nobody' '200 0 10 no-store' \
	"$(status) $(field Upload-Offset) $(field Upload-Length) $(field Cache-Control)"
check 'HEAD gives the metadata back as they came' \
	"filename $name,filetype $type,is_secret" "$(field Upload-Metadata)"
check 'the state in JSON has the name' 'Tờ trình số 12.pdf' "$(state name)"

ask clerk --request POST -H 'Upload-Length: 10' "$url/uploads"
check 'without Tus-Resumable nothing is made' '412 1.0.0' \
	"$(status) $(field Tus-Version)"
ask clerk --request POST -H 'Tus-Resumable: 0.2.2' -H 'Upload-Length: 10' \
	"$url/uploads"
check 'another version is refused' 412 "$(status)"
ask clerk --request POST -H "$TUS" "$url/uploads"
check 'a length is needed' 400 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: -1' "$url/uploads"
check 'a length is a number' 400 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 5' \
	-H 'Upload-Defer-Length: 1' "$url/uploads"
check 'a length is there or deferred, not both' 400 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Defer-Length: 2' "$url/uploads"
check 'only 1 defers the length' 400 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 17179869185' "$url/uploads"
check 'more than the largest size is 413' 413 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 5' \
	-H 'Upload-Metadata: filename ???' "$url/uploads"
check 'metadata must be base64' 400 "$(status)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 5' \
	-H 'Upload-Metadata: a YQ==,a Yg==' "$url/uploads"
check 'a key of metadata stands once' 400 "$(status)"
begin 0
check 'an empty file is complete at once' \
	"true $(sum /dev/null)" "$(state complete) $(state sha256)"

# --- going on --------------------------------------------------------------------

printf 01234 >"$scratch/a"
printf 56789 >"$scratch/b"
cat "$scratch/a" "$scratch/b" >"$scratch/ab"
begin 10
patch 0 "$scratch/a"
check 'bytes are taken' '204 5' "$(status) $(field Upload-Offset)"
check 'and counted' 5 "$(offset)"
patch 0 "$scratch/a"
check 'another offset is 409' 409 "$(status)"
check 'and changes nothing' 5 "$(offset)"
patch 5 "$scratch/ab"
check 'more than the length is 413' 413 "$(status)"
patch 5 "$scratch/ab" -H 'Transfer-Encoding: chunked'
check 'also where it is only seen on the way' 413 "$(status)"
check 'and changes nothing either' 5 "$(offset)"
ask clerk --request PATCH -H "$TUS" -H 'Content-Type: text/plain' \
	-H 'Upload-Offset: 5' --data-binary "@$scratch/b" "$place"
check 'another media type is 415' 415 "$(status)"
ask clerk --request PATCH -H "$TUS" -H "$BODY" --data-binary "@$scratch/b" \
	"$place"
check 'an offset is needed' 400 "$(status)"
ask clerk --request PATCH -H "$BODY" -H 'Upload-Offset: 5' \
	--data-binary "@$scratch/b" "$place"
check 'so is Tus-Resumable' 412 "$(status)"
patch 5 "$scratch/b"
check 'the rest completes it' '204 10' "$(status) $(field Upload-Offset)"
check 'its SHA-256 is that of the file' "true $(sum "$scratch/ab")" \
	"$(state complete) $(state sha256)"
patch 10 /dev/null
check 'nothing more is nothing wrong' '204 10' "$(status) $(field Upload-Offset)"

begin 10
ask clerk --request POST -H "$TUS" -H "$BODY" -H 'Upload-Offset: 0' \
	-H 'X-HTTP-Method-Override: PATCH' --data-binary "@$scratch/a" "$place"
check 'POST stands for PATCH where it says so' '204 5' \
	"$(status) $(field Upload-Offset)"
ask clerk --request POST -H "$TUS" "$place"
check 'and for nothing where it does not' 400 "$(status)"

# --- creation with the bytes, deferred length ---------------------------------------

ask clerk --request POST -H "$TUS" -H 'Upload-Length: 10' -H "$BODY" \
	--data-binary "@$scratch/a" "$url/uploads"
place=http://127.0.0.1:$port$(field Location)
check 'bytes may come with the creation' '201 5' \
	"$(status) $(field Upload-Offset)"
patch 5 "$scratch/b"
check 'and the rest later' "$(sum "$scratch/ab")" "$(state sha256)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 10' \
	-H 'Content-Type: text/plain' --data-binary "@$scratch/a" "$url/uploads"
check 'but of the right type alone' 415 "$(status)"

ask clerk --request POST -H "$TUS" -H 'Upload-Defer-Length: 1' "$url/uploads"
place=http://127.0.0.1:$port$(field Location)
check 'a length can be said later' 201 "$(status)"
patch 0 "$scratch/a"
ask clerk --head -H "$TUS" "$place"
check 'until then HEAD says so' '5 1 -' \
	"$(field Upload-Offset) $(field Upload-Defer-Length) $(field Upload-Length)-"
patch 5 "$scratch/b" -H 'Upload-Length: 10'
check 'with it the upload is complete' "$(sum "$scratch/ab")" "$(state sha256)"
ask clerk --request POST -H "$TUS" -H 'Upload-Length: 10' "$url/uploads"
place=http://127.0.0.1:$port$(field Location)
patch 0 "$scratch/a" -H 'Upload-Length: 9'
check 'a length that was said stays' 409 "$(status)"

# --- checksums ------------------------------------------------------------------------

begin 10
patch 0 "$scratch/a" -H "Upload-Checksum: sha256 $(base64sum "$scratch/b")"
check 'another sum is 460' 460 "$(status)"
check 'and nothing of it was kept' 0 "$(offset)"
patch 0 "$scratch/a" -H "Upload-Checksum: sha256 $(base64sum "$scratch/a")"
check 'the right sum is taken' '204 5' "$(status) $(field Upload-Offset)"
patch 5 "$scratch/b" -H "Upload-Checksum: md5 $(base64sum "$scratch/b")"
check 'an unknown kind of sum is 400' 400 "$(status)"
patch 5 "$scratch/b" -H "Upload-Checksum: sha256 $(base64sum "$scratch/b")"
check 'sums do not disturb the whole' "$(sum "$scratch/ab")" "$(state sha256)"

# --- whose it is, and its end -------------------------------------------------------------

begin 10
for method in HEAD PATCH DELETE GET; do
	set -- --request "$method"
	[ "$method" != HEAD ] || set -- --head
	ask other "$@" -H "$TUS" -H "$BODY" -H 'Upload-Offset: 0' "$place"
	check "somebody else's $method finds nothing" 404 "$(status)"
done
ask clerk --request DELETE -H "$TUS" "$place"
check 'an upload is given up' 204 "$(status)"
ask clerk --head -H "$TUS" "$place"
check 'and gone' '404 -' "$(status) $(field Upload-Offset)-"
ask clerk --request DELETE -H "$TUS" "$place"
check 'once' 404 "$(status)"
curl --silent --dump-header "$scratch/head" --request POST -H "$TUS" \
	-H 'Upload-Length: 10' --output /dev/null "$url/uploads"
check 'a stranger uploads nothing' 401 "$(status)"

# --- a client that breaks off ---------------------------------------------------------------

head -c 67108864 /dev/urandom >"$scratch/large"
begin 67108864

# Gives the client at work some bytes of it; the pipe holds back at most 64 KiB.
feed() { # from, bytes
	tail -c "+$(($1 + 1))" "$scratch/large" | head -c "$2" |
		timeout "$((120 * patience))" cat >&8
}

is_beyond() { # command that prints an offset, an offset
	[ "$("$1")" -gt "$2" ]
}

stored() {
	state offset
}

# Sends so much of it in the background that some has been stored, and then has
# no more to send, and no end.  hosod stores what came when 16 MiB are in; of
# what is sent, a piece under 256 KiB is left with it, and the pipe and curl
# have some more.
some=18000000
send_some() { # from
	rm -f "$scratch/pipe"
	mkfifo "$scratch/pipe"
	exec 8<>"$scratch/pipe"
	become clerk --request PATCH -H "$TUS" -H "$BODY" -H "Upload-Offset: $1" \
		--upload-file - --output /dev/null --write-out '%{http_code}' "$place" \
		<"$scratch/pipe" >"$scratch/code" 2>/dev/null 8>&- &
	client=$!
	feed "$1" "$some"
	await is_beyond stored "$1"
}

send_some 0
flushed=$(stored)
feed "$some" 1000000
kill -9 "$client"
wait "$client" 2>/dev/null
await is_beyond offset "$flushed"
# What was on its way is still being taken until the server has let it go.
has_let_go() {
	patch 0 /dev/null
	[ "$(status)" = 409 ]
}
await has_let_go
at=$(offset)
check 'what came before a client broke off is kept' yes \
	"$([ "$at" -gt "$flushed" ] && [ "$at" -lt 67108864 ] && echo yes ||
		echo "$flushed, then $at")"

# --- two at one upload ---------------------------------------------------------------------------

send_some "$at"
old=$client
head -c 1 "$scratch/large" >"$scratch/one"
patch "$(stored)" "$scratch/one"
check 'a second request is told that it is not its turn' 423 "$(status)"
feed "$(stored)" 1000 # it is told as soon as it sends on
exec 8>&-
wait "$old"
check 'but the first is called off, and told so' 423 "$(cat "$scratch/code")"
at=$(offset)
tail -c "+$((at + 1))" "$scratch/large" | head -c 1000 >"$scratch/one"
patch "$at" "$scratch/one"
check 'and the second goes on where it was' "204 $((at + 1000))" \
	"$(status) $(field Upload-Offset)"
at=$((at + 1000))

# --- kill -9 -----------------------------------------------------------------------------------

send_some "$at"
flushed=$(stored)
stop_hosod KILL
kill -9 "$client"
wait "$client" 2>/dev/null
id=${place##*/}
start_hosod
place=$url/uploads/$id
at=$(offset)
check 'a killed server has what it flushed' yes \
	"$([ "$at" -ge "$flushed" ] && [ "$at" -lt 67108864 ] && echo yes ||
		echo "$flushed, then $at")"
exec 8>&-
tail -c "+$((at + 1))" "$scratch/large" >"$scratch/rest"
patch "$at" "$scratch/rest"
check 'goes on from there' '204 67108864' "$(status) $(field Upload-Offset)"
check 'and has the very same file' "$(sum "$scratch/large")" "$(state sha256)"

# --- memory -------------------------------------------------------------------------------------

big=${HOSO_BIG:-536870912}
anon() {
	awk '/^RssAnon/ { print $2 }' "/proc/$server/status"
}
begin "$big"
head -c "$big" /dev/urandom | as clerk --request PATCH -H "$TUS" -H "$BODY" \
	-H 'Upload-Offset: 0' --max-time "$((600 * patience))" --upload-file - --output /dev/null "$place" &
client=$!
most=0
while kill -0 "$client" 2>/dev/null; do
	now=$(anon)
	[ "$now" -le "$most" ] || most=$now
	sleep 0.05
done
wait "$client"
check 'a large file is taken' "$big" "$(offset)"
if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
	skip 'memory stays flat' "a sanitizer's shadow is anonymous memory, too"
else
	check "memory stays flat while $big bytes come (RssAnon in KiB: $most)" yes \
		"$([ "$most" -gt 0 ] && [ "$most" -lt 65536 ] && echo yes || echo "$most")"
fi
finish
