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

# A decision of a hundred and twenty lines, whose names mean harm.
{
	echo '{"type":"document","id":"qd-nhieu","kind":"QĐ","reference":"77/QĐ-UBND","date":"2023-05-02","issuer":{"unit":"tinh-kon-tum"},"subject":"Về việc tặng Bằng khen"}'
	jq -nc '{type: "decision", id: "q-nhieu", document: "qd-nhieu", date: "2023-05-02", issuer: "tinh-kon-tum",
		grants: [range(120) | {award: (if . % 3 == 0 then "merit_province" else "commend_district" end),
			unit: (if . % 2 == 0 then "huyen-dak-glei" else "thanh-pho-kon-tum" end),
			subject: ({kind: "individual", name: "<img src=x onerror=window.hacked=1> \(.)"}
				+ (if . % 5 == 0 then {cadre: "direct_worker"} else {} end)
				+ (if . % 7 == 0 then {woman: true} else {} end))}]}'
} >many.ndjson
must nhaplieu import many.ndjson
