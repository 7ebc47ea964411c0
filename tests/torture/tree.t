#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The tree of units is changed while others file without pause: no change is
# left behind or refused, and what was filed meanwhile lies where it belongs.
#
# HOSO_CHANGES is how often, HOSO_SEED which run.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
changes=${HOSO_CHANGES:-20}
echo "# HOSO_SEED=$seed HOSO_CHANGES=$changes"

make_office
for id in huyen-a huyen-b; do
	ask --json '{"id":"'$id'","kind":"district","names":[{"name":"Huyện"}],
		"parents":[{"relation":"adm","unit":"tinh"}]}' "$url/units" >/dev/null
done
check 'a commune is made' 201 "$(ask --json '{"id":"xa","kind":"commune","names":[{"name":"Xã"}],
	"parents":[{"relation":"adm","unit":"huyen-a"}]}' "$url/units")"
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 6 2>"$scratch/load" &
loader=$!
await has_filed 60

refused=
for number in $(seq "$changes"); do
	to=huyen-$([ $((number % 2)) = 1 ] && echo b || echo a)
	got=$(ask --request PATCH --json '{"parents":[{"relation":"adm","unit":"'"$to"'"}]}' "$url/units/xa")
	[ "$got" = 200 ] || refused="$refused$number: $got $(jq -r .detail "$scratch/body")
"
done
check 'the commune changes its district as often as it is told' '' "$refused"
before=$(acknowledged)
await has_filed "$((before + 60))"
check 'and others go on filing' 0 $?
kill "$loader"
wait "$loader"
loader=
# A seal that was under way is to be asked for again.
check 'nobody is told more than that it has changed' '' "$(grep -v '/seal: 409 ' "$scratch/load")"
judge
finish
