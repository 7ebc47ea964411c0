#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hosod is killed at any moment under a mixed load, again and again.  What it
# had acknowledged is there, what it had not is there whole or not at all, and
# it starts without repair.
#
# HOSO_KILLS is how often (make torture: 1000), HOSO_SEED which run, HOSO_EACH
# how many kills lie between two checks of the whole archive.
command -v curl >/dev/null 2>&1 || {
	echo "1..0 # SKIP curl is not installed"
	exit 0
}
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"

kills=${HOSO_KILLS:-25}
seed=${HOSO_SEED:-$(date +%s)}
each=${HOSO_EACH:-1}
load=$builddir/tests/tools/load
clients=4
echo "# HOSO_SEED=$seed HOSO_KILLS=$kills"
trap 'test -n "$loader" && kill "$loader" 2>/dev/null
	test -n "$server" && kill -9 "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
loader=

make_archive
add_user admin archivist system_admin
start_hosod
log_in admin
as admin --output /dev/null "$url/units" --json \
	'{"id":"tinh","kind":"province","names":[{"name":"Tỉnh"}]}'
as admin --output /dev/null "$url/documents" --json \
	'{"id":"qd","kind":"QĐ","issuer":{"unit":"tinh"},"subject":"Khen thưởng"}'
stop_hosod
add_user loader archivist system_admin specialist:tinh
start_hosod
log_in loader
token=$(as loader --json '{"name":"load","expires":"'"$(date -d '+30 days' +%F)"'",
	"scopes":["unit.read","unit.write","document.read","document.write",
	"dossier.read","dossier.new","dossier.edit","dossier.step",
	"decision.read","decision.new","package.seal","upload.own"]}' "$url/tokens" |
	sed -n 's/.*"secret":"\([^"]*\)".*/\1/p')
check 'the clients have a token' yes "${token:+yes}"
fixed=$port
mkdir "$scratch/acks"
"$load" "$fixed" "$token" "$scratch/acks" "$seed" $clients 2>"$scratch/load" &
loader=$!

# Moments from 10 ms to 0.4 s after the server was ready, the same for a seed.
awk -v seed="$seed" -v kills="$kills" 'BEGIN {
	srand(seed)
	for (i = 0; i < kills; i++) printf "%.3f\n", 0.01 + 0.39 * rand()
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
	start_hosod --set "http.listen=127.0.0.1:$fixed"
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
[ -n "$server" ] || start_hosod --set "http.listen=127.0.0.1:$fixed"
"${load}_check" "$fixed" "$token" "$scratch/acks" "$scratch/data/keys/log.vkey" \
	>"$scratch/checked"
check 'every acknowledged command is there, and its receipt proves it' \
	'0 broken promises' "$(tail -1 "$scratch/checked" | sed 's/.*, //')"
head -20 "$scratch/checked" | sed 's/^/# /'
check 'as much was filed as a test of it needs' yes \
	"$(awk -v kills="$kills" 'END { if ($1 > 4 * kills) print "yes" }' "$scratch/checked")"
stop_hosod
check 'the archive is sound to the last byte' 0 \
	"$(hosod fsck --deep >"$scratch/fsck" 2>&1; echo $?)"
sed 's/^/# /' "$scratch/fsck" | tail -5
check 'no index has to be built anew' '0 added, 0 changed, 0 removed' \
	"$(hosod reindex | sed 's/.*: //')"
finish
