#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The pages of units in a browser: the tree with thousands of units, by keyboard
# and on another day; the picture of what came of what; filters; units made,
# changed and reorganised.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

make_province
{
	# A province whose districts were merged twice, so that there are generations.
	jq -nc '{type: "unit", id: "tinh-thu", kind: "province", names: [{name: "Tỉnh Thử", short: "Thử"}], from: "1990-01-01"},
		{type: "unit", id: "huyen-lon", kind: "district", names: [{name: "Huyện Lớn", short: "Lớn"}],
			parents: [{relation: "adm", unit: "tinh-thu"}], from: "1990-01-01", to: "2025-06-30"},
		(["a", "Xã A", "1990-01-01", "1999-12-31"], ["b", "Xã B", "1990-01-01", "1999-12-31"],
		["c", "Xã C", "2000-01-01", "2009-12-31"], ["d", "Xã D", "1990-01-01", "2009-12-31"],
		["e", "Xã E", "2010-01-01", null], ["g", "Xã G", "2010-01-01", null] | {type: "unit", id: "xa-doi-\(.[0])", kind: "commune",
			names: [{name: .[1]}], from: .[2], parents: [{relation: "adm", unit: "huyen-lon", to: "2025-06-30"},
			{relation: "adm", unit: "tinh-thu", from: "2025-07-01"}]} + (if .[3] then {to: .[3]} else {} end)),
		(range(2500) | {type: "unit", id: "xa-thu-\(.)", kind: "commune", names: [{name: "Xã Thử \(. + 1)"}],
			from: "2025-07-01", parents: [{relation: "adm", unit: "tinh-thu"}]}),
		{type: "unit", id: "khoi-thu", kind: "block", names: [{name: "Khối thi đua số 1"}], from: "1990-01-01",
			parents: [{relation: "adm", unit: "tinh-thu"}]},
		{type: "unit", id: "so-thu", kind: "department", names: [{name: "Sở <b>Thử</b>"}], from: "1990-01-01",
			parents: [{relation: "adm", unit: "tinh-thu"}, {relation: "member", unit: "khoi-thu", from: "2020-01-01"}]},
		{type: "reorganisation", id: "sx-2000", kind: "merge", date: "2000-01-01", document: "1/NQ",
			predecessors: ["xa-doi-a", "xa-doi-b"], successors: ["xa-doi-c"]},
		{type: "reorganisation", id: "sx-2010", kind: "split", date: "2010-01-01", document: "2/NQ",
			predecessors: ["xa-doi-c", "xa-doi-d"], successors: ["xa-doi-e", "xa-doi-g"]}'
} >units.ndjson
start_hosod
enter quantri
must quantri import units.ndjson
stop_hosod
add_user thanhtra auditor
add_user thuongtruc head_of_standing_body:tinh-thu specialist:tinh-thu
add_user canbo unit_clerk:xa-xop-2025
start_page
load_province

log_in thanhtra
as thanhtra "$url/units/tinh-kon-tum/history" >kon-tum.json
as thanhtra "$url/units/xa-doi-a/history" >generations.json
HOSO_HISTORY=$(cat kon-tum.json) HOSO_GENERATIONS=$(cat generations.json) read_page tree unit unit-forms
finish
