#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A dossier waits for its time-stamp: while the authority refuses, makes
# mistakes or does not answer, and while the server is killed.
# shellcheck source=tests/functional/hoso.sh
. "${srcdir:-.}/tests/functional/hoso.sh"
need curl jq openssl unzip

dossier=hs-co-thi-dua-tinh-2022-kon-tum
authority=
trap 'end_all; kill -9 $authority 2>/dev/null; rm -rf "$scratch"' EXIT

seal() { # member of the dossier's seal
	hoso --json dossier show "$dossier" >"$scratch/shown"
	jq -r ".seal | .$1" "$scratch/shown"
}

get_package() { # prints the status
	curl --silent --output "$scratch/package" --write-out '%{http_code}' \
		-H "Authorization: Bearer $(jq -r .token "$XDG_CONFIG_HOME/hoso/login.json")" \
		"$url/dossiers/$dossier/package"
}

# Longer than the authority needs for any other mistake.
silence=$((3000 * patience))

start_with_tsa() {
	start_hosod --set "seal.tsa=http://127.0.0.1:1/ http://127.0.0.1:$tsa_port/tsa" \
		--set seal.tsa_timeout_ms=${silence}ms --set seal.tsa_retry_ms=100ms \
		--set "seal.tsa_anchors=$scratch/tsa.pem"
	hoso_log_in loader
}

: >"$scratch/tsa.closed"
"$builddir/tests/tools/tsa" "$scratch" moved garbage long nonce silent &
authority=$!
await [ -s "$scratch/tsa.port" ]
tsa_port=$(cat "$scratch/tsa.port")

make_archive
load_sample
stop_hosod
check 'an address that is none is refused at start' 1 \
	"$(run hosod --set seal.tsa=https://127.0.0.1/ run)"
check_has '  and named' 'seal.tsa: https://127.0.0.1/' "$scratch/err"
start_with_tsa

# --- waiting -------------------------------------------------------------------
hoso dossier step "$dossier" closed >"$scratch/out" 2>&1
check 'a dossier is sealed and waits' 6 "$(run hoso seal "$dossier" --output "$scratch/a.asice")"
check_has '  and hoso says so' 'còn chờ dấu thời gian' "$scratch/err"
check 'it is archived already' archived "$(hoso --json dossier show "$dossier" | jq -r .status)"
check 'its seal says what it waits for' awaiting-timestamp "$(seal state)"
check '  and names no container to hand out' null "$(seal sha256)"
check 'the container is not handed out' 404 "$(get_package)"
check_has '  in clear words' 'đang chờ dấu thời gian' "$scratch/package"
await_log seal.waiting
check_has 'the log says why it waits' 'answers with status 503' "$scratch/log"
stop_hosod
check 'fsck finds nothing wrong with a dossier that waits' 0 "$(run hosod fsck --deep)"

# --- the server is killed, the authority gets it wrong five times ------------------
start_with_tsa
stop_hosod KILL
rm "$scratch/tsa.closed"
start_with_tsa
await_log seal.stamped
check 'a killed server goes on trying until there is a token' 1 \
	"$(grep -c seal.stamped "$scratch/log")"
check_has 'a redirect is not followed' 'answers with status 302' "$scratch/log"
check_has 'garbage is refused' 'time-stamp request is malformed' "$scratch/log"
check_has 'an answer too long is not read' 'longer than 65536 bytes' "$scratch/log"
check_has 'an answer to another request is refused' 'answers another request' "$scratch/log"
check_has 'silence is not waited for' "no answer within $silence ms" "$scratch/log"

# --- with its time-stamp -------------------------------------------------------------
check 'the dossier is sealed' 'sealed B-T null' "$(seal state) $(seal level) $(seal pending)"
check 'the container is handed out' 0 "$(run hoso seal "$dossier" --output "$scratch/a.asice")"
check '  the one its seal names' "$(seal sha256)" "$(sha256sum "$scratch/a.asice" | cut -d' ' -f1)"
check '  stamped after it was signed' true "$(seal 'stamped_at > .at')"
stop_hosod
check 'fsck finds nothing wrong with it' 0 "$(run hosod fsck --deep)"

check 'the container verifies' 0 "$(run hoso --json verify "$scratch/a.asice" \
	--trust "$scratch/data/keys/seal.crt" --tsa-trust "$scratch/tsa.pem")"
check_has '  with the time that is proved' 'time.proved' "$scratch/out"

# --- a stranger verifies it ---------------------------------------------------------------
mkdir "$scratch/goi"
cd "$scratch/goi" || exit 1
unzip -q ../a.asice
p7s=META-INF/signature001.p7s
check 'openssl verifies the signature' 0 "$(run openssl cms -verify -cades -binary \
	-purpose any -inform DER -in $p7s -content META-INF/ASiCManifest001.xml \
	-CAfile "$scratch/data/keys/seal.crt" -out /dev/null)"
listing=$(openssl asn1parse -inform DER -in $p7s)
token=$(echo "$listing" | sed -n '/id-smime-aa-timeStampToken/,$p' |
	sed -n '3s/^ *\([0-9]*\):.*/\1/p')
value=$(echo "$listing" | sed '/id-smime-aa-timeStampToken/,$d' |
	grep 'OCTET STRING' | tail -n 1 | sed 's/^ *\([0-9]*\):.*/\1/')
openssl asn1parse -inform DER -in $p7s -strparse "$token" -noout -out ../token.tst
openssl asn1parse -inform DER -in $p7s -strparse "$value" -noout -out ../value.bin
check 'openssl verifies the time-stamp inside it' 0 "$(run openssl ts -verify -token_in \
	-in ../token.tst -data ../value.bin -CAfile ../tsa.pem)"
check 'the files are those that were listed' 0 "$(run sha256sum -c SHA256SUMS)"
cd / || exit 1
finish
