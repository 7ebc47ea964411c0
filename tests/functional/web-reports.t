#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Reports in a browser: chosen, looked at, downloaded; from each number to what
# it counts.
# shellcheck source=tests/functional/awards.sh
. "${srcdir:-.}/tests/functional/awards.sh"

read_page reports
finish
