#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What is handed out of a container, without a server: a SIP for another
# archive and a DIP for a user.  Both are packages of their own, valid by the
# schemas inside, with the container's documents byte for byte and its seal;
# containers of the first layout give them, too.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need unzip zipinfo openssl sha256sum xmllint jq
make_container=$(cd "$builddir/tests/tools" && pwd)/make_container
hoso=$(cd "$builddir" && pwd)/hoso

field() { # name, file
	sed -n "s#^<$1>\(.*\)</$1>\$#\1#p" "$2"
}

HOSO_CLOCK=@1785628800 # 2026-08-02T00:00:00Z
export HOSO_CLOCK

# Unpack into $scratch/NAME; $package and $rep1 are the folders.
unpack() { # zip, name
	unzip -q "$1" -d "$scratch/$2"
	check "$2: it is one folder" 1 "$(find "$scratch/$2" -mindepth 1 -maxdepth 1 | wc -l)"
	package=$(echo "$scratch/$2"/*)
	rep1=$package/representations/rep1
}

# What must be so of every package that is handed out.
check_package() { # name, SIP or DIP, container
	check "$1: METS is what its schema says" 0 "$(code_of xmllint --noout --nonet \
		--schema "$package/schemas/METS.xsd" "$package/METS.xml" "$rep1/METS.xml")"
	check "$1: EAD.xml is what its schema says" 0 "$(code_of xmllint --noout --nonet \
		--schema "$package/schemas/EAD.xsd" "$package/metadata/descriptive/EAD.xml")"
	check "$1: each EAD_doc is what its schema says" 0 "$(code_of xmllint --noout --nonet \
		--schema "$package/schemas/EAD_doc.xsd" "$rep1"/metadata/descriptive/EAD_doc_*.xml)"
	check "$1: it says that it is a $2" 2 "$(cat "$package/METS.xml" "$rep1/METS.xml" |
		grep -c "csip:OAISPACKAGETYPE=\"$2\"")"
	check "$1: its OBJID is its folder" "${package##*/}" \
		"$(grep -oE 'OBJID="[^"]*"' "$package/METS.xml" | cut -d '"' -f 2)"
	# METS lists every file but itself, and each with its digest.
	# Of a file the digest stands first, of a description behind.
	grep -oE '<(mdRef|file) .*' "$package/METS.xml" | sed -nE \
		-e 's/.*CHECKSUM="([0-9a-f]*)".*xlink:href="([^"]*)".*/\1  \2/p' \
		-e 's/.*xlink:href="([^"]*)".*CHECKSUM="([0-9a-f]*)".*/\2  \1/p' \
		>"$scratch/SUMS"
	check "$1: every file is as METS says" 0 \
		"$(cd "$package" && code_of sha256sum -c --strict --quiet "$scratch/SUMS")"
	check "$1: METS names every file but itself" \
		"$(cd "$package" && find . -type f ! -path ./METS.xml | sed 's#^\./##' | sort)" \
		"$(cut -c 67- "$scratch/SUMS" | sort)"
	# The seal goes along, and proves each document.
	check "$1: the seal of the container verifies" 0 "$(code_of openssl cms -verify \
		-cades -binary -purpose any -inform DER -no_check_time -out /dev/null \
		-in "$package/documentation/seal/signature001.p7s" \
		-content "$package/documentation/seal/ASiCManifest001.xml" \
		-CAfile "$3/anchors.pem")"
	for file in "$rep1"/data/*; do
		check "$1: ${file##*/} is one that it sealed" 1 \
			"$(grep -cF "$(openssl dgst -sha256 -binary "$file" | openssl base64 -A)" \
				"$package/documentation/seal/ASiCManifest001.xml")"
	done
}

mkdir "$scratch/new" "$scratch/first"
"$make_container" "$scratch/new" >/dev/null || echo "Bail out! no container"
cp "$srcdir"/tests/golden/container-1/* "$scratch/first/"

# --- SIP -------------------------------------------------------------------------------

for layout in new first; do
	cd "$scratch/$layout" || exit 1
	check "$layout: a SIP is made" 0 \
		"$(code_of "$hoso" package sip GOI.asice --number 12 --trust anchors.pem)"
	sip=$(echo 12uuid-*.zip)
	check "$layout: its name is its number and its OBJID" "12$(zipinfo -1 "$sip" |
		head -n 1 | cut -d / -f 1).zip" "$sip"
	unpack "$sip" "$layout-sip"
	check_package "$layout-sip" SIP .
	check "$layout: both documents are in it" \
		'./H34.2026.123.1.pdf ./H34.2026.123.2.txt ' \
		"$(cd "$rep1/data" && find . -type f | sort | tr '\n' ' ')"
	check "$layout: it has no PREMIS and says nothing there" "0 2" \
		"$(find "$package" -iname '*premis*' | wc -l) $(cat "$package/METS.xml" "$rep1/METS.xml" |
			tr -d '\n' | grep -oE '<amdSec [^>]*></amdSec>' | wc -l)"
	ead=$package/metadata/descriptive/EAD.xml
	check "$layout: EAD.xml has the code by the name it has in a SIP" \
		'H34.2026.123 0' "$(field fileCode "$ead") $(grep -c arcFileCode "$ead")"
	check "$layout: and what the container knew" '01 2 01/01/2026' \
		"$(field maintenance "$ead") $(field totalDoc "$ead") $(field startDate "$ead")"
	doc=$rep1/metadata/descriptive/EAD_doc_H34.2026.123.1.xml
	check "$layout: EAD_doc has number, symbol, and the dossier's retention" \
		'H34.2026.123.0000001 763 QĐ-UBND 01' \
		"$(field docCode "$doc") $(field codeNumber "$doc") $(field codeNotation "$doc") $(field maintenance "$doc")"
	check "$layout: a name with its letters is told" 1 \
		"$(grep -c 'OWNERID="Quyết định số 763.PDF"' "$rep1/METS.xml")"
	check "$layout: and when it was filed" 1 \
		"$(grep -c 'OWNERID="Quyết định số 763.PDF".* CREATED="2026-07-31T07:00:00+07:00"' "$rep1/METS.xml")"
	check "$layout: the same at the same second is the same" 0 \
		"$(code_of "$hoso" package sip GOI.asice --output again.zip; cmp -s "$sip" again.zip || echo differs)"
	check "$layout: no file is written over unasked" 5 \
		"$(code_of "$hoso" package sip GOI.asice --number 12)"
done

# --- DIP -------------------------------------------------------------------------------

cd "$scratch/first" || exit 1
cat >request.json <<'END'
{"requestID":"YC-2026-17","requestDate":"01/08/2026","purpose":"01","purposeContent":"Bổ sung hồ sơ <cá nhân>",
 "feeObjectType":"10","recipient":"Nguyễn Văn A","recipientID":"062000000001","archive":"Lưu trữ lịch sử tỉnh Kon Tum",
 "expires":"31/12/2026","copies":2,"documents":[1]}
END
for layout in new first; do
	cd "$scratch/$layout" || exit 1
	check "$layout: a DIP is made" 0 "$(code_of "$hoso" package dip GOI.asice \
		--request "$scratch/first/request.json" --output dip.zip --trust anchors.pem)"
	unpack dip.zip "$layout-dip"
	check_package "$layout-dip" DIP .
	check "$layout: it holds the document that was asked for, and no other" \
		H34.2026.123.1.pdf "$(ls "$rep1/data")"
	check "$layout: PREMIS is what its schema says" 0 "$(code_of xmllint --noout --nonet \
		--schema "$package/schemas/PREMIS.xsd" "$package/metadata/preservation/PREMIS.xml")"
	check "$layout: and names the package it was made from" 2 \
		"$(tr -d '\n' <"$package/metadata/preservation/PREMIS.xml" |
			grep -oE 'Value>urn:uuid:[0-9A-F-]*</linkingObjectIdentifierValue><linkingObjectRole>source<' | wc -l)"
	ead=$package/metadata/descriptive/EAD.xml
	check "$layout: EAD.xml is the request" \
		'YC-2026-17 01/08/2026 01 Bổ sung hồ sơ &lt;cá nhân&gt; 10' \
		"$(field requestID "$ead") $(field requestDate "$ead") $(field purpose "$ead") $(field purposeContent "$ead") $(field feeObjectType "$ead")"
	check "$layout: and not the dossier" 0 "$(grep -cE '<(arcFileCode|fileCode|title|totalDoc)>' "$ead")"
	doc=$rep1/metadata/descriptive/EAD_doc_H34.2026.123.1.xml
	check "$layout: the document is marked as a copy, by its code in a DIP" \
		'BẢN SAO H34.2026.123.0000001' "$(field description "$doc") $(field arcDocCode "$doc")"
	check "$layout: a DIP's document has no issuer and no dossier's code" 0 \
		"$(grep -cE '<(organName|arcFileCode|docCode)>' "$doc")"
	page=$package/documentation/BAN_SAO.html
	check "$layout: a page says that it is a copy, for whom and until when" '1 1 1 1 1 1 1' \
		"$(for words in '<p class="mark">BẢN SAO</p>' '<td>Nguyễn Văn A, 062000000001</td>' \
			'<td>31/12/2026</td>' '<td>Cá nhân: Bổ sung hồ sơ &lt;cá nhân&gt;</td>' \
			'<td>02/08/2026</td>' '<td>763/QĐ-UBND</td>' '<td>Quyết định</td>'; do
			grep -cF "$words" "$page"
		done | tr '\n' ' ' | sed 's/ $//')"
	check "$layout: it is well-formed" 0 "$(code_of xmllint --html --noout "$page")"
done
first=$package

# --- refusals --------------------------------------------------------------------------

cd "$scratch/new" || exit 1
refused() { # sentence, code, jq
	jq "$3" "$scratch/first/request.json" >wrong.json
	check "$1" "$2 0" "$(code_of "$hoso" package dip GOI.asice --request wrong.json \
		--output wrong.zip) $(find . -name 'wrong.zip' -o -name '.hoso-*' | wc -l)"
}
refused 'a request without a purpose is refused' 1 'del(.purpose)'
refused 'and one with a purpose that there is not' 1 '.purpose = "04"'
refused 'and one with a date that is none' 1 '.requestDate = "2026-08-01"'
refused 'and one that ends on no day' 1 '.expires = "mai"'
refused 'and a member that nobody knows' 1 '.colour = "red"'
refused 'a document that is not there is absent' 4 '.documents = [1, 7]'
jq 'del(.documents) | .requestID = "YC-18"' "$scratch/first/request.json" >all.json
check 'without a list all documents are asked for' 0 \
	"$(code_of "$hoso" package dip GOI.asice --request all.json --output all.zip)"
unpack all.zip all
check 'and are in it' 2 "$(find "$rep1/data" -type f | wc -l)"
check 'another request is another package' differs \
	"$([ "${package##*/}" = "${first##*/}" ] && echo same || echo differs)"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ai-do \
	-keyout other.key -out other.pem 2>/dev/null
check 'of a container that a stranger sealed nothing is made' '8 0' \
	"$(code_of "$hoso" package sip GOI.asice --trust other.pem --output bad.zip) $(find . -name bad.zip | wc -l)"
at=$(grep -abo 'khen th' GOI.asice | head -n 1 | cut -d : -f 1)
printf X | dd of=GOI.asice bs=1 seek="$at" conv=notrunc 2>/dev/null
check 'nor of one that is damaged' '8 0' \
	"$(code_of "$hoso" package sip GOI.asice --output bad.zip) $(find . -name bad.zip | wc -l)"
check 'and what is no container is none' '8 0' \
	"$(code_of "$hoso" package sip other.pem --output bad.zip) $(find . -name bad.zip | wc -l)"

finish
