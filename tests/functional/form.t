#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A record and the files that it names in one request, by multipart/form-data:
# small ones and such as need chunks, what is refused, what stays behind.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai specialist:tinh-quang-ngai
start_hosod
log_in luutru
log_in quantri

small="$scratch/tờ trình.pdf"
large=$scratch/large.pdf
head -c 12288 /dev/urandom | base64 -w 0 >"$small" # 16,384 bytes
head -c 300000 /dev/urandom >"$large"

sum() { # file
	sha256sum "$1" | cut -d ' ' -f 1
}

# A dossier with these components.
record() { # attachments, as JSON
	components=
	for attachment; do
		components="$components,{\"code\":\"C_KHAC\",\"attachment\":$attachment}"
	done
	printf '{"kind":"merit","title":"Hồ sơ","unit":"xa-xop-2025","date":"2025-08-01","awards":[],"components":[%s]}' \
		"${components#,}" >"$scratch/record.json"
}

file() { # curl's options
	as luutru -F "record=@$scratch/record.json;type=application/json" "$@" \
		--output "$scratch/answer" "$url/dossiers"
}

said() { # member
	sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$scratch/answer"
}

record '{"part":"scan"}' '{"part":"film","name":"Phim.mp4","media_type":"video/mp4"}'
file -F "scan=@$small;type=application/pdf" -F "film=@$large"
check 'a dossier and its files are filed by one request' 201 "$(status)"
dossier=$(field Location)
check 'the name and the type of a file are those of its part' \
	"{\"media_type\":\"application/pdf\",\"name\":\"tờ trình.pdf\",\"sha256\":\"$(sum "$small")\",\"size\":16384}" \
	"$(grep -o '{"media_type":"application/pdf"[^}]*}' "$scratch/answer")"
check 'or those that the record says' \
	"{\"media_type\":\"video/mp4\",\"name\":\"Phim.mp4\",\"sha256\":\"$(sum "$large")\",\"size\":300000}" \
	"$(grep -o '{"media_type":"video/mp4"[^}]*}' "$scratch/answer")"
for one in "$small" "$large"; do
	check "the file of $(wc -c <"$one") bytes comes back" "$(sum "$one")" \
		"$(as luutru "${url%/api/v1}$dossier/files/$(sum "$one")" |
			sha256sum | cut -d ' ' -f 1)"
done
check 'a range of a small file comes back' \
	"$(tail -c +5001 "$small" | head -c 1000 | sha256sum)" \
	"$(as luutru --range 5000-5999 \
		"${url%/api/v1}$dossier/files/$(sum "$small")" | sha256sum)"

file -F "scan=@$small" -F "film=@$large" -F "more=@$small"
check 'a part that nobody names is refused' '400 more' "$(status) $(said field)"
file -F "scan=@$small"
check 'a part that is not there is refused' \
	'400 /components/1/attachment/part' "$(status) $(said field)"
record '{"part":"scan"}' '{"part":"scan"}'
file -F "scan=@$small"
check 'a part that two attachments name is refused' \
	'400 /components/1/attachment/part' "$(status) $(said field)"
record '{"part":"scan","upload":"0000000000000000000a"}'
file -F "scan=@$small"
check 'a part that is an upload too is refused' \
	'400 /components/0/attachment/upload' "$(status) $(said field)"
as luutru -F "scan=@$small" --output "$scratch/answer" "$url/dossiers"
check 'a form without a record is refused' '400 record' \
	"$(status) $(said field)"
as quantri -F "record=@$scratch/record.json" --output /dev/null "$url/units"
check 'a form is refused where no file belongs' 415 "$(status)"
record '{"part":"scan"}'
head -c 2000000 /dev/zero >"$scratch/huge"
file -F "scan=@$scratch/huge"
check 'what is over the limit of a body is refused' 413 "$(status)"

file -H 'Idempotency-Key: once' -F "scan=@$small;type=application/pdf"
first=$(field Location)
file -H 'Idempotency-Key: once' -F "scan=@$small;type=application/pdf"
check 'a repeated form is filed once' "$first" "$(field Location)"
as luutru -F 'record={"code":"C_KHAC","attachment":{"part":"scan"}};type=application/json' \
	-F "scan=@$large;type=application/pdf" --output "$scratch/answer" \
	"${url%/api/v1}$first/components"
check 'a component is added with its file' 200 "$(status)"

hosod fsck --deep >"$scratch/fsck" 2>&1
check 'fsck reads them all' '0 0 findings' \
	"$? $(grep -o '[0-9]* findings' "$scratch/fsck")"
hosod backup "$scratch/copy" >"$scratch/backup" 2>&1 ||
	sed 's/^/# /' "$scratch/backup"
stop_hosod
# Wherever its first bytes lie: the store keeps old pages for a while.
data=$scratch/data/store/records/data.mdb
LC_ALL=C grep -abo -F "$(head -c 40 "$small")" "$data" | cut -d : -f 1 |
	while read -r place; do
		printf '\377' | dd of="$data" bs=1 seek="$place" conv=notrunc 2>/dev/null
	done
hosod fsck --deep >"$scratch/fsck" 2>&1
dossier=dossier/${first##*/}
check 'a small file that was changed is found, and its dossier is named' "$dossier" \
	"$(sed -n 's/^dossier[.]damaged: \([^:]*\):.*/\1/p' "$scratch/fsck" | grep -x "$dossier")"
finish
