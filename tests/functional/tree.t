#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The tree of units over HTTP: its top and its branches on a day, in pages;
# what is found and where it lies; reorganisations in order of time.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq

make_province
{
	jq -nc 'range(12) | {type: "unit", id: "cum-\(.)", kind: "cluster", names: [{name: "Cụm thi đua số \(. + 1)"}], from: "2025-07-01",
		parents: [{relation: "adm", unit: "tinh-quang-ngai"}]}'
	jq -nc '{type: "unit", id: "khoi-1", kind: "block", names: [{name: "Khối thi đua số 1"}], from: "2025-07-01",
		parents: [{relation: "adm", unit: "tinh-quang-ngai"}]}'
	jq -nc '{type: "unit", id: "so-noi-vu", kind: "department", names: [{name: "Sở Nội vụ"}], from: "2025-07-01",
		parents: [{relation: "adm", unit: "tinh-quang-ngai"}, {relation: "sector", unit: "chinh-phu"},
			{relation: "member", unit: "khoi-1", from: "2026-01-01", to: "2026-01-31"}]}'
} >"$scratch/units.ndjson"
start_hosod
enter quantri
must quantri import "$scratch/units.ndjson"
log_in quantri

ask() { # path; the answer goes to $scratch/answer
	as quantri --output "$scratch/answer" "$url/$1"
	status
}
got() { # jq's filter
	jq -c "$1" "$scratch/answer"
}

# --- the top ---------------------------------------------------------------------

check 'the top of the tree is listed' 200 "$(ask 'units?roots=1&as_of=2025-06-30')"
check '  by the order of the dictionary' \
	'["Ban Bí thư Trung ương Đảng","Bộ Chính trị","Chính phủ","Chủ tịch nước","Cụm thi đua các tỉnh Tây Nguyên và Duyên hải miền Trung","Quốc hội","Thành phố Hồ Chí Minh","Thủ tướng Chính phủ","Tỉnh Bình Định","Tỉnh Đắk Lắk","Tỉnh Đắk Nông","Tỉnh Gia Lai","Tỉnh Khánh Hòa","Tỉnh Kon Tum","Tỉnh Lâm Đồng","Tỉnh Phú Yên","Tỉnh Quảng Nam","Tỉnh Quảng Ngãi","Ủy ban Thường vụ Quốc hội"]' \
	"$(got '[.units[].name]')"
ask 'units?roots=1&as_of=2025-06-30&kind=province' >/dev/null
check '  of one kind' '["Tỉnh Kon Tum","Tỉnh Quảng Ngãi"]' "$(got '[.units[].name | select(test("Kon|Ngãi|Chính"))]')"
ask 'units?roots=1&as_of=2025-07-01&kind=province' >/dev/null
check '  another day another map' '["Tỉnh Quảng Ngãi"]' "$(got '[.units[].name | select(test("Kon|Ngãi|Chính"))]')"
check '  with what is below' "$(jq -s '[.[] | select((.parents // []) | any(.relation == "adm" and .unit == "tinh-quang-ngai"
	and (.from // "" | . <= "2025-07-01") and (.to // "9999" | . >= "2025-07-01")))
	| select((.from // "" | . <= "2025-07-01") and (.to // "9999" | . >= "2025-07-01"))] | length' "$srcdir/data/sample/10-units.ndjson" "$scratch/units.ndjson")" \
	"$(got '.units[] | select(.id == "tinh-quang-ngai").below.adm')"
ask 'units?roots=1&kind=nothing' >/dev/null
check '  of a kind that nobody is' '{"units":[]}' "$(got .)"

# --- branches in pages -------------------------------------------------------------

all() { # path; every page of 7, as names
	after=
	: >"$scratch/all"
	while :; do
		ask "$1&limit=7$after" >/dev/null
		jq '.units[].name' "$scratch/answer" >>"$scratch/all"
		next=$(jq -r '.next // empty' "$scratch/answer")
		[ -n "$next" ] || break
		after="&after=$next"
	done
	jq -sc . "$scratch/all"
}
paged=$(all 'units/tinh-quang-ngai/children?as_of=2026-01-01')
ask 'units/tinh-quang-ngai/children?as_of=2026-01-01&limit=500' >/dev/null
check 'pages make the whole' "$(got '[.units[].name]')" "$paged"
check '  with numbers by their value' \
	'["Cụm thi đua số 1","Cụm thi đua số 2","Cụm thi đua số 3"]' \
	"$(echo "$paged" | jq -c '[.[] | select(startswith("Cụm thi đua số"))][:3]')"
check '  letters before tones: Đăk, Đắk, and not by bytes' 'true' \
	"$(echo "$paged" | jq '(index("Xã Đắk Plô") < index("Xã Đăk Rơ Wa")) and (index("Xã Đăk Rơ Wa") < index("Xã Ya Ly"))')"
ask 'units/khoi-1/children?relation=member&as_of=2026-01-15' >/dev/null
check 'members of a block are those of the year' '["so-noi-vu"]' "$(got '[.units[].id]')"
ask 'units/khoi-1/children?relation=member&as_of=2026-02-01' >/dev/null
check '  not of the next' '[]' "$(got '[.units[].id]')"
ask 'units/chinh-phu/children?relation=sector' >/dev/null
check 'lines of business' '["so-noi-vu"]' "$(got '[.units[].id]')"
ask 'units/tinh-quang-ngai/children?as_of=2026-01-15&limit=500' >/dev/null
check 'a block says how many members it has' '{"member":1}' "$(got '.units[] | select(.id == "khoi-1").below')"

check 'a limit of none is refused' 400 "$(ask 'units/tinh-quang-ngai/children?limit=0')"
check '  and one above all' 400 "$(ask 'units/tinh-quang-ngai/children?limit=501')"
check 'a page behind nobody is refused' '400 after' "$(ask 'units?roots=1&after=nobody') $(jq -r .field "$scratch/answer")"
check 'a branch of nobody is absent' 404 "$(ask 'units/nobody/children')"
check 'a relation that is none is refused' 400 "$(ask 'units/khoi-1/children?relation=x')"
check 'a day that is none is refused' 400 "$(ask 'units?roots=1&as_of=2025-02-30')"
check 'nobody is told anything without a log-in' 401 \
	"$(curl --silent --output /dev/null --write-out '%{http_code}' "$url/units?roots=1")"
check 'hoso lists the whole of a long branch' "$(echo "$paged" | jq length)" \
	"$(hoso quantri unit list --under tinh-quang-ngai --as-of 2026-01-01 --json | jq '.units | length')"

# --- the way to what is found --------------------------------------------------------

ask 'units?name=xa+dak+choong&as_of=2025-06-30' >/dev/null
check 'a unit that is found says where it lies' '[["xa-dak-choong",["tinh-kon-tum","huyen-dak-glei"]]]' \
	"$(got '[.units[] | [.id, .above]]')"
ask 'units?name=xa+dak+choong&as_of=2026-01-01' >/dev/null
check '  and where it lay, once it has ended' \
	'[["tinh-kon-tum","huyen-dak-glei"],"xã Đắk Choong, huyện Đắk Glei, tỉnh Kon Tum"]' \
	"$(got '.units[0] | [.above, .place]')"

ask 'units?id=xa-xop-2025&as_of=2026-01-01' >/dev/null
check '  one by its id, too' '["tinh-quang-ngai"]' "$(got '.units[0].above')"
check '  which must be one' 404 "$(ask 'units?id=nobody')"

# --- reorganisations ------------------------------------------------------------------

check 'days of reorganisations' 200 "$(ask 'reorganisations/days')"
check '  each once, in order' "$(jq -sc 'map(.date) | unique' "$srcdir/data/sample/15-reorganisations.ndjson")" "$(got .days)"
ask 'reorganisations/days?from=2025-07-02' >/dev/null
check '  none where there was none' '{"days":[]}' "$(got .)"
after=
: >"$scratch/all"
while :; do
	ask "reorganisations?from=2025-07-01&to=2025-07-01&limit=20$after" >/dev/null
	jq -c '.reorganisations[]' "$scratch/answer" >>"$scratch/all"
	next=$(jq -r '.next // empty' "$scratch/answer")
	[ -n "$next" ] || break
	after="&after=$next"
done
check 'all of a day in pages' "$(jq -sc 'map(select(.date == "2025-07-01").id) | sort' "$srcdir/data/sample/15-reorganisations.ndjson")" \
	"$(jq -sc 'map(.id)' "$scratch/all")"
check '  with the names of that day' '[["Tỉnh Kon Tum","Tỉnh Quảng Ngãi"],["Tỉnh Quảng Ngãi"]]' \
	"$(jq -sc '.[] | select(.id == "hop-nhat-tinh-quang-ngai-2025") | [.predecessor_names, .successor_names]' "$scratch/all")"
check 'a page behind none is refused' 400 "$(ask 'reorganisations?after=nobody')"
check 'a history has the names, too' '[["Tỉnh Kon Tum","Tỉnh Quảng Ngãi"],["Tỉnh Quảng Ngãi"]]' \
	"$(ask units/tinh-kon-tum/history >/dev/null; got '.events[] | select(.id == "hop-nhat-tinh-quang-ngai-2025") | [.predecessor_names, .successor_names]')"

# --- a parent that ends leaves its children at the top -----------------------------------

as quantri --json '{"kind":"abolish","date":"2026-02-01","predecessors":["khoi-1"],"successors":[]}' --output /dev/null "$url/reorganisations"
check 'a block is abolished' 201 "$(status)"
as quantri --json '{"id":"hoi-dong","kind":"council","names":[{"name":"Hội đồng"}],"parents":[{"relation":"adm","unit":"so-noi-vu"}]}' --output /dev/null "$url/units"
as quantri --json '{"kind":"abolish","date":"2026-03-01","predecessors":["so-noi-vu"],"successors":[]}' --output /dev/null "$url/reorganisations"
check 'a department, too' 201 "$(status)"
ask 'units?roots=1&as_of=2026-02-28&kind=council' >/dev/null
check '  its council is below it on its last day' '[]' "$(got '[.units[].id]')"
ask 'units?roots=1&as_of=2026-03-01&kind=council' >/dev/null
check '  and at the top from the next' '["hoi-dong"]' "$(got '[.units[].id]')"

# --- a reorganisation makes its new units: whole or not at all ------------------------------

reorganise() { # Idempotency-Key, body; the answer is left in $scratch/answer, its status printed
	as quantri --header "Idempotency-Key: $1" --json "$2" "$url/reorganisations" >"$scratch/answer"
	status
}
entries() {
	as quantri "$url/system" | jq .log_entries
}
life() { # unit
	as quantri "$url/units/$1" | jq -r '[.from, .to] | map(. // "-") | join(" ")'
}
for unit in a b c; do
	as quantri --json "{\"id\":\"xa-cu-$unit\",\"kind\":\"commune\",\"from\":\"2025-07-01\",\"names\":[{\"name\":\"Xã Cũ $unit\"}],\"parents\":[{\"relation\":\"adm\",\"unit\":\"tinh-quang-ngai\"}]}" \
		--output /dev/null "$url/units"
done
merger() { # kind and id of the new unit
	printf '{"kind":"merge","date":"2026-04-01","document":"9/NQ","predecessors":["xa-cu-a","xa-cu-b","xa-cu-c"],"successors":[{"id":"%s","kind":"%s","names":[{"name":"Xã Mới D"}],"parents":[{"relation":"adm","unit":"tinh-quang-ngai"}]}]}' "$2" "$1"
}
before=$(entries)
check 'a merger into a unit of no kind is refused' '400 /successors/0/kind' "$(reorganise k1 "$(merger nothing xa-moi-d)") $(jq -r .field "$scratch/answer")"
check '  as is one into a unit that is there' 409 "$(reorganise k2 "$(merger commune xa-cu-a)")"
as quantri --output /dev/null "$url/units/xa-moi-d"
check '  and nothing of it was done' "404 2025-07-01 - $before" "$(status) $(life xa-cu-a) $(entries)"
check 'one command makes the new unit and ends the old ones' '201 ["xa-moi-d"]' \
	"$(reorganise k3 "$(merger commune xa-moi-d)") $(jq -c .record.successors "$scratch/answer")"
check '  from its day on' '2026-04-01 - 2025-07-01 2026-03-31 2025-07-01 2026-03-31' "$(life xa-moi-d) $(life xa-cu-a) $(life xa-cu-c)"
check '  as one entry of the log' "$((before + 1))" "$(entries)"
id=$(jq -r .id "$scratch/answer")
check '  once, however often it is sent' "200 $id $((before + 1))" \
	"$(reorganise k3 "$(merger commune xa-moi-d)" | sed 's/^201$/200/') $(jq -r .id "$scratch/answer") $(entries)"
check 'a unit is split into new ones' 201 \
	"$(reorganise k4 '{"kind":"split","date":"2026-05-01","predecessors":["xa-moi-d"],"successors":[{"kind":"commune","names":[{"name":"Xã Mới E"}]},{"kind":"commune","names":[{"name":"Xã Mới F"}]}]}')"
jq -r '.record.successors[]' "$scratch/answer" >"$scratch/ids"
check '  whose ids are handed back' 'Xã Mới E, Xã Mới F' \
	"$(while read -r unit; do as quantri "$url/units/$unit" | jq -r '.names[0].name'; done <"$scratch/ids" | paste -sd, | sed 's/,/, /')"
unit=$(head -1 "$scratch/ids")
check 'a renaming gives the name' '201 Xã Mới E 2026-05-31, Xã Khác -' \
	"$(reorganise k5 "{\"kind\":\"rename\",\"date\":\"2026-06-01\",\"predecessors\":[\"$unit\"],\"successors\":[\"$unit\"],\"name\":{\"name\":\"Xã Khác\"}}") $(as quantri "$url/units/$unit" |
		jq -r '[.names[] | "\(.name) \(.to // "-")"] | join(", ")')"
printf '{"type":"reorganisation","id":"sx-nhap","kind":"split","date":"2026-07-01","predecessors":["%s"],"successors":["%s",{"id":"xa-nhap","kind":"commune","names":[{"name":"Xã Nhập"}]}]}\n' \
	"$unit" "$unit" >"$scratch/split.ndjson"
enter quantri
must quantri import "$scratch/split.ndjson"
check 'an import makes them, too' '2026-07-01 -' "$(life xa-nhap)"
before=$(entries)
sed 's/"id":"sx-nhap",/&"document":"1\/NQ",/' "$scratch/split.ndjson" >"$scratch/other.ndjson"
must quantri import "$scratch/split.ndjson"
hoso quantri import "$scratch/other.ndjson" >"$scratch/out" 2>&1
check '  once, and another of its id is refused' "1 $before" "$? $(entries)"
stop_hosod
check 'all rows are what the checker wants' 0 "$(code_of hosod fsck)"
finish
