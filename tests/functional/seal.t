#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A sealed dossier proves itself without hoso: the commands are taken from
# the container's own README.txt.  One flipped bit is found and named, sealing
# twice gives the same bytes even where the log went on meanwhile, receipts
# (those inside too) and the log verify.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq unzip zipinfo openssl sha256sum xmllint

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai
start_hosod
enter luutru
must luutru audit key
cp "$scratch/must" "$scratch/key"
must luutru audit verify --key "$scratch/key"

dossier=hs-niem-phong
cat >"$scratch/new.json" <<END
{"id":"$dossier","kind":"merit","title":"Khen thưởng thôn Xốp Nghét","unit":"xa-xop-2025","date":"2025-08-01","ead":{"keyword":"thôn Xốp Nghét","language":"01;06"}}
END
must luutru dossier new --file "$scratch/new.json" --receipt "$scratch/receipt.json"
echo 'Đề nghị tặng Giấy khen.' >"$scratch/Tờ trình đề nghị.txt"
: >"$scratch/Tệp rỗng.txt"
head -c 3145728 /dev/urandom >"$scratch/Ảnh chụp lễ trao.jpg"
must luutru dossier add $dossier "$scratch/Tờ trình đề nghị.txt" --code C_TOTRINH
must luutru dossier add $dossier "$scratch/Tệp rỗng.txt" --code C_KHAC
must luutru dossier add $dossier "$scratch/Ảnh chụp lễ trao.jpg" --code C_KHAC
file_past luutru $dossier xa-xop-2025 2025-08-01
stop_hosod
cp -R "$scratch/data" "$scratch/second"

moment=$(($(date +%s) + 60)) # while the certificate is valid
seal() { # container; at a set time
	HOSO_CLOCK=@$moment
	export HOSO_CLOCK
	start_hosod
	unset HOSO_CLOCK
	enter luutru
	must luutru seal $dossier --output "$1"
}

seal "$scratch/GOI.asice"

# --- without hoso -------------------------------------------------------------------

cp "$scratch/data/keys/seal.crt" "$scratch/anchors.pem"
unzip -p "$scratch/GOI.asice" README.txt | sed '/^-----/q' |
	sed -n 's/^    \([^ ]\)/\1/p' >"$scratch/commands"
check 'README.txt holds five commands' 5 "$(wc -l <"$scratch/commands")"
{
	echo 'set -e'
	cat "$scratch/commands"
} >"$scratch/verify.sh"
check 'the commands verify it' 0 \
	"$(cd "$scratch" && code_of sh verify.sh)"
check 'the signature is said to be good' 1 "$(grep -c 'CAdES Verification successful' "$scratch/said")"
check 'every file is said to be so' 0 "$(grep ': ' "$scratch/said" | grep -vc ': OK$')"
for file in 'Tờ trình đề nghị.txt' 'Tệp rỗng.txt' 'Ảnh chụp lễ trao.jpg'; do
	sum=$(sha256sum <"$scratch/$file" | cut -d ' ' -f 1)
	check "$file is in it byte for byte" 1 "$(grep -c "^$sum " "$scratch/goi/SHA256SUMS")"
	check "and under its own name for readers" yes \
		"$(grep -qF "$file" "$scratch"/goi/urn*/documentation/cover.html && echo yes || echo no)"
done

# --- the package inside ----------------------------------------------------------------

package=$(echo "$scratch"/goi/urn_*)
rep1=$package/representations/rep1
valid() { # schema, files: 0 where all are what it says
	schema=$package/schemas/$1.xsd
	shift
	xmllint --noout --nonet --schema "$schema" "$@" >"$scratch/said" 2>&1
	echo $?
}
check 'METS is what its schema says' 0 "$(valid METS "$package/METS.xml" "$rep1/METS.xml")"
check 'PREMIS is what its schema says' 0 \
	"$(valid PREMIS "$package/metadata/preservation/PREMIS.xml" "$rep1/metadata/preservation/PREMIS_rep1.xml")"
check 'EAD.xml is what its schema says' 0 "$(valid EAD "$package/metadata/descriptive/EAD.xml")"
check 'EAD_doc is what its schema says, one for each file' "0 $(find "$rep1/data" -type f | wc -l)" \
	"$(valid EAD_doc "$rep1"/metadata/descriptive/EAD_doc_*.xml) $(grep -c ' validates$' "$scratch/said")"
field() { # name, file
	sed -n "s#^<$1>\(.*\)</$1>\$#\1#p" "$2"
}
ead=$package/metadata/descriptive/EAD.xml
check 'what the office gave stands in it' 'thôn Xốp Nghét, 01;06' \
	"$(field keyword "$ead"), $(field language "$ead")"
check 'and how many documents there are' "$(find "$rep1/data" -type f | wc -l)" "$(field totalDoc "$ead")"
submission=$(grep -l '<typeName>15<' "$rep1"/metadata/descriptive/*.xml)
check 'a submission is called by what it is' 'Tờ trình đề nghị khen thưởng' "$(field subject "$submission")"
check 'and has the language of its dossier' '01;06' "$(field language "$submission")"
check 'what nobody knows of it is empty' '<issuedDate></issuedDate>' "$(grep issuedDate "$submission")"
check 'a validation is told of, since it took place' 1 \
	"$(grep -c '<eventType>validation<' "$package/metadata/preservation/PREMIS.xml")"

check 'hoso verifies it, and knows whom it trusts' 0 \
	"$(code_of "$builddir/hoso" verify "$scratch/GOI.asice" --trust "$scratch/anchors.pem")"
check 'and finds nothing wrong' 0 "$(grep -c '^\[SAI\]' "$scratch/said")"

# --- the receipts inside ----------------------------------------------------------------

check 'without the key of the log it says that receipts are not proved' 1 \
	"$(grep -c 'Chưa cho khóa của nhật ký' "$scratch/said")"
check 'with it they verify' 0 \
	"$(code_of "$builddir/hoso" verify "$scratch/GOI.asice" --trust "$scratch/anchors.pem" --key "$scratch/key")"
check '  and so do the records that they tell of' 1 \
	"$(grep -c '^\[đúng\] Mọi bản ghi trong gói đúng từng byte' "$scratch/said")"
receipts=0
for file in "$scratch"/goi/urn*/metadata/other/receipts/*.json; do
	receipts=$((receipts + 1))
	check "receipt ${file##*/} verifies when it was unpacked" 0 \
		"$(code_of "$builddir/hoso" verify-receipt "$file" --key "$scratch/key")"
done
check 'the dossier, its unit, decision, document and grants have theirs' yes \
	"$([ $receipts -ge 4 ] && echo yes || echo "$receipts")"
jq -r .checkpoint "$scratch"/goi/urn*/metadata/other/receipts/*.json | sort -u >"$scratch/checkpoints"
check 'all by one checkpoint' 1 "$(grep -c '^— ' "$scratch/checkpoints")"
for file in "$scratch"/goi/urn*/metadata/other/records/*.json; do
	sum=$(sha256sum <"$file" | cut -d ' ' -f 1)
	check "a receipt tells of ${file##*/}" yes \
		"$(jq -r .leaf "$scratch"/goi/urn*/metadata/other/receipts/*.json | grep -qF "\"$sum\"" && echo yes)"
done
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=ai-do \
	-keyout "$scratch/other.key" -out "$scratch/other.pem" 2>/dev/null
check 'another root does not vouch for it' 8 \
	"$(code_of "$builddir/hoso" verify "$scratch/GOI.asice" --trust "$scratch/other.pem")"

# --- one bit --------------------------------------------------------------------------

byte() { # file, offset
	od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' '
}

flip() { # offset; makes $scratch/flipped.asice
	cp "$scratch/GOI.asice" "$scratch/flipped.asice"
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\$(printf %o $(($(byte "$scratch/GOI.asice" "$1") ^ 1)))" |
		dd of="$scratch/flipped.asice" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# Prints what is amiss of a flipped bit; NAME is to be named where given.
verdict() { # offset, name
	flip "$1"
	code=$(code_of "$builddir/hoso" verify "$scratch/flipped.asice")
	if [ "$code" != 8 ]; then
		echo "byte $1 ($2): exit $code"
	elif ! grep -q '^\[SAI\]' "$scratch/said"; then
		echo "byte $1 ($2): nothing is said to be wrong"
	elif [ -n "$2" ] && ! grep '^\[SAI\]' "$scratch/said" | grep -qF "$2"; then
		echo "byte $1: $2 is not named: $(grep -F '[SAI]' "$scratch/said")"
	fi
}

zipinfo -v "$scratch/GOI.asice" | awk '
	/^Central directory entry #/ {
		do { getline } while (NF == 0 || /^-+$/)
		name = $1
	}
	/offset of local header/ { at = $NF }
	/compressed size:/ && !/uncompressed/ { size = $(NF - 1) }
	/length of filename:/ { n = $(NF - 1) }
	/length of extra field:/ { print at, size, n, name }' >"$scratch/members"
members=$(unzip -Z1 "$scratch/GOI.asice" | wc -l)
check 'every member is tried' "$members" "$(wc -l <"$scratch/members")"
while read -r at size n name; do
	e=$(($(byte "$scratch/GOI.asice" $((at + 28))) + 256 * $(byte "$scratch/GOI.asice" $((at + 29)))))
	if [ "$size" -gt 0 ]; then
		for place in 0 $((size - 1)); do
			verdict $((at + 30 + n + e + place)) "$name"
		done
	fi
done <"$scratch/members" >"$scratch/amiss"
check 'a flipped bit in any member is found, and the member named' '' "$(cat "$scratch/amiss")"
# Local header: signature, version, flags, method, time, CRC, sizes, name.
while read -r at _ _ name; do
	for place in 0 6 8 10 14 22 31; do
		verdict $((at + place)) ''
	done
done <"$scratch/members" >"$scratch/amiss"
check 'a flipped bit in any local header is found' '' "$(cat "$scratch/amiss")"
whole=$(wc -c <"$scratch/GOI.asice")
directory=$(zipinfo -v "$scratch/GOI.asice" | sed -n 's/.* \([0-9]*\) ([0-9A-F]*h).*bytes from the beginning.*/\1/p' | head -1)
[ -n "$directory" ] || directory=$((whole - 22 - members * 46))
at=$directory
while [ "$at" -lt "$whole" ]; do
	verdict "$at" ''
	at=$((at + 23))
done >"$scratch/amiss"
check 'a flipped bit in the directory or at the end is found' '' "$(cat "$scratch/amiss")"
head -c $((whole - 1)) "$scratch/GOI.asice" >"$scratch/flipped.asice"
check 'a container cut short is found' 8 "$(code_of "$builddir/hoso" verify "$scratch/flipped.asice")"

# --- receipts and the log ----------------------------------------------------------------

receipt() { # file
	code_of "$builddir/hoso" verify-receipt "$1" --key "$scratch/key"
}
must luutru audit verify --key "$scratch/key"
hoso luutru audit checkpoint >"$scratch/after.txt"
size=$(sed -n 2p "$scratch/after.txt")
check 'the log has only grown since the first checkpoint' 0 \
	"$(code_of hoso luutru audit verify --from 3 --to "$size" --key "$scratch/key")"
check 'and since any other' 0 "$(code_of hoso luutru audit verify --from $((size - 2)) --key "$scratch/key")"
check 'a log that is not so long is refused' yes \
	"$([ "$(code_of hoso luutru audit verify --from 3 --to $((size + 1000)) --key "$scratch/key")" -ne 0 ] && echo yes)"
sed 's/^/# /' "$scratch/said"
stop_hosod
check 'a receipt verifies without a server' 0 "$(receipt "$scratch/receipt.json")"
jq -c '.index += 1' "$scratch/receipt.json" >"$scratch/wrong.json"
check 'not with another index' 8 "$(receipt "$scratch/wrong.json")"
sed 's/dossier\.new/dossier.nem/' "$scratch/receipt.json" >"$scratch/wrong.json"
check 'not with another leaf' 8 "$(receipt "$scratch/wrong.json")"
jq -c '.proof[0] = .proof[1]' "$scratch/receipt.json" >"$scratch/wrong.json"
check 'not with another proof' 8 "$(receipt "$scratch/wrong.json")"

# --- twice ---------------------------------------------------------------------------------

rm -rf "$scratch/data"
mv "$scratch/second" "$scratch/data"
start_hosod
enter luutru
sed 's/hs-niem-phong/hs-khac/' "$scratch/new.json" >"$scratch/other.json"
must luutru dossier new --file "$scratch/other.json"
stop_hosod
seal "$scratch/second.asice"
stop_hosod
different=
for name in $(unzip -Z1 "$scratch/GOI.asice"); do
	[ "$(unzip -p "$scratch/GOI.asice" "$name" | sha256sum)" = \
		"$(unzip -p "$scratch/second.asice" "$name" | sha256sum)" ] ||
		different="$different $name"
done
check 'sealed twice, and the log longer, only the signature differs' ' META-INF/signature001.p7s' "$different"
check 'and the members stand in the same order' "$(unzip -Z1 "$scratch/GOI.asice")" "$(unzip -Z1 "$scratch/second.asice")"
finish
