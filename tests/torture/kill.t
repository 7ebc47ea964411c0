#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hosod is killed at any moment under a mixed load, again and again.  What it
# had acknowledged is there, what it had not is there whole or not at all, and
# it starts without repair.
#
# HOSO_KILLS is how often (make torture: 1000), HOSO_SEED which run, HOSO_EACH
# how many kills lie between two checks of the whole archive.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"

kills=${HOSO_KILLS:-25}
each=${HOSO_EACH:-1}
clients=4
echo "# HOSO_SEED=$seed HOSO_KILLS=$kills"

make_office
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" $clients 2>"$scratch/load" &
loader=$!

# Moments from 10 ms to 0.4 s after the server was ready, the same for a seed;
# every other time they begin when it has something to lose.
awk -v seed="$seed" -v kills="$kills" 'BEGIN {
	srand(seed)
	for (i = 0; i < kills; i++)
		printf "%.3f\n", 0.01 + 0.39 * rand()
}' >"$scratch/moments"

killed=0
unsound=
lame=
while read -r moment <&3; do
	sleep "$moment"
	stop_hosod KILL
	killed=$((killed + 1))
	if [ $((killed % each)) -eq 0 ] && ! hosod fsck >"$scratch/fsck" 2>&1; then
		unsound="kill $killed: $(head -3 "$scratch/fsck")"
		break
	fi
	if [ -s "$scratch/load" ]; then
		lame="kill $killed: $(cat "$scratch/load")"
		break
	fi
	restart_hosod
	[ $((killed % 2)) -eq 0 ] || await has_filed "$(($(acknowledged) + 8))"
done 3<"$scratch/moments"
check "nothing is there by half after $kills kills" '' "$unsound"
check 'what was repeated after a kill was answered as if done once' '' "$lame"

if [ -n "$server" ]; then
	check 'fsck finds nothing beside a server at work' 0 \
		"$(hosod fsck >"$scratch/fsck" 2>&1; echo $?)"
fi

kill "$loader"
wait "$loader"
check 'every client went on to the end' 0 $?
sed 's/^/# /' "$scratch/load"
loader=
judge
check 'as much was filed as a test of it needs' yes \
	"$(awk -v kills="$kills" 'END { if ($1 > 4 * kills) print "yes" }' "$scratch/checked")"
finish
