#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What is typed of a dossier is not lost: the browser closed, the line broken,
# the log-in ended in the middle, the dossier gone on, two people at once, one with two windows.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_archive
fill_archive
for who in vanthu vanthu2; do
	add_user $who unit_clerk:xa-xop-2025
done
start_page
read_page making-drafts making-windows making-merge
finish
