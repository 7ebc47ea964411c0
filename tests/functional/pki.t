#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A small public key infrastructure on the loopback: whom `hoso verify` and a
# server that seals believe, and whom not: valid, expired, revoked before and
# after, an unknown issuer, a weak algorithm, a wrong usage, a time-stamp of
# somebody unknown, a responder that cannot be reached.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
# shellcheck source=tests/tools/pki.sh
. "${srcdir:-.}/tests/tools/pki.sh"
pki_begin

# --- signatures -------------------------------------------------------------------

printf 'Quyết định số 01/QĐ-UBND\n' >"$scratch/decision.txt"

# The signature of a certificate's owner, with its issuer's.
sign() { # name, digest
	openssl cms -sign -binary -cades -nosmimecap -md "${2:-sha256}" \
		-in "$scratch/decision.txt" -signer "$pki/$1.pem" \
		-inkey "$pki/$1.key" -certfile "$pki/issuing.pem" -outform DER \
		-out "$scratch/$1.p7s" 2>"$scratch/why" ||
		echo "# openssl cms -sign: $(cat "$scratch/why")"
}

# A token for a signature as of a moment, by an authority.
stamp() { # name, moment (of date(1)), authority
	date -u -d "$2" +%s >"$pki/${3:-tsa}/tsa.time"
	"$builddir/tests/tools/cms_add" "$scratch/$1.p7s" value >"$scratch/value"
	openssl ts -query -data "$scratch/value" -sha256 -cert 2>/dev/null |
		curl --silent --max-time 30 --data-binary @- \
			-H 'Content-Type: application/timestamp-query' \
			"$(pki_tsa "${3:-tsa}")" >"$scratch/reply"
	openssl ts -reply -in "$scratch/reply" -token_out -out "$scratch/token" 2>/dev/null
}

# What openssl's tools do not put into a signature.
add() { # name, [what file]...
	name=$1
	shift
	"$builddir/tests/tools/cms_add" "$scratch/$name.p7s" "$@" >"$scratch/more" &&
		mv "$scratch/more" "$scratch/$name.p7s"
}

# With a time-stamp of a moment and the lists of a moment: B-LT.
last() { # name, stamped at, listed at, authority
	stamp "$1" "$2" "${4:-tsa}"
	pki_lists "$3"
	add "$1" token "$scratch/token" list "$pki/www/issuing.crl" \
		list "$pki/www/root.crl"
}

# Exit code and the verdict's two words.
verdict() { # name, options
	name=$1
	shift
	[ $# -gt 0 ] || set -- --trust "$pki/root.pem"
	code=0
	"$builddir/hoso" --english --json verify "$scratch/$name.p7s" \
		--content "$scratch/decision.txt" "$@" >"$scratch/said" 2>"$scratch/why" || code=$?
	echo "$code" "$(jq -r '.findings[] | select(.code | startswith("verdict."))
		| .detail | split("; ") | .[0:2] | join(" ")' "$scratch/said")"
}

has() { # code
	jq "[.findings[].code] | index(\"$1\") != null" "$scratch/said"
}

pki_issue good '/C=VN/CN=Lê Thị Sáu' "$soon" "$late" nonRepudiation
sign good
check 'a signature without more: nobody tells whether it was revoked' \
	'0 INDETERMINATE TRY_LATER' "$(verdict good)"
last good now now
check 'valid: with its time-stamp and the lists it passes for good' \
	'0 TOTAL-PASSED LT' "$(verdict good)"
check '  and its time is proved' true "$(has time.proved)"
sign good
stamp good now
timeout 30 openssl ocsp -issuer "$pki/issuing.pem" -cert "$pki/good.pem" \
	-url "$pki_responder" -noverify -respout "$scratch/answer" >/dev/null 2>&1
add good token "$scratch/token" answer "$scratch/answer" list "$pki/www/root.crl"
check 'valid: likewise with an answer of the responder' '0 TOTAL-PASSED LT' \
	"$(verdict good)"

pki_issue old '/C=VN/CN=Trần Văn Cũ' 20200101000000Z 20220101000000Z nonRepudiation
sign old
check 'expired: without a time-stamp it is open' \
	'8 INDETERMINATE OUT_OF_BOUNDS_NO_POE' "$(verdict old)"
last old 2021-06-01 2021-06-01
check 'expired: stamped before its end it passes' '0 TOTAL-PASSED LT' "$(verdict old)"
sign old
last old 2022-06-01 2021-12-31
check 'expired: stamped behind its end it does not' \
	'8 INDETERMINATE OUT_OF_BOUNDS_NO_POE' "$(verdict old)"

pki_issue gone '/C=VN/CN=Phạm Thị Đi' "$soon" "$late" nonRepudiation
pki_revoke gone '-10 minutes'
sign gone
last gone '-20 minutes' now
check 'revoked after the time-stamp: it passes' '0 TOTAL-PASSED LT' "$(verdict gone)"
sign gone
last gone '-5 minutes' now
check 'revoked before it: it does not' '8 INDETERMINATE REVOKED_NO_POE' "$(verdict gone)"
check '  and that is said' true "$(has revoked)"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-keyout "$scratch/stranger.key" -out "$scratch/stranger.pem" \
	-subj /CN=Lạ -utf8 2>/dev/null
sign good
last good now now
check 'an unknown issuer: nothing leads to who is believed' \
	'8 INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND' \
	"$(verdict good --trust "$scratch/stranger.pem")"

pki_issue weak '/C=VN/CN=Khóa Ngắn' "$soon" "$late" nonRepudiation rsa rsa_keygen_bits:1024
sign weak
last weak now now
check 'a weak key: the time-stamp is of when it was weak' \
	'0 INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE' "$(verdict weak)"
sign good sha1
last good now now
check 'a weak digest: likewise' '0 INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE' "$(verdict good)"

pki_issue other '/C=VN/CN=Khác Việc' "$soon" "$late" keyAgreement
sign other
last other now now
check 'a wrong usage: such a certificate signs nothing' \
	'8 INDETERMINATE CHAIN_CONSTRAINTS_FAILURE' "$(verdict other)"

mkdir "$pki/foreign"
cp "$scratch/stranger.key" "$pki/foreign.key"
openssl req -x509 -new -key "$pki/foreign.key" -days 36500 -subj /CN=TSA-la \
	-addext keyUsage=critical,digitalSignature \
	-addext extendedKeyUsage=critical,timeStamping -out "$pki/foreign.pem" 2>/dev/null
pki_start_tsa foreign
sign old
last old now 2021-06-01 foreign
check 'a time-stamp of somebody unknown proves no time' \
	'8 INDETERMINATE OUT_OF_BOUNDS_NO_POE' "$(verdict old)"
check '  and is said to be so' true "$(has timestamp.untrusted)"
pki_lists now
rm "$pki/tsa/tsa.time"

# --- a server that seals ------------------------------------------------------------

make_archive
fill_archive
add_user luutru archivist:tinh-quang-ngai

# The key of the seal from now on.
take_key() { # name
	cp "$pki/$1.key" "$scratch/data/keys/seal.key"
	cat "$pki/$1.pem" "$pki/issuing.pem" >"$scratch/data/keys/seal.crt"
}

start_sealing() { # more options
	start_hosod --set "seal.tsa=$(pki_tsa tsa)" --set seal.tsa_retry_ms=100ms \
		--set "seal.tsa_anchors=$pki/root.pem" "$@"
	enter luutru
}

# Sealed for the first time; prints the exit code.
seal() { # dossier
	cat >"$scratch/new.json" <<-END
		{"id":"$1","kind":"merit","title":"Hồ sơ $1","unit":"xa-xop-2025","date":"2025-08-01"}
	END
	must luutru dossier new --file "$scratch/new.json"
	echo "Đề nghị $1." >"$scratch/$1.txt"
	must luutru dossier add "$1" "$scratch/$1.txt" --code C_TOTRINH
	file_past luutru "$1" xa-xop-2025 2025-08-01
	code_of hoso luutru seal "$1" --output "$scratch/$1.asice"
}

of_seal() { # dossier, member
	hoso luutru --json dossier show "$1" | jq -r ".seal | .$2"
}

is_sealed() { # dossier
	[ "$(of_seal "$1" state)" = sealed ]
}

fetch() { # dossier; into $scratch/DOSSIER.asice
	await is_sealed "$1"
	must luutru seal "$1" --output "$scratch/$1.asice"
}

verify() { # dossier; prints the exit code
	code_of "$builddir/hoso" --english verify "$scratch/$1.asice" --trust "$pki/root.pem"
}

# By openssl alone and with the lists that are inside.
verify_by_openssl() { # dossier
	rm -rf "$scratch/goi"
	unzip -q "$scratch/$1.asice" -d "$scratch/goi"
	code_of openssl cms -verify -cades -binary -purpose any -inform DER \
		-in "$scratch/goi/META-INF/signature001.p7s" \
		-content "$scratch/goi/META-INF/ASiCManifest001.xml" \
		-CAfile "$pki/root.pem" -crl_check -crl_check_all -out /dev/null
}

pki_issue archive '/C=VN/CN=Lưu trữ' "$soon" "$late" digitalSignature,nonRepudiation
take_key archive
pki_lists now
start_sealing
seal hs-tot >/dev/null
fetch hs-tot
check 'a dossier is sealed to B-LT' 'B-LT null' "$(of_seal hs-tot level) $(of_seal hs-tot lacks)"
check '  and whoever verifies it is told so' 0 "$(verify hs-tot)"
check '  by a verdict' 1 "$(grep -c 'TOTAL-PASSED; LT' "$scratch/said")"
check '  that rests on an answer of the responder' 1 "$(grep -c 'OCSP' "$scratch/said")"

pki_stop_responder
seal hs-danh-sach >/dev/null
fetch hs-danh-sach
check 'a responder that cannot be reached: the list tells' B-LT "$(of_seal hs-danh-sach level)"
check '  hoso verifies it' 0 "$(verify hs-danh-sach)"
check '  and so does openssl, by the lists inside' 0 "$(verify_by_openssl hs-danh-sach)"
stop_hosod

mv "$pki/www/issuing.crl" "$scratch/away.crl"
start_sealing
check 'where the list is not to be had either a dossier waits' 6 "$(seal hs-cho)"
await_log 'seal.waiting.*hs-cho.*issuing.crl'
check '  and is not handed out' 6 \
	"$(code_of hoso luutru seal hs-cho --output "$scratch/hs-cho.asice")"
check '  but says what it waits for' awaiting-timestamp "$(of_seal hs-cho state)"
stop_hosod KILL
start_sealing
pki_start_responder
fetch hs-cho
check 'when somebody answers again it is sealed to B-LT' B-LT "$(of_seal hs-cho level)"
check '  also where the server was killed meanwhile' 0 "$(verify hs-cho)"
pki_stop_responder
stop_hosod

start_sealing --set seal.validation_wait_ms=0
seal hs-thieu >/dev/null
fetch hs-thieu
check 'where nobody waits for them it is sealed to B-T' B-T "$(of_seal hs-thieu level)"
check '  and says what it lacks' 1 "$(of_seal hs-thieu lacks | grep -c "$pki_web/issuing.crl")"
check '  in the log as well' 1 "$(grep -c 'seal.lacks dossier=hs-thieu' "$scratch/log")"
check '  and verifies, but for who may have been revoked' 0 "$(verify hs-thieu)"
check '  which is told' 1 "$(grep -c 'INDETERMINATE; TRY_LATER' "$scratch/said")"
stop_hosod
pki_start_responder
mv "$scratch/away.crl" "$pki/www/issuing.crl"

start_hosod --set "seal.tsa=$(pki_tsa foreign) $(pki_tsa tsa)" --set seal.tsa_retry_ms=100ms \
	--set "seal.tsa_anchors=$pki/root.pem"
enter luutru
seal hs-la >/dev/null
fetch hs-la
check 'a time-stamp of somebody unknown is not taken, and the next one asked' B-LT \
	"$(of_seal hs-la level)"
check '  and the log says so' yes \
	"$(grep -q 'tsa.failed.*is not among seal.tsa_anchors' "$scratch/log" && echo yes)"
stop_hosod

pki_revoke archive '-1 minute'
pki_lists now
start_sealing
check 'a seal that was revoked before: the dossier waits' 6 "$(seal hs-thu-hoi)"
await_log 'seal.revoked dossier=hs-thu-hoi'
check '  and is not handed out' 6 \
	"$(code_of hoso luutru seal hs-thu-hoi --output "$scratch/x.asice")"
stop_hosod
pki_revoke archive '+1 day'
start_sealing
fetch hs-thu-hoi
check 'one that is to be revoked after: it is sealed' B-LT "$(of_seal hs-thu-hoi level)"
check '  and verifies' 0 "$(verify hs-thu-hoi)"
stop_hosod
check 'fsck finds nothing wrong with any of them' 0 "$(code_of hosod fsck --deep)"

# --- keys that seal nothing -----------------------------------------------------------

take_key old
start_sealing
seal hs-het-han >/dev/null
check 'expired: the server seals nothing with it' 1 \
	"$(grep -c 'hiệu lực' "$scratch/said")"
stop_hosod
take_key other
check 'a wrong usage: the server does not start with it' 1 "$(code_of hosod run)"
check '  and says why' 1 "$(grep -c 'is not meant for signatures' "$scratch/said")"
take_key weak
check 'nor with a weak key' 1 "$(code_of hosod run)"
check '  and says why' 1 "$(grep -c 'the key is too short' "$scratch/said")"
finish
