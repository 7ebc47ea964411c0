#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What proves the signatures inside: right after a signed file came the server
# asks who issued its certificates, keeps what they say beside it, and seals
# that with the dossier, so that it can be checked when they are gone.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
# shellcheck source=tests/tools/pki.sh
. "${srcdir:-.}/tests/tools/pki.sh"
pki_begin
pki_issue good '/C=VN/CN=Lê Thị Sáu' "$soon" "$late" nonRepudiation
pki_issue gone '/C=VN/CN=Phạm Thị Đi' "$soon" "$late" nonRepudiation

make_archive
cp "$pki/root.pem" "$scratch/data/trust/root.pem"
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025

start_asking() { # more options
	start_hosod --set seal.tsa_retry_ms=100ms "$@"
	enter luutru
}

begin() { # dossier
	dossier=$1
	cat >"$scratch/new.json" <<-END
		{"id":"$1","kind":"merit","title":"Hồ sơ $1","unit":"xa-xop-2025","date":"2025-08-01"}
	END
	must luutru dossier new --file "$scratch/new.json"
}

# A decision with its signature, in one file.
add() { # name, whose
	echo "Quyết định $1" | openssl cms -sign -binary -nodetach -cades -nosmimecap \
		-md sha256 -signer "$pki/$2.pem" -inkey "$pki/$2.key" \
		-certfile "$pki/issuing.pem" -outform DER -out "$scratch/$1.p7m"
	must luutru dossier add "$dossier" "$scratch/$1.p7m" --code C_KHAC
}

of_file() { # name, jq filter
	must luutru dossier signatures "$dossier" --json
	jq -r ".files[] | select(.name == \"$1.p7m\") | $2" "$scratch/must"
}

is_proved() { # name
	[ "$(of_file "$1" '.examination.validation != null')" = true ]
}

is_proving() { # name
	[ "$(of_file "$1" '"\(.state) \(.reason != null)"')" = 'proving true' ]
}

verdict() { # name
	of_file "$1" '[.state, .examination.verdict,
		.examination.signatures[0].reason // "-",
		.examination.signatures[0].level] | join(" ")'
}

# --- asked at once -----------------------------------------------------------------

start_asking
begin hs-tot
add tot good
await is_proved tot
check 'what issuers say makes a signature pass' 'examined TOTAL-PASSED - B' "$(verdict tot)"
check '  nothing is lacking' null "$(of_file tot .examination.validation.lacks)"
must luutru dossier signatures hs-tot
check '  a clerk is told so' 1 "$(grep -c 'giữ dữ liệu xác nhận' "$scratch/must")"
pki_revoke gone '-10 minutes'
add gone gone
await is_proved gone
check 'who was revoked is found out' 'examined INDETERMINATE REVOKED_NO_POE B' "$(verdict gone)"
pki_restore gone

# --- an issuer that does not answer -------------------------------------------------

pki_stop_responder
mv "$pki/www/issuing.crl" "$scratch/away.crl"
add cho good
await is_proving cho
check 'an issuer that does not answer: the file is examined, and waits for that' \
	'proving INDETERMINATE TRY_LATER B' "$(verdict cho)"
check '  it says for whom' 1 "$(of_file cho .reason | grep -c "$pki_web/issuing.crl")"
stop_hosod KILL
start_asking
mv "$scratch/away.crl" "$pki/www/issuing.crl"
pki_lists now
await is_proved cho
check 'when it answers again the file passes, also where the server was killed' \
	'examined TOTAL-PASSED - B' "$(verdict cho)"
rm "$pki/www/issuing.crl"
stop_hosod
start_asking --set seal.validation_wait_ms=0
add thieu good
await is_proved thieu
check 'where nobody waits any more it stays open' \
	'examined INDETERMINATE TRY_LATER B' "$(verdict thieu)"
check '  and its record says what it lacks' 1 \
	"$(of_file thieu .examination.validation.lacks | grep -c "$pki_web/issuing.crl")"
stop_hosod
start_asking --set office.ask_issuers=no
add khong good
examined() {
	[ "$(of_file khong .state)" = examined ]
}
await examined
check 'a server that shall ask nobody asks nobody' 'TRY_LATER null' \
	"$(of_file khong '"\(.examination.signatures[0].reason) \(.examination.validation)"')"
stop_hosod

# --- sealed at once -------------------------------------------------------------------

pki_start_responder
pki_lists now
pki_lists now
start_asking --set "seal.tsa=$(pki_tsa tsa)" --set "seal.tsa_anchors=$pki/root.pem"
begin hs-niem-phong
add ngay good
printf 'Tờ trình\n' >"$scratch/to-trinh.txt"
openssl cms -sign -binary -cades -nosmimecap -md sha256 -in "$scratch/to-trinh.txt" \
	-signer "$pki/good.pem" -inkey "$pki/good.key" -certfile "$pki/issuing.pem" \
	-outform DER -out "$scratch/to-trinh.txt.p7s"
must luutru dossier add "$dossier" "$scratch/to-trinh.txt" --code C_TOTRINH
must luutru dossier add "$dossier" "$scratch/to-trinh.txt.p7s" --code C_KHAC
file_past luutru hs-niem-phong xa-xop-2025 2025-08-01
hoso luutru seal hs-niem-phong >"$scratch/said" 2>&1
is_sealed() {
	[ "$(hoso luutru --json dossier show hs-niem-phong | jq -r .seal.state)" = sealed ]
}
await is_sealed
must luutru seal hs-niem-phong --output "$scratch/goi.asice"
stop_hosod
check 'fsck finds nothing wrong' 0 "$(code_of hosod fsck --deep)"
grep -v ' 0$' "$scratch/said" | head -5 | sed 's/^/# /'

# --- when everybody is gone -------------------------------------------------------------

pki_end
mkdir "$scratch/trust"
cp "$pki/root.pem" "$scratch/trust/root.pem"
cp "$scratch/data/keys/seal.crt" "$scratch/trust/seal.crt"
sum=$(sha256sum "$scratch/ngay.p7m" | cut -d' ' -f1)
unzip -q "$scratch/goi.asice" -d "$scratch/goi"
material=$(find "$scratch/goi" -name "$sum.p7c")
check 'the container has what proves the file, by its digest' 1 "$(echo "$material" | grep -c .)"
check '  and verifies' 0 \
	"$(code_of "$builddir/hoso" verify "$scratch/goi.asice" --trust "$scratch/trust")"

told() { # options; exit code and the verdict's two words
	code=0
	"$builddir/hoso" --english --json verify "$scratch/ngay.p7m" --trust "$pki/root.pem" "$@" \
		>"$scratch/said" 2>"$scratch/why" || code=$?
	echo "$code" "$(jq -r '.findings[] | select(.code | startswith("verdict."))
		| .detail | split("; ") | .[0:2] | join(" ")' "$scratch/said")"
}

check 'by the file alone nobody tells whether he was revoked' \
	'0 INDETERMINATE TRY_LATER' "$(told)"
check '  with what the container has it passes' '0 TOTAL-PASSED B' \
	"$(told --validation "$material")"
ahead=$(cd "$builddir" && pwd)/tests/torture/.libs/ahead.so

# In thirty years from now, whenever that is.
later=$((${HOSO_AHEAD:-0} + 1000000000))

inside() { # seconds that the clock is ahead; exit code, what it says of each file
	code=0
	env HOSO_AHEAD="$1" ${1:+LD_PRELOAD="$ahead${LD_PRELOAD:+:$LD_PRELOAD}"} "$builddir/hoso" --json \
		verify "$scratch/goi.asice" --inside --trust "$scratch/trust" \
		>"$scratch/said" 2>"$scratch/why" || code=$?
	echo "$code" "$(jq -r '.inside[] | [(.file | split(".") | last), .verdict] | join(" ")' \
		"$scratch/said" | sort | paste -s -d ' ')"
}

check 'hoso examines the files inside a container as well' \
	'0 p7m TOTAL-PASSED p7s TOTAL-PASSED' "$(inside "${HOSO_AHEAD:-}")"
if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
	skip '  in thirty years, too' 'a sanitizer takes no library before it'
	skip '  by what is beside the file alone nobody can tell' 'likewise'
else
	check '  in thirty years, too' '0 p7m TOTAL-PASSED p7s TOTAL-PASSED' "$(inside $later)"
	check '  by what is beside the file alone nobody can tell' \
		'0 INDETERMINATE OUT_OF_BOUNDS_NO_POE' \
		"$(export HOSO_AHEAD=$later LD_PRELOAD="$ahead${LD_PRELOAD:+:$LD_PRELOAD}"
			told --validation "$material")"
fi
openssl cms -cmsout -inform DER -in "$material" -noout -certsout "$scratch/certs.pem"
check 'openssl reads it, too' 2 "$(grep -c 'BEGIN CERTIFICATE' "$scratch/certs.pem")"
printf 'x' | dd of="$material" bs=1 seek=1 conv=notrunc 2>/dev/null
check 'a file that is none is refused by its name' 1 \
	"$(told --validation "$material" >/dev/null; grep -c "$sum.p7c" "$scratch/why")"
finish
