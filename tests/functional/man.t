#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual pages name what the programs have: every command, option and
# exit code, in both directions where the page is a list; so does the table of
# events.
: "${srcdir:=.}" "${builddir:=.}"
count=0
failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

check() { # sentence, file of complaints
	count=$((count + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $count - $1"
	fi
}

page() { # a page's text without its markup
	sed 's/\\-/-/g; s/\\f[A-Z]//g; s/\\&//g; s/"//g; s/  */ /g' "$srcdir/docs/man/$1"
}
page hoso.1 >"$scratch/hoso.1"
page hosod.8 >"$scratch/hosod.8"
page hosod.conf.5 >"$scratch/hosod.conf.5"
hosod=$(cd "$builddir" && pwd)/hosod

"$builddir/hosod" --data "$scratch/none" show-config |
	sed -n 's/^\(# \)\{0,1\}\([a-z]*\.[a-z_]*\) =.*/\2/p' | sort >"$scratch/options"
sed -n 's/^\.BI \([a-z]*\.[a-z_]*\) .*/\1/p' "$scratch/hosod.conf.5" | sort >"$scratch/described"
diff "$scratch/options" "$scratch/described" >"$scratch/wrong"
[ -s "$scratch/options" ] || echo 'hosod shows no options' >>"$scratch/wrong"
check 'hosod.conf(5) has every option and no other' "$scratch/wrong"

# Presets: all but paths, which follow the installation.
"$builddir/hosod" --data "$scratch/none" show-config |
	sed -n '/^# [a-z]/d; s/^\([a-z]*\.[a-z_]*\) = \([^/]*\)$/\1 = \2/p' >"$scratch/presets"
while read -r line; do
	case $line in *=) continue ;; esac
	grep -qF ".BI $line" "$scratch/hosod.conf.5" || echo "$line"
done <"$scratch/presets" >"$scratch/wrong"
[ -s "$scratch/presets" ] || echo 'hosod shows no presets' >>"$scratch/wrong"
check 'hosod.conf(5) has the presets of hosod' "$scratch/wrong"

"$builddir/hosod" --help | sed -n 's/^  \([a-z-]*\) .*/\1/p' >"$scratch/commands"
while read -r name; do
	grep -Eq "^\.BI? $name( |\$)" "$scratch/hosod.8" || echo "$name"
done <"$scratch/commands" >"$scratch/wrong"
[ -s "$scratch/commands" ] || echo 'hosod names no command' >>"$scratch/wrong"
check 'hosod(8) has every command' "$scratch/wrong"

{
	"$hosod" --english --help
	while read -r name; do (cd "$scratch" && "$hosod" --english --data "$scratch/none" "$name" --help); done <"$scratch/commands"
} | grep -Eo -e '--[a-z][a-z-]*' | sort -u >"$scratch/helped"
printf '%s\n' --help --version | sort -u -o "$scratch/helped" - "$scratch/helped"
# --check is of sha256sum
grep -Eo -e '--[a-z][a-z-]*' "$scratch/hosod.8" | grep -vx -e --check | sort -u >"$scratch/paged"
diff "$scratch/helped" "$scratch/paged" >"$scratch/wrong"
check 'hosod(8) and the help name the same options' "$scratch/wrong"

# Whoever asks how a command is called has not called it.
while read -r name; do
	(cd "$scratch" && "$hosod" --english --data "$scratch/none" "$name" --help) >"$scratch/said" 2>&1 ||
		echo "$name --help: status $?"
	grep -q "^usage: hosod .*$name" "$scratch/said" || sed "s/^/$name --help: /" "$scratch/said"
	(cd "$scratch" && "$hosod" --data "$scratch/none" "$name" --surplus) >"$scratch/said" 2>&1
	[ $? -eq 2 ] || sed "s/^/$name --surplus: /" "$scratch/said"
done <"$scratch/commands" >"$scratch/wrong"
ls -d "$scratch/none" "$scratch/--help" "$scratch/--surplus" 2>/dev/null >>"$scratch/wrong"
check 'each command of hosod tells how it is called, and refuses what it does not know' "$scratch/wrong"

"$builddir/hoso" help | sed -n 's/^  \([a-z-]*\) .*/\1/p' >"$scratch/commands"
while read -r name; do
	grep -Eq "^\.B[IR]? $name( |\$)" "$scratch/hoso.1" || echo "$name"
done <"$scratch/commands" >"$scratch/wrong"
[ -s "$scratch/commands" ] || echo 'hoso names no command' >>"$scratch/wrong"
check 'hoso(1) has every command' "$scratch/wrong"

# Options that the help of a command names are in the page, and the page
# names none that no help knows.
while read -r name; do
	"$builddir/hoso" "$name" --help
done <"$scratch/commands" | grep -Eo -e '--[a-z][a-z-]*' | sort -u >"$scratch/helped"
printf '%s\n' --url --authority --json --english --version --help >>"$scratch/helped"
sort -u -o "$scratch/helped" "$scratch/helped"
grep -Eo -e '--[a-z][a-z-]*' "$scratch/hoso.1" | sort -u >"$scratch/paged"
diff "$scratch/helped" "$scratch/paged" >"$scratch/wrong"
check 'hoso(1) and the help name the same options' "$scratch/wrong"

sed -n 's/^	CLI_[A-Z]* = \([0-9]\).*/\1/p' "$srcdir/cli/cli.h" | sort >"$scratch/codes"
sed -n '/^\.TS/,/^\.TE/s/^\([0-9]\)	.*/\1/p' "$scratch/hoso.1" | sort >"$scratch/described"
diff "$scratch/codes" "$scratch/described" >"$scratch/wrong"
[ -s "$scratch/codes" ] || echo 'cli.h has no exit code' >>"$scratch/wrong"
check 'hoso(1) has every exit code' "$scratch/wrong"

# The operator's log: what the sources say as an event stands in the table.
for folder in base storage archive core api host daemon; do cat "$srcdir/$folder"/*.c; done |
	tr '\n\t' '  ' | tr ';' '\n' |
	sed -n 's/.*\(log_debug\|log_info\|log_warn\|log_error\|log_fields\|rounds_new\)(//p' |
	grep -Eo '"[a-z]+\.[a-z_]+"' | tr -d '"' | sort -u >"$scratch/logged"
sed -n 's/^| \(`[^|]*\).*/\1/p' "$srcdir/docs/events.md" |
	grep -Eo '[a-z]+\.[a-z_]+' | sort -u >"$scratch/described"
diff "$scratch/logged" "$scratch/described" >"$scratch/wrong"
[ -s "$scratch/logged" ] || echo 'the sources log nothing' >>"$scratch/wrong"
check 'events.md has every event of the log and no other' "$scratch/wrong"

echo "1..$count"
[ "$failed" -eq 0 ]
