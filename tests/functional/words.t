#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Every message that people can meet is Vietnamese, and English when they ask
# for it.  scripts/check-words compares the sources with the catalogues of
# data/i18n/; that it can fail is tried on a tree of a few lines, one plant at a
# time.
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
# shellcheck source=tests/functional/hosod.sh
. "$srcdir/tests/functional/hosod.sh"
unset LC_ALL LC_MESSAGES LANG LANGUAGE

# --- the sources and the catalogues ---------------------------------------
"$srcdir/scripts/check-words" "$srcdir" >"$scratch/found" 2>&1
check 'all that is said has a row, and every row is said with the same arguments' \
	'' "$(cat "$scratch/found")"

# What the law calls statuses, roles, rights and kinds stands in sentences.
sed -n 's/^msgid "\(.*\)"$/\1/p' "$srcdir/data/i18n/vi/words.po" | sort -u >"$scratch/words"
if command -v jq >/dev/null 2>&1; then
	{
		jq -r '(.movement + .dossier)[].id' "$srcdir/data/rules/workflow.json"
		jq -r '.roles[].id' "$srcdir/data/rules/roles.json"
		jq -r '.acts[].act' "$srcdir/data/rules/permissions.json"
		jq -r '.kinds[].code' "$srcdir/data/rules/unit-kinds.json"
	} | sort -u >"$scratch/law"
	check 'there are such words' yes \
		"$(awk 'END { print (NR > 80 ? "yes" : NR) }' "$scratch/law")"
	check 'statuses, roles, rights and kinds of units have words' '' \
		"$(comm -23 "$scratch/law" "$scratch/words")"
	# But for the first letter, which is large where nothing stands before it.
	jq -r '.acts[] | .act + "\t" + .name' "$srcdir/data/rules/permissions.json" >"$scratch/called"
	awk -F '"' '/^msgid/ { id = $2 } /^msgstr/ { print id "\t" $2 }' \
		"$srcdir/data/i18n/vi/words.po" >"$scratch/said"
	for list in called said; do
		jq -Rr 'split("\t") | .[0] + " " + .[1][1:]' "$scratch/$list" | LC_ALL=C sort >"$scratch/$list.sorted"
	done
	LC_ALL=C comm -23 "$scratch/called.sorted" "$scratch/said.sorted" >"$scratch/acts"
	check 'rights are called the same on the page and in sentences' '' \
		"$(cat "$scratch/acts")"
else
	skip 'there are such words' 'jq is not installed'
	skip 'statuses, roles, rights and kinds of units have words' 'jq is not installed'
	skip 'rights are called the same on the page and in sentences' 'jq is not installed'
fi

# --- that the check can fail ----------------------------------------------
plant() { # source, rows
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree/core" "$scratch/tree/data/i18n/vi"
	cat >"$scratch/tree/core/fault.h" <<'END'
int fault_set(struct fault *fault, enum fault_code code, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
END
	printf '%s\n' "$1" >"$scratch/tree/core/a.c"
	printf '%s\n' "$2" >"$scratch/tree/data/i18n/vi/core.po"
	"$srcdir/scripts/check-words" "$scratch/tree" 2>&1
}
row='msgid "there is no %s"
msgstr "không có %s"'
says='	return fault_set(fault, FAULT_ABSENT, "there is " "no %s", id);'

check 'a tree in order passes' '' "$(plant "$says" "$row")"
check 'and its status says so' 0 "$(plant "$says" "$row" >/dev/null; echo $?)"
check 'a message without a row is found' \
	'core/a.c:1: no row of data/i18n/vi has "gone is %<PRIu64>"' \
	"$(plant '	fault_set(fault, FAULT_ABSENT, "gone is %" PRIu64, n); /*"x y"*/
'"$says" "$row")"
check 'and the status says so' 1 \
	"$(plant '	fault_set(fault, FAULT_ABSENT, "gone");
'"$says" "$row" >/dev/null; echo $?)"
check 'one of two that are chosen between is found' \
	'core/a.c:2: no row of data/i18n/vi has "gone"' \
	"$(plant '	fault_set(fault, FAULT_ABSENT, id != NULL ? "there is no %s"
	    : "gone", id);' "$row")"
check 'a word that goes into a sentence is found' \
	'core/a.c:1: no row of data/i18n/vi has "nobody"' \
	"$(plant '	fault_set(fault, FAULT_ABSENT, "there is no %s", "nobody");' "$row")"
check 'as is one that its sentence does not mark' \
	'core/a.c:1: "nobody" goes untranslated into "there is no %s": mark it %#s in its row' \
	"$(plant '	fault_set(fault, FAULT_ABSENT, "there is no %s", "nobody");' "$row

msgid \"nobody\"
msgstr \"không ai\"")"
check 'a reason that is told elsewhere is found' \
	'core/a.c:1: no row of data/i18n/vi has "it is no number"' \
	"$(plant '	static const char *const why[] = { "it is no number" };
'"$says" "$row")"
check 'what goes to the log alone is not' '' \
	"$(plant '	log_info(scope, "set.gone", "the set is gone");
'"$says" "$row")"
check 'what is printed past the catalogue is found' \
	'core/a.c:1: "nothing here\n" is printed in one language: say() it' \
	"$(plant '	fputs("nothing here\n", stderr);
'"$says" "$row")"
check 'a translation that takes other arguments is found' \
	'data/i18n/vi/core.po:1: "there is no %s" takes %s, its translation %d' \
	"$(plant "$says" 'msgid "there is no %s"
msgstr "không có %d"')"
check 'a mark of a word is none' '' "$(plant "$says" 'msgid "there is no %s"
msgstr "không có %#s"')"
check 'a row without a translation is found' \
	'data/i18n/vi/core.po:1: "there is no %s" is not translated' \
	"$(plant "$says" 'msgid "there is no %s"
msgstr "there is no %s"')"
check 'a row that nobody says is found' \
	'data/i18n/vi/core.po:4: nobody says "there was %d"' \
	"$(plant "$says" "$row

msgid \"there was %d\"
msgstr \"đã có %d\"")"
check 'a row that stands twice is found' \
	'data/i18n/vi/core.po:4: "there is no %s" stands at data/i18n/vi/core.po:1, too' \
	"$(plant "$says" "$row

$row")"
check 'a catalogue that is broken is found' 1 \
	"$(plant "$says" "$row

nonsense" >/dev/null; echo $?)"

# --- the language of whoever asks -------------------------------------------
first() { # command: the first line that it prints
	"$@" 2>&1 | head -1
}
hoso=$builddir/hoso
hosod=$builddir/hosod
vi='hoso [--url URL] [--json] [--english] LỆNH ...'
en='hoso [--url URL] [--json] [--english] COMMAND ...'
check 'hoso speaks Vietnamese' "$vi" "$(first "$hoso" --help)"
check 'in the C locale, too' "$vi" "$(LC_ALL=C first "$hoso" --help)"
check 'and English in an English one' "$en" "$(LANG=en_US.UTF-8 first "$hoso" --help)"
check 'LC_ALL comes first' "$vi" "$(LC_ALL=vi_VN LANG=en first "$hoso" --help)"
check '--english comes before all' "$en" "$(LC_ALL=vi_VN first "$hoso" --english --help)"
check 'so does hosod' 'Cách dùng' "$(first "$hosod" --help | cut -d: -f1)"
check 'in English, too' 'usage' "$(LC_MESSAGES=en first "$hosod" --help | cut -d: -f1)"
check 'its refusals are Vietnamese' \
	'hosod: http.loops=1: không có tùy chọn http.loops' \
	"$(first "$hosod" --data "$scratch/none" --set http.loops=1 fsck)"
check 'or English' 'hosod: http.loops=1: http.loops is no option' \
	"$(first "$hosod" --english --data "$scratch/none" --set http.loops=1 fsck)"
for command in login logout unit dossier decision seal verify verify-receipt report rank \
	audit plugin import export; do
	"$hoso" $command --help | grep -q '[^ -~]' || echo "$command"
	LANG=en "$hoso" $command --help | sed 's/"xã Xốp"//; s/Sơn Hà is not Sơn Hạ//' |
		grep '[^ -~]'
done >"$scratch/found"
check 'every command has its help in both languages' '' "$(cat "$scratch/found")"

finish
