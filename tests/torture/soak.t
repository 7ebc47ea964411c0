#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# An office at work for hours, at half of what the server can do: it files,
# reads, uploads and leaves uploads, seals, reports, logs in and out; plugins
# are read anew, backups are made.  Memory, descriptors and threads are as they
# were, and files grow by data alone.
#
# HOSO_SOAK is how many seconds (make torture-soak: 7200), HOSO_SEED which run.
# HOSO_SAMPLES is a file that shall have the samples.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"
seconds=${HOSO_SOAK:-16}
samples=$((seconds / 10 < 40 ? 40 : seconds / 10))
full=$((seconds / 60 < 3 ? 3 : seconds / 60 > 30 ? 30 : seconds / 60))
journal=$((seconds < 600 ? 1 : 64)) # MiB
echo "# HOSO_SEED=$seed HOSO_SOAK=$seconds"

judge_samples() { # file, MiB of a journal file
	awk -v journal_kb="$(($2 * 1024))" -f "$srcdir/tests/torture/soak.awk" "$1"
}

# --- the judge ---

# Forty samples of a server that keeps nothing, with one column changed.
invent() { # column, awk's expression in i
	awk -v changed="$1" 'BEGIN {
		split("seconds memory_kb descriptors threads children connections snapshots waiting entries readers records_kb records_used_kb chunks_kb chunks_used_kb journal_kb other_kb sent_kb requests late_ms", names)
		for (j = 1; j <= 19; j++) printf "%s%s", names[j], j < 19 ? " " : "\n"
		for (i = 1; i <= 40; i++) {
			v["seconds"] = i; v["memory_kb"] = 20000 + i % 3 * 500
			v["connections"] = 5 + i % 2; v["descriptors"] = 40 + i % 2
			v["threads"] = 9; v["children"] = 1; v["snapshots"] = 1
			v["waiting"] = 0; v["readers"] = 3; v["journal_kb"] = 2048
			v["entries"] = i * 1000; v["records_kb"] = 5000 + i * 4000
			v["records_used_kb"] = 4000 + i * 4000
			v["sent_kb"] = i * 2000; v["chunks_kb"] = i * 2100 + 900
			v["chunks_used_kb"] = i * 2100; v["other_kb"] = 300
			v["requests"] = i * 9000; v["late_ms"] = i % 5
			if (changed in v) v[changed] = '"${2:-0}"'
			for (j = 1; j <= 19; j++) printf "%d%s", v[names[j]], j < 19 ? " " : "\n"
		}
	}' >"$scratch/invented"
	judge_samples "$scratch/invented" 1 | awk '$2 != "ok" { printf "%s%s", sep, $1; sep = " " }'
}
check 'what stays as it is passes' '' "$(invent none)"
check 'memory that grows is seen' memory_kb "$(invent memory_kb '20000 + i * 250')"
check 'a descriptor left over now and then is seen' descriptors \
	"$(invent descriptors '40 + i % 2 + int(i / 15)')"
check 'clients that come are no descriptors left over' '' \
	"$(invent connections '5 + i % 2')"
check 'a thread that stays is seen' threads "$(invent threads '9 + (i > 25)')"
check 'a child that nobody waits for is seen' children "$(invent children '1 + int(i / 20)')"
check 'a snapshot that is left open is seen' snapshots "$(invent snapshots '1 + int(i / 20)')"
check 'one that a backup has open for a while is none' '' "$(invent snapshots '1 + (i > 31 && i < 38)')"
check 'a slot of a reader that is not given back is seen' readers "$(invent readers '3 + int(i / 4)')"
check 'pages that are never used again are seen' records_used_kb \
	"$(invent records_used_kb 'i * 4000 + (i > 20 ? (i - 20) * 2000 : 0)')"
check 'a file that grows faster than its data is seen' chunks_kb \
	"$(invent chunks_kb 'i * 2100 + (i > 20 ? (i - 20) * 70000 : 0)')"
check 'a journal that goes on is seen' journal_kb "$(invent journal_kb 'i * 3000')"
check 'a file that nobody expected is seen' other_kb "$(invent other_kb '300 + i * 10')"

# --- the soak ---

# What only some do, and rarely: every second sample of a long run, and not
# while the next one is taken in a short one.
# shellcheck disable=SC2317 # it is $chores that is called
do_chores() { # number of the sample
	[ $(($1 % (seconds / samples < 2 ? 5 : 2))) -eq 0 ] || return 0
	log_in loader
	as loader --output /dev/null --request DELETE "$url/session"
	[ $(($1 % 10)) -ne 0 ] ||
		as admin --output /dev/null --request POST "$url/plugins/reload"
	for _ in 1 2 3 4; do
		curl --silent --insecure --max-time "$((30 * patience))" --output /dev/null \
			"https://127.0.0.1:$tls_port/healthz" || echo 'no answer by TLS' >>"$scratch/lame"
	done
	if [ $(($1 % (samples / 4))) -eq 0 ] && [ "$1" -lt "$samples" ]; then
		rm -rf "$scratch/copy"
		hosod backup "$scratch/copy" >"$scratch/copied" 2>&1 ||
			cat "$scratch/copied" >>"$scratch/lame"
		rm -rf "$scratch/copy"
	fi
}

# The office at work: FULL seconds at full speed, then SECONDS at half of it.
live() { # full, seconds, samples
	{
		"$torture/soak" "$fixed" "$token" "$server" "$scratch" "$seed" 4 "$@" \
			2>"$scratch/load"
		echo "came: $?"
	} | while read -r what number rest; do
		case $what in
		sample:) "${chores:-true}" "$number" ;;
		came:) echo "$number" >"$scratch/came" ;;
		*) echo "# $what $number $rest" ;;
		esac
	done
	check 'every client went on to the end' 0 "$(cat "$scratch/came")"
	sed 's/^/# /' "$scratch/load"
	judge_samples "$scratch/samples" "$journal" >"$scratch/judged"
	sed 's/^/# /' "$scratch/judged"
}

make_office
stop_hosod
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-subj /CN=localhost -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null || exit 1
begin_day() {
	restart_hosod --set http.log_requests=no --set "store.journal=${journal}MiB" \
		--set upload.lifetime_ms=1min --set store.collect_ms=5min \
		--set http.tls_listen=127.0.0.1:0 --set "http.tls_certificate=$scratch/cert.pem" \
		--set "http.tls_key=$scratch/key.pem"
	tls_port=$(sed -n 's/.*server.ready.* tls=\([0-9]*\).*/\1/p' "$scratch/log" | tail -1)
}

begin_day
log_in admin
: >"$scratch/lame"
chores=do_chores
live "$full" "$seconds" "$samples"
chores=
check 'so did those who log in, read plugins anew and copy' '' "$(cat "$scratch/lame")"
[ -z "${HOSO_SAMPLES:-}" ] || cp "$scratch/samples" "$HOSO_SAMPLES"
if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
	sed -i '/^memory_kb/d' "$scratch/judged" # a sanitizer's shadow is anonymous, too
fi
check 'nothing grows but by data' '' "$(grep -v ' ok ' "$scratch/judged")"
judge

# --- whether it would have been seen ---

for what in memory descriptor; do
	if [ -n "${HOSO_SMALL_MAPS:-}" ] || [ -n "${HOSO_UNDER:-}" ]; then
		skip "$what that is left over with each connection is seen" \
			'hosod runs under another program, or a sanitizer'
		continue
	fi
	HOSO_UNDER="env HOSO_LEAK=$what LD_PRELOAD=$(cd "$torture/.libs" && pwd)/leak.so${LD_PRELOAD:+:$LD_PRELOAD}"
	begin_day
	HOSO_UNDER=
	live 1 5 40
	check "$what that is left over with each connection is seen" 1 \
		"$(grep -c "^${what}[a-z_]* GROWS" "$scratch/judged")"
	stop_hosod
done
finish
