#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A sealed container is verified by a stranger: with the four commands that
# its own README.txt prints, and nothing of ours.  What README.txt says of
# time-stamps and receipts beyond these is done too.
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
command_of() { # number
	grep '^    ' "$scratch/README.txt" |
		grep -E '^    (unzip|openssl|grep|sha256sum) ' | sed -n "$1p" |
		sed 's/^    //'
}

verify() { # folder; prints what the commands print
	(
		cd "$1" || exit 1
		eval "$(command_of 1)" || exit 1
		eval "$(command_of 2)" || exit 2
		[ "$(eval "$(command_of 3)")" = 1 ] || exit 3
		eval "$(command_of 4)" || exit 4
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
	report $? "the four commands of its README verify a container: $kind"
done

[ "$(grep -cE '^    (unzip|openssl|grep|sha256sum) ' "$scratch/README.txt")" -eq 8 ]
report $? "the README holds four commands in each of its two languages"

[ "$(command_of 1; command_of 2; command_of 3; command_of 4)" = \
	"$(command_of 5; command_of 6; command_of 7; command_of 8)" ]
report $? "the commands are the same in both"

# The time-stamp is cut out of the signature by its offsets.
cd "$scratch/tsa/goi" || exit 1
p7s=META-INF/signature001.p7s
listing=$(openssl asn1parse -inform DER -in $p7s)
token=$(echo "$listing" | sed -n '/id-smime-aa-timeStampToken/,$p' |
	sed -n '3s/^ *\([0-9]*\):.*/\1/p')
value=$(echo "$listing" | sed '/id-smime-aa-timeStampToken/,$d' |
	grep 'OCTET STRING' | tail -n 1 | sed 's/^ *\([0-9]*\):.*/\1/')
{
	openssl asn1parse -inform DER -in $p7s -strparse "$token" -noout \
		-out ../token.tst
	openssl asn1parse -inform DER -in $p7s -strparse "$value" -noout \
		-out ../value.bin
	openssl ts -verify -token_in -in ../token.tst -data ../value.bin \
		-CAfile ../anchors.pem -no_check_time
} >"$scratch/log" 2>&1
report $? "openssl ts verifies the time-stamp inside the signature"

# Behind eight blanks stands what not everybody needs.
more_of() { # number
	grep '^        ' "$scratch/README.txt" | sed -n "$1s/^ *//p"
}

hoso() {
	"$hoso" "$@"
}

unzip -p ../GOI.asice README.txt >"$scratch/README.txt"
cp ../anchors.pem ../tsa.pem
rm -f ../token.tst ../value.bin
{
	[ "$(grep -c '^        ' "$scratch/README.txt")" -eq 14 ] &&
		eval "$(more_of 1)" &&
		eval "$(more_of 2 | sed "s/-strparse T/-strparse $token/")" &&
		eval "$(more_of 3 | sed "s/-strparse V/-strparse $value/")" &&
		eval "$(more_of 4)" &&
		eval "$(more_of 5)"
} >"$scratch/log" 2>&1 &&
	grep -q 'Verification: OK' "$scratch/log" &&
	grep -q '^Time stamp: ' "$scratch/log"
report $? "its README says how to verify the time-stamp"

eval "$(more_of 6)" >"$scratch/log" 2>&1
report $? "its README says how hoso verifies a receipt"

eval "$(more_of 7)" >"$scratch/log" 2>&1 &&
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

# Damage: each command finds what is its to find.
cd "$scratch/p256" || exit 1
for target in "$folder/representations/rep1/data/H34.2026.123.1.pdf:4" \
	SHA256SUMS:3 META-INF/ASiCManifest001.xml:2; do
	file=${target%:*}
	rm -rf goi
	unzip -q GOI.asice -d goi
	echo x >>"goi/$file"
	(
		cd goi || exit 1
		eval "$(command_of 2)" || exit 2
		[ "$(eval "$(command_of 3)")" = 1 ] || exit 3
		eval "$(command_of 4)" || exit 4
	) >"$scratch/log" 2>&1
	[ $? -eq "${target##*:}" ]
	report $? "a change of ${file##*/} is found by command ${target##*:}"
done

finish
