#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Evidence records: made by the server once a day or when it is told to, taken
# out by hoso, checked by hoso and by openssl alone.
# shellcheck source=tests/functional/hoso.sh
. "${srcdir:-.}/tests/functional/hoso.sh"
need curl jq openssl

first=hs-co-thi-dua-tinh-2022-kon-tum
authority=
trap 'end_all; kill -9 $authority 2>/dev/null; rm -rf "$scratch"' EXIT

seal() { # dossier, file
	hoso dossier step "$1" closed >"$scratch/out" 2>&1
	hoso seal "$1" --output "$2" >"$scratch/out" 2>&1
	for _ in $(seq "$((100 * patience))"); do
		[ "$(hoso --json dossier show "$1" | jq -r .seal.state)" = sealed ] && break
		sleep 0.1
	done
	[ -s "$2" ] || hoso seal "$1" --output "$2" >"$scratch/out" 2>&1
}

"$builddir/tests/tools/tsa" "$scratch" &
authority=$!
await [ -s "$scratch/tsa.port" ]
tsa=http://127.0.0.1:$(cat "$scratch/tsa.port")/tsa

make_archive
load_sample
stop_hosod
start_hosod
hoso_log_in loader
check 'without an authority no run can be had' 7 "$(run hoso evidence run)"
check_has '  and hoso says why' 'chưa cấu hình nơi cấp dấu thời gian' "$scratch/err"
check_has '  and by which option it can be' 'seal.tsa' "$scratch/err"
stop_hosod
start_hosod --set seal.tsa="$tsa" --set seal.tsa_anchors="$scratch/tsa.pem" \
	--set evidence.every_ms=0
hoso_log_in loader

# --- one container ---------------------------------------------------------------
check 'a dossier that is not sealed has no record' 4 \
	"$(run hoso evidence get "$first" --output "$scratch/a.ers")"
seal "$first" "$scratch/a.asice"
check 'a sealed one has none either before a run' 4 \
	"$(run hoso evidence get "$first" --output "$scratch/a.ers")"
check_has '  and hoso says so' 'chưa có bản ghi bằng chứng' "$scratch/err"
check 'a run is asked for' 0 "$(run hoso evidence run)"
await_log evidence.made
check 'its record is taken out' 0 \
	"$(run hoso evidence get "$first" --output "$scratch/a.ers")"
check 'hoso verifies it' 0 "$(run hoso --json verify "$scratch/a.ers" \
	--content "$scratch/a.asice" --tsa-trust "$scratch/tsa.pem")"
check_has '  and it proves a time' 'time.proved' "$scratch/out"
cp "$scratch/a.asice" "$scratch/b.asice"
printf x >>"$scratch/b.asice"
check 'of another file it says nothing good' 8 "$(run hoso verify "$scratch/a.ers" \
	--content "$scratch/b.asice" --tsa-trust "$scratch/tsa.pem")"

# --- a stranger verifies it: alone, a container is what the token is over -----------
at=$(openssl asn1parse -inform DER -in "$scratch/a.ers" | grep -B1 ':pkcs7-signedData' |
	sed -n '1s/^ *\([0-9]*\):.*/\1/p')
openssl asn1parse -inform DER -in "$scratch/a.ers" -strparse "$at" -noout \
	-out "$scratch/a.tst" 2>/dev/null
check 'openssl verifies the token in it' 0 "$(run openssl ts -verify -token_in \
	-in "$scratch/a.tst" -data "$scratch/a.asice" -CAfile "$scratch/tsa.pem")"
check '  and no other file by it' 1 "$(run openssl ts -verify -token_in \
	-in "$scratch/a.tst" -data "$scratch/b.asice" -CAfile "$scratch/tsa.pem")"

# --- the calendar, and what falls ----------------------------------------------------
check 'the calendar is shown' 0 "$(run hoso evidence plan)"
check_has '  with the authority' 'CN=Test TSA' "$scratch/out"
check_has '  and the certificate of the seal' 'chứng thư niêm phong hết hạn' "$scratch/out"
check_has '  and how many there are' '1 gói có bản ghi bằng chứng' "$scratch/out"
ran() {
	hoso --json evidence plan >"$scratch/plan"
	[ "$(jq .run.under_way "$scratch/plan")" = false ]
}
await ran
check '  with what the last run has brought about' 'false 1 0 0 null' \
	"$(jq -r '.run | [.under_way, .taken, .rehashed, .restamped, .failed] | map(tostring) | join(" ")' "$scratch/plan")"
check '  as JSON as well' '1 SHA-256 1' "$(hoso --json evidence plan |
	jq -r '"\(.containers) \(.digests[0].digest) \(.signers[0].containers)"')"
check 'what falls with SHA-256 is named' "$first" \
	"$(hoso --json evidence risk --algorithm sha256 | jq -r '.dossiers[]')"
check 'what falls with the authority is named' 1 \
	"$(hoso --json evidence risk --authority 'CN=Test TSA' | jq .falls)"
check 'nothing falls with SHA-512' 0 \
	"$(hoso --json evidence risk --algorithm SHA-512 | jq .falls)"
check 'an algorithm that is none is refused' 1 \
	"$(run hoso evidence risk --algorithm SHA-257)"
check 'half a question is wrong' 2 "$(run hoso evidence risk)"

# --- once a day, and across a restart --------------------------------------------------
stop_hosod KILL
start_hosod --set seal.tsa="$tsa" --set evidence.every_ms=24h
hoso_log_in loader
check 'the record outlives a server that is killed' 0 \
	"$(run hoso evidence get "$first" --output "$scratch/again.ers")"
check '  byte for byte' 0 "$(run cmp "$scratch/a.ers" "$scratch/again.ers")"
stop_hosod
check 'fsck finds nothing wrong' 0 "$(run hosod fsck --deep)"
finish
