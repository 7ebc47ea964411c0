#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Plugins crash, loop, take memory without end, flood, speak nonsense and try
# what they must not, again and again, while others file and read.  Each caller
# is told which plugin and why, others do not notice, and nothing is left over.
#
# HOSO_CALLS is how many calls (make torture: 1000), HOSO_SEED which run.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
calls=${HOSO_CALLS:-40}
echo "# HOSO_SEED=$seed HOSO_CALLS=$calls"
plugins=$scratch/plugins
mkdir "$plugins"
cp "$builddir"/plugins/built/*.so "$builddir"/tests/plugins/.libs/misbehave.so \
	"$plugins" || exit 1

make_office
stop_hosod
restart_hosod --set "office.plugin_time_ms=$((2 * patience))s" --set http.log_requests=no
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 2 2>"$scratch/load" &
loader=$!
"$torture/abuse" "$fixed" "$token" "$server" "$seed" "$calls" 4 >"$scratch/abused" 2>&1
came=$?
sed 's/^/# /' "$scratch/abused"
check 'every misdeed is answered with its plugin and its reason, and leaves nothing over' 0 $came
await has_filed 20
kill "$loader"
wait "$loader"
check 'others filed and sealed beside it' '0 yes' "$? $(has_filed 20 && echo yes)"
loader=
sed 's/^/# /' "$scratch/load"
check 'a good plugin is called as ever' 200 "$(half_year)"
judge
finish
