# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Rounds of two sides in turn, medians, the lines of the result.
#
# A side is a function that prints a line of figures, the same columns on both
# sides; it runs in a subshell, so what it sets is forgotten.  compare() runs them in turn and keeps a line a round: ours, theirs.
# row() takes one column of these, prints its line and keeps it for
# results.json.
BENCH_SHORT=${BENCH_SHORT:-0}
BENCH_PORT=${BENCH_PORT:-8520}
results=$builddir/bench/results.json
shortfall=0

die() {
	echo "bench: $*" >&2
	exit 1
}

# What goes on, for whoever waits.
say() {
	echo "# $*" >&2
}

short() {
	[ "$BENCH_SHORT" = 1 ]
}

# The first where BENCH_SHORT is set, else the second.
unless_short() {
	if short; then echo "$1"; else echo "$2"; fi
}

begin_bench() {
	if [ -n "${BENCH_DIR:-}" ]; then
		mkdir -p "$BENCH_DIR"
	else
		BENCH_DIR=$(mktemp -d) || exit 1
		made_dir=$BENCH_DIR
	fi
	work=$(cd "$BENCH_DIR" && pwd)/run
	rm -rf "$work"
	mkdir -p "$work" "$builddir/bench"
	chmod 755 "$BENCH_DIR" "$work"
	: >"$work/rows"
	trap 'clean_up' EXIT
	trap 'die "stopped by a signal"' HUP INT TERM
	at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	say "in $work, $(df -h "$work" | awk 'NR == 2 { print $4 }') free"
}

clean_up() {
	stop_hosod
	hosod=${small:-}
	stop_hosod
	stop_nginx
	stop_postgres
	rm -rf "$work" ${made_dir:+"$made_dir"}
}

# The rows that were measured now replace those of the same name.
end_bench() {
	[ -s "$results" ] || echo '{"rows":[]}' >"$results"
	jq -n --slurpfile old "$results" --slurpfile new "$work/rows" \
		--argjson machine "$(machine)" \
		'{machine: $machine, rows: ([$old[0].rows[]
			| select(.name as $n | all($new[]; .name != $n))] + $new)}' \
		>"$results.new" && mv "$results.new" "$results"
	say "written: $results"
	[ "$shortfall" = 0 ] || say "$shortfall rows fall short"
}

machine() {
	jq -n --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
		--argjson cores "$(nproc)" \
		--argjson memory "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
		--arg kernel "$(uname -r)" \
		--arg disk "$(df --output=fstype,source "$work" | tail -1 | tr -s ' ')" \
		--arg nginx "$(nginx -v 2>&1 | sed 's/.*: //')" \
		--arg postgresql "$("$pg_bin/postgres" --version 2>&1 | sed 's/.* (/(/')" \
		--arg openssl "$(openssl version)" \
		'$ARGS.named | with_entries(if .key == "memory" then .key = "memory_mib" else . end)'
}

# --- rounds -----------------------------------------------------------------------

# Settled: at least five rounds, and the median of the first column's ratios
# moved by less than 1 % in the last three.
settled() { # file, columns
	awk -v columns="$2" '
		function median(n,   i, j, t, s) {
			for (i = 1; i <= n; i++) { s[i] = ratio[i] }
			for (i = 2; i <= n; i++) {
				t = s[i]
				for (j = i - 1; j > 0 && s[j] > t; j--) { s[j + 1] = s[j] }
				s[j + 1] = t
			}
			return n % 2 ? s[(n + 1) / 2] : (s[n / 2] + s[n / 2 + 1]) / 2
		}
		{ ratio[NR] = $1 / $(columns + 1) }
		END {
			if (NR < 5) { exit 1 }
			last = median(NR)
			for (i = NR - 2; i < NR; i++) {
				m = median(i)
				if (m > last * 1.01 || m < last * 0.99) { exit 1 }
			}
		}' "$1"
}

# One round of both sides that does not count, then rounds in turn until the
# medians settle, at most `most` of them.  Who goes first changes.
compare() { # name, most, columns, our function, their function
	rounds=$work/$1.rounds
	: >"$rounds"
	short || one_round "$4" "$5" >/dev/null || return 1
	round=0
	until [ "$round" -ge "$(unless_short 1 "${BENCH_ROUNDS:-$2}")" ] ||
		settled "$rounds" "$3"; do
		if [ $((round % 2)) = 0 ]; then
			one_round "$4" "$5" >"$work/round" || return 1
			paste -sd ' ' "$work/round" >>"$rounds"
		else
			one_round "$5" "$4" >"$work/round" || return 1
			tac "$work/round" | paste -sd ' ' >>"$rounds"
		fi
		round=$((round + 1))
	done
}

# While others measure on this machine, nobody does.
one_round() { # functions
	if [ -n "${BENCH_LOCK:-}" ]; then
		flock 8
	fi
	"$1" && "$2"
} 8>>"${BENCH_LOCK:-/dev/null}"

# Medians of a column on both sides and of its ratios, with their quartiles:
# "ours peer ratio low high rounds".
medians() { # file, columns, column
	awk -v c="$3" -v n="$2" '{ print $c, $(c + n), ($(c + n) > 0 ? $c / $(c + n) : 0) }' "$1" |
		awk '
		function at(s, n, q,   i) { # quantile by interpolation
			i = 1 + (n - 1) * q
			return s[int(i)] + (i - int(i)) * (s[int(i) < n ? int(i) + 1 : n] - s[int(i)])
		}
		function sort(s, n,   i, j, t) {
			for (i = 2; i <= n; i++) {
				t = s[i]
				for (j = i - 1; j > 0 && s[j] > t; j--) { s[j + 1] = s[j] }
				s[j + 1] = t
			}
		}
		{ a[NR] = $1; b[NR] = $2; r[NR] = $3 }
		END {
			sort(a, NR); sort(b, NR); sort(r, NR)
			printf "%.9g %.9g %.4f %.4f %.4f %d\n", at(a, NR, .5), at(b, NR, .5),
				at(r, NR, .5), at(r, NR, .25), at(r, NR, .75), NR
		}'
}

# --- the lines --------------------------------------------------------------------

# A row of a comparison: the bar is of the ratio, "1.3" at least or "<0.75"
# at most, "-" none.
row() { # name, unit, bar, file of rounds, columns, column
	# shellcheck disable=SC2046 # six words
	set -- "$1" "$2" "$3" $(medians "$4" "$5" "$6")
	tell "$1" "$2" "$3" "$4" "$5" "$6" "$6" "$7" "$8" "$9"
}

# The same where the figure itself is judged: "<100".
row_alone() { # name, unit, bar, figure, low, high, rounds
	tell "$1" "$2" "$3" "$4" - - "$4" "$5" "$6" "$7"
}

tell() { # name, unit, bar, ours, peer, ratio, judged, low, high, rounds
	verdict=$(awk -v x="$7" -v bar="$3" 'BEGIN {
		if (bar == "-") { print "ok" }
		else if (sub(/^</, "", bar)) { print (x + 0 <= bar + 0 ? "ok" : "SHORT") }
		else { print (x + 0 >= bar + 0 ? "ok" : "SHORT") }
	}')
	[ "$verdict" = ok ] || shortfall=$((shortfall + 1))
	ratio=$6
	[ "$ratio" = - ] || ratio=$(printf %.2f "$6")
	case $3 in
	-) bar=- ;;
	'<'*) bar="<=${3#<}" ;;
	*) bar=">=$3" ;;
	esac
	peer=-
	[ "$5" = - ] || peer=$(human "$5")$2
	echo "$1 ours=$(human "$4")$2 peer=$peer ratio=$ratio bar=$bar $verdict" \
		"($(human "$8")..$(human "$9"), ${10} rounds)"
	jq -cn --arg name "$1" --arg unit "$2" --argjson ours "$4" \
		--argjson peer "$(null "$5")" --argjson ratio "$(null "$6")" \
		--arg bar "$bar" --argjson low "$8" --argjson high "$9" \
		--argjson rounds "${10}" --arg verdict "$verdict" --arg at "$at" \
		--argjson short "$(unless_short true false)" \
		'$ARGS.named' >>"$work/rows"
}

null() {
	if [ "$1" = - ]; then echo null; else echo "$1"; fi
}

# Three figures that count, no exponent.
human() {
	awk -v x="$1" 'BEGIN {
		if (x == "-") { print x }
		else if (x >= 100) { printf "%.0f\n", x }
		else if (x >= 10) { printf "%.1f\n", x }
		else if (x >= 1) { printf "%.2f\n", x }
		else { printf "%.3f\n", x }
	}'
}

# Milliseconds of processor time that a process and its children have had.
cpu_ms() { # process
	for stat in "/proc/$1/stat" $(children "$1"); do
		cat "$stat" 2>/dev/null
	done | awk -v tick="$(getconf CLK_TCK)" \
		'{ sub(/^.*\) /, ""); s += $12 + $13 } END { printf "%.0f\n", s * 1000 / tick }'
}

children() { # process
	tr ' ' '\n' <"/proc/$1/task/$1/children" |
		sed -n 's|..*|/proc/&/stat|p'
}

calc() { # expression
	awk "BEGIN { printf \"%.6g\\n\", $1 }"
}
