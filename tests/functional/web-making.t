#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Making a dossier in the browser: by mouse, by keyboard alone, and with names
# that mean harm.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_archive
fill_archive
for who in vanthu vanthu2; do
	add_user $who unit_clerk:xa-xop-2025
done
add_user lanhdao unit_clerk:xa-xop-2025 unit_head:xa-xop-2025
add_user thutruong unit_head:xa-xop-2025
add_user luutru archivist:tinh-quang-ngai
add_user canhan subject:xa-xop-2025
add_user thanhtra auditor
start_page
cat >hostile.json <<'ROWS'
["<img src=x onerror=window.hacked=1>", "\"><script>window.hacked=1</script>", "javascript:window.hacked=1", "'-window.hacked=1-'", "{{7*7}}${7*7}", "&lt;b&gt;&amp;", "\u202egnp.exe", "</title><iframe src=javascript:window.hacked=1>"]
ROWS
for name in 'tờ trình' 'báo cáo' 'biên bản'; do
	echo "$name" >"$name.pdf"
done
HOSO_HOSTILE=$(cat hostile.json)
HOSO_PAPERS=$PWD
export HOSO_HOSTILE HOSO_PAPERS
read_page making making-keyboard making-hostile
finish
