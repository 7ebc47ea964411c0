#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A sealed container is verified by a stranger: with the commands that its own
# README.txt prints, and nothing of ours.  What README.txt says of receipts
# beyond these is done too.  plain.t runs the commands against every change.
#
# shellcheck disable=SC2016 # the commands come from the README
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need unzip openssl sha256sum xmllint
make_container=$(cd "$builddir/tests/tools" && pwd)/make_container
hoso=$(cd "$builddir" && pwd)/hoso

report() { # exit code, sentence
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' "$scratch/log"
	fi
}

# The commands stand in the README with four blanks before them.
commands() { # prints those of the first language
	sed '/^-----/q' "$scratch/README.txt" | sed -n 's/^    \([^ ]\)/\1/p'
}

verify() { # folder; prints what the commands print
	(
		cd "$1" || exit 1
		cp anchors.pem tsa.pem
		commands >commands
		set -e
		# shellcheck source=/dev/null
		. ./commands
	) >"$scratch/log" 2>&1
}

for kind in p256 rsa 'tsa' 'tsa rsa'; do
	name=$(echo "$kind" | tr -d ' ')
	mkdir "$scratch/$name"
	# shellcheck disable=SC2086 # several words
	"$make_container" "$scratch/$name" $kind >"$scratch/log" 2>&1 ||
		{ report 1 "a container is made: $kind"; continue; }
	unzip -p "$scratch/$name/GOI.asice" README.txt >"$scratch/README.txt"
	verify "$scratch/$name"
	report $? "the commands of its README verify a container: $kind"
done

# Behind eight blanks stands what not everybody needs.
more_of() { # number
	grep '^        ' "$scratch/README.txt" | sed -n "$1s/^ *//p"
}

hoso() {
	"$hoso" "$@"
}

cd "$scratch/tsa/goi" || exit 1
unzip -p ../GOI.asice README.txt >"$scratch/README.txt"

eval "$(more_of 1)" >"$scratch/log" 2>&1
report $? "its README says how hoso verifies a receipt"

eval "$(more_of 2)" >"$scratch/log" 2>&1 &&
	! grep -qF -e '[chưa rõ]' -e '[SAI]' "$scratch/log" &&
	grep -qF 'Mọi bản ghi trong gói đúng từng byte' "$scratch/log"
report $? "its README says how hoso verifies all of it, and nothing is in doubt"

find . -name '*.xml' -exec xmllint --noout {} + >"$scratch/log" 2>&1
report $? "every XML file is well-formed"

folder=$(ls -d urn_uuid_*)
# What the schema of METS asks beyond its form: IDs are names, each is given
# once, and whatever refers to one finds it.
for mets in "$folder/METS.xml" "$folder/representations/rep1/METS.xml"; do
	grep -oE ' ID="[^"]*"' "$mets" | cut -d '"' -f 2 | sort >"$scratch/ids"
	grep -oE ' (ADMID|DMDID|FILEID)="[^"]*"' "$mets" | cut -d '"' -f 2 |
		tr ' ' '\n' | sort -u >"$scratch/referred"
	{
		grep -vE '^(uuid|ID)-[0-9A-F-]{36}$' "$scratch/ids"
		uniq -d "$scratch/ids"
		comm -13 "$scratch/ids" "$scratch/referred"
	} >"$scratch/log"
	[ -s "$scratch/referred" ] && [ ! -s "$scratch/log" ]
	report $? "whatever refers to a part of ${mets#*/} finds it"
done
{
	xmllint --noout --schema "$folder/schemas/EAD.xsd" \
		"$folder/metadata/descriptive/EAD.xml" &&
	xmllint --noout --schema "$folder/schemas/EAD_doc.xsd" \
		"$folder"/representations/rep1/metadata/descriptive/EAD_doc_*.xml
} >"$scratch/log" 2>&1
report $? "EAD.xml and EAD_doc are what their schemas say"

[ "$(head -c 69 ../GOI.asice | tail -c 31)" = application/vnd.etsi.asic-e+zip ]
report $? "the media type stands at byte 38"

finish
