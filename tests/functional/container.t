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
# Each file names its schema, and lies where the circular puts it.
rep1=$folder/representations/rep1
validate() { # schema, files
	schema=$folder/schemas/$1.xsd
	shift
	xmllint --noout --nonet --schema "$schema" "$@" >"$scratch/log" 2>&1
}
validate METS "$folder/METS.xml" "$rep1/METS.xml"
report $? "both METS are what their schema says"
validate PREMIS "$folder/metadata/preservation/PREMIS.xml" \
	"$rep1/metadata/preservation/PREMIS_rep1.xml"
report $? "both PREMIS are what their schema says"
validate EAD "$folder/metadata/descriptive/EAD.xml"
report $? "EAD.xml is what its schema says"
validate EAD_doc "$rep1"/metadata/descriptive/EAD_doc_*.xml
report $? "EAD_doc is what its schema says"

# A schema that accepts anything would prove nothing.
sed 's/ CHECKSUM="./ CHECKSUM="x/' "$folder/METS.xml" >"$scratch/wrong.xml"
validate METS "$scratch/wrong.xml"
[ $? -eq 3 ]
report $? "METS with a digest that is none is refused by its schema"
sed 's#</totalDoc>#x&#' "$folder/metadata/descriptive/EAD.xml" >"$scratch/wrong.xml"
validate EAD "$scratch/wrong.xml"
[ $? -eq 3 ]
report $? "EAD.xml with a number that is none is refused by its schema"
grep -v '<typeName>' "$rep1"/metadata/descriptive/EAD_doc_*.1.xml >"$scratch/wrong.xml"
validate EAD_doc "$scratch/wrong.xml"
[ $? -eq 3 ]
report $? "EAD_doc without a field that must stand there is refused by its schema"
sed 's#<messageDigest>.#&g#' "$rep1/metadata/preservation/PREMIS_rep1.xml" >"$scratch/wrong.xml"
validate PREMIS "$scratch/wrong.xml"
[ $? -eq 3 ]
report $? "PREMIS with a digest that is none is refused by its schema"

sed 's#<signatureValue>#&*#' "$rep1/metadata/preservation/PREMIS_rep1.xml" >"$scratch/wrong.xml"
validate PREMIS "$scratch/wrong.xml"
[ $? -eq 3 ]
report $? "PREMIS with a signature that is no Base64 is refused by its schema"

said() { # sentence, wanted number, pattern, file
	echo "wanted $2, got $(grep -cE "$3" "$4")" >"$scratch/log"
	[ "$(grep -cE "$3" "$4")" -eq "$2" ]
	report $? "$1"
}
said "the root is an AIP by the circular's profile" 1 \
	'PROFILE="http://www.ra.ee/METS/v01/IP.xml"' "$folder/METS.xml"
said "and says so" 1 'csip:OAISPACKAGETYPE="AIP"' "$folder/METS.xml"
said "its OBJID is its folder" 1 \
	"OBJID=\"$(echo "$folder" | tr _ :)\"" "$folder/METS.xml"
said "each document is linked with its description" 2 \
	'<div LABEL="MetadataLink/File" .*DMDID=.*FILEID=' "$rep1/METS.xml"
said "PREMIS tells of what was done" 3 \
	'<eventType>(message digest calculation|information package creation|digital signature generation)<' \
	"$folder/metadata/preservation/PREMIS.xml"
said "and of when the files came" 1 '<eventType>ingestion<' \
	"$rep1/metadata/preservation/PREMIS_rep1.xml"

said "and whose signatures are in them" 2 \
	'<signer>CN=Lê Thị Sáu,O=&quot;A &amp; B&quot; &lt;C&gt;</signer>|<signatureMethod>RSA-SHA256<' \
	"$rep1/metadata/preservation/PREMIS_rep1.xml"
said "when, and what that is worth" 4 \
	'<signatureProperties>(claimed|proven) time: 2026-|<signatureProperties>verdict: TOTAL-PASSED<|<eventOutcome>warning<' \
	"$rep1/metadata/preservation/PREMIS_rep1.xml"

[ "$(head -c 69 ../GOI.asice | tail -c 31)" = application/vnd.etsi.asic-e+zip ]
report $? "the media type stands at byte 38"

finish
