#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A large file through a browser and a line that breaks: cut in the middle,
# the server killed with kill -9 and started again, the browser closed and
# opened; what the dossier then has is the very same file.  HOSO_UPLOAD_MB is
# its size.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"
size=${HOSO_UPLOAD_MB:-500}

make_archive
fill_archive
add_user vanthu unit_clerk:xa-xop-2025
add_user vanthu2 unit_clerk:xa-xop-2025
start_page
enter vanthu
cat >new.ndjson <<'ROWS'
{"type":"dossier","id":"hs-tep-lon","kind":"merit","title":"Hồ sơ có tệp lớn","unit":"xa-xop-2025","date":"2025-08-01","awards":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"}}]}
ROWS
must vanthu import new.ndjson
log_in vanthu

# Pseudo-random, so that no piece of it is like another.
openssl enc -aes-128-ctr -nosalt -K 00000000000000000000000000000001 -iv 00000000000000000000000000000000 \
	</dev/zero 2>/dev/null | head -c "$((size * 1048576))" >'Phim tư liệu.mp4'
head -c 3000000 'Phim tư liệu.mp4' >'tệp nhỏ.pdf'

# The reader asks for a restart by a file; the new port stands in another.
HOSO_FILE="$PWD/Phim tư liệu.mp4" HOSO_OTHER="$PWD/tệp nhỏ.pdf" HOSO_OFFICE=$PWD
export HOSO_FILE HOSO_OTHER HOSO_OFFICE
begin_reading making-upload
while kill -0 "$reading" 2>/dev/null; do
	if [ -f restart ]; then
		rm restart
		stop_hosod KILL
		start_page
		echo "${url%/api/v1}" >port.new
		mv port.new port
	fi
	sleep 0.1
done
end_reading making-upload

# What the store has, sent by the server as it is now.
as vanthu "$url/dossiers/hs-tep-lon" >record
sum=$(sha256sum <"$HOSO_FILE" | cut -d ' ' -f 1)
check 'the dossier names the very same file' "$sum Phim tư liệu.mp4 C_TOTRINH" \
	"$(jq -r '.components[] | select(.attachment.size > 4000000) | [.attachment.sha256, .attachment.name, .code] | join(" ")' record)"
check 'and the store has it' "$sum" \
	"$(as vanthu --max-time "$((300 * patience))" "$url/dossiers/hs-tep-lon/files/$sum" | sha256sum | cut -d ' ' -f 1)"
finish
