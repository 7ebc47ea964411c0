#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Charts of what was granted; rankings, why, and what would be if.
# shellcheck source=tests/functional/awards.sh
. "${srcdir:-.}/tests/functional/awards.sh"

read_page charts ranking
finish
