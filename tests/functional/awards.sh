# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests of pages that count what was granted: the sample province, more
# grants than fit a page, and readers who may see more and less of them.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_province
add_user lanhdao head_of_standing_body:tinh-kon-tum chair:tinh-kon-tum
add_user truongcum cluster_leader:cum-thi-dua-01-kon-tum
add_user hoidong council_member:tinh-kon-tum
add_user canbo unit_clerk:huyen-dak-glei
add_user thanhtra auditor
add_user chamdiem head_of_standing_body:tinh-kon-tum specialist:tinh-kon-tum
start_page
load_province

# Names that mean harm.
many_grants '<img src=x onerror=window.hacked=1>' >many.ndjson
must nhaplieu import many.ndjson
