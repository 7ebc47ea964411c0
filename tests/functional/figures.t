#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What a document says of itself: entered, listed by unit and period, shown by
# the report beside what is computed, corrected and withdrawn.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq

make_province
add_user chuyenvien specialist:tinh-kon-tum
add_user canbo unit_clerk:huyen-dak-glei
add_user hoidong council_member:tinh-kon-tum
start_hosod
load_province
for who in nhaplieu chuyenvien canbo hoidong; do
	log_in $who
done

half='from=2023-01-01&to=2023-06-30'
list() { # login, unit, query
	as "$1" "$url/units/$2/figures?$3" >"$scratch/list"
}
told() { # program of jq
	jq -r "$1" "$scratch/list"
}
change() { # login, method, path, body
	as "$1" --request "$2" --json "$4" "$url/$3" >"$scratch/changed"
	jq -r '"\(.status // .record.rev) \(.field // "")"' "$scratch/changed"
}
reported() { # measure, in the report of the first half of 2023
	as chuyenvien "$url/reports/half-year?unit=tinh-kon-tum&$half" |
		jq -c "[.blocks[] | select(.block == \"figure\" and .measure == \"$1\") | .reported // .words]"
}

wanted=$(jq -s '[.[] | select(.unit == "tinh-kon-tum" and .period.from >= "2023-01-01" and .period.to <= "2023-06-30")] | length' \
	"$srcdir/data/sample/50-figures.ndjson")
list nhaplieu tinh-kon-tum "$half&limit=500"
check 'figures are listed by unit and period, as reports find them' "$wanted" "$(told '.figures | length')"
check '  with their documents' true \
	"$(told '([.figures[].document] | unique) == (.documents | keys) and all(.documents[]; .subject | length > 0)')"
read_all() { # limit
	cursor=
	: >"$scratch/ids"
	while :; do
		list nhaplieu tinh-kon-tum "$half&limit=$1${cursor:+&cursor=$cursor}"
		told '.figures[].id' >>"$scratch/ids"
		cursor=$(told '.next // empty')
		[ -n "$cursor" ] || break
	done
	wc -l <"$scratch/ids" | tr -d ' '
}
check '  in pages as well' "$wanted" "$(read_all 7)"
check '  none of them twice' "$wanted" "$(sort -u "$scratch/ids" | wc -l | tr -d ' ')"
list nhaplieu tinh-kon-tum 'from=2023-01-02&to=2023-06-30'
check 'a period that begins before is none of them' true "$(told "(.figures | length) < $wanted")"

# --- entered, corrected, withdrawn ---------------------------------------------------

body='{"id":"so-moi","document":"bc-so-ket-6-thang-2023-kon-tum","unit":"tinh-kon-tum","period":{"from":"2023-01-01","to":"2023-06-30"},"measure":"award:merit_province:household","words":"hàng ngàn","place":"I.2"}'
check 'a figure in words is entered' '1 ' "$(change chuyenvien POST figures "$body")"
check '  and the report has it beside what is computed' '["hàng ngàn"]' "$(reported award:merit_province:household)"
check 'a correction is the next revision' '2 ' "$(change chuyenvien PATCH figures/so-moi '{"words":null,"value":41}')"
check '  and the report has that' '[41]' "$(reported award:merit_province:household)"
as chuyenvien "$url/figures/so-moi?rev=1" >"$scratch/old"
check '  what was entered first is there still' 'hàng ngàn' "$(jq -r .words "$scratch/old")"
check 'value and words at once are refused' '400 /value' "$(change chuyenvien PATCH figures/so-moi '{"words":"hàng ngàn"}')"
check 'what the server writes is refused' '400 /by' "$(change chuyenvien PATCH figures/so-moi '{"by":"x"}')"
check 'a document that is not there is refused' '400 /document' "$(change chuyenvien PATCH figures/so-moi '{"document":"khong-co"}')"
check 'one moves to another period' '3 ' "$(change chuyenvien PATCH figures/so-moi '{"period":{"from":"2023-07-01","to":"2023-12-31"}}')"
list chuyenvien tinh-kon-tum "$half&limit=500"
check '  and is gone from where it was' "$wanted" "$(told '.figures | length')"
list chuyenvien tinh-kon-tum 'from=2023-07-01&to=2023-12-31'
check '  and found where it is' so-moi "$(told '[.figures[].id] | join(" ")')"
check '  the report has it no more' '[]' "$(reported award:merit_province:household)"
check 'back again' '4 ' "$(change chuyenvien PATCH figures/so-moi '{"period":{"from":"2023-01-01","to":"2023-06-30"}}')"
check 'one is withdrawn with the reason' '5 ' "$(change chuyenvien PATCH figures/so-moi '{"withdrawn":"Nhập nhầm văn bản"}')"
check '  no report has it' '[]' "$(reported award:merit_province:household)"
list chuyenvien tinh-kon-tum "$half&limit=500"
check '  the list says why' 'Nhập nhầm văn bản' "$(told '.figures[] | select(.id == "so-moi") | .withdrawn')"
check 'a revision that was read and is not the last is refused' 412 \
	"$(as chuyenvien --request PATCH --header 'If-Match: "4"' --json '{"note":"a"}' "$url/figures/so-moi" | jq .status)"

check '  and 0, which no record ever was, is no revision at all' 400 \
	"$(as chuyenvien --request PATCH --header 'If-Match: "0"' --json '{"note":"a"}' "$url/figures/so-moi" | jq .status)"

# --- who may -----------------------------------------------------------------------

check 'a council member reads and does not correct' '403 ' "$(change hoidong PATCH figures/so-moi '{"note":"a"}')"
list hoidong tinh-kon-tum "$half"
check '  but reads' true "$(told '(.figures | length) > 0')"
list canbo tinh-kon-tum "$half"
check 'a clerk of a district has none of the province' 403 "$(told .status)"
check 'one is not moved to where one may not enter' '403 ' "$(change chuyenvien PATCH figures/so-moi '{"unit":"tinh-quang-ngai"}')"
list nhaplieu khong-co "$half"
check 'a unit that is not there' 404 "$(told .status)"
list nhaplieu tinh-kon-tum "$half&cursor=khong"
check 'a cursor of nothing is refused' '400 cursor' "$(told '"\(.status) \(.field)"')"

stop_hosod
check 'what lies on the disk agrees with itself' 0 "$(code_of hosod fsck)"
finish
