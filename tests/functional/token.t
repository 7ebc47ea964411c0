#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The key that seals lies in a token (SoftHSM2).  Containers verify as others
# do; what is wrong with the token is said at the start; a token that is pulled
# out stops nothing but sealing, until it is back.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq unzip openssl sha256sum softhsm2-util pkcs11-tool

for module in /usr/lib/softhsm /usr/lib/*/softhsm /usr/lib64/pkcs11; do
	module=$module/libsofthsm2.so
	[ ! -e "$module" ] || break
done
[ -e "$module" ] || skip_all 'SoftHSM2 has no module here'

# --- as docs/operator.md tells it ----------------------------------------------------

mkdir "$scratch/tokens"
cat >"$scratch/softhsm2.conf" <<END
directories.tokendir = $scratch/tokens
log.level = ERROR
END
SOFTHSM2_CONF=$scratch/softhsm2.conf
export SOFTHSM2_CONF

quietly() { # command
	"$@" >"$scratch/quiet" 2>&1 || {
		echo "Bail out! $*"
		sed 's/^/# /' "$scratch/quiet"
		exit 1
	}
}

p11() { # pkcs11-tool's arguments
	quietly pkcs11-tool --module "$module" --token-label luu-tru --login --pin 271828 "$@"
}

quietly softhsm2-util --init-token --free --label luu-tru --so-pin 87654321 --pin 271828
p11 --keypairgen --key-type EC:prime256v1 --label seal --id 01
p11 --keypairgen --key-type EC:prime256v1 --label seal --id 02 --always-auth
echo 271828 >"$scratch/pin"
chmod 600 "$scratch/pin"

uri='pkcs11:token=luu-tru;object=seal;id=%01'
init() { # options
	hosod --set "seal.key=$uri" --set "seal.pkcs11_module=$module" \
		--set "seal.pin_file=$scratch/pin" "$@" init
}
made=$(code_of init)
if grep -q 'built without PKCS#11' "$scratch/said"; then
	skip_all 'hosod is built without PKCS#11'
fi
check 'init makes an archive with the key in a token' 0 "$made"
check '  whose certificate the key signed itself' yes \
	"$(openssl verify -CAfile "$scratch/data/keys/seal.crt" -check_ss_sig \
		"$scratch/data/keys/seal.crt" >"$scratch/said" 2>&1 && echo yes)"
check '  and no key in a file' no "$([ -e "$scratch/data/keys/seal.key" ] && echo yes || echo no)"
check '  and the key by its name among the options' 1 \
	"$(grep -cF "seal.key = $uri" "$scratch/data/hosod.conf")"
check 'a key that asks for the PIN at each signature signs, too' 0 \
	"$(uri='pkcs11:token=luu-tru;id=%02' && code_of init --set seal.certificate=keys/second.crt)"
check '  its certificate' yes \
	"$(openssl verify -CAfile "$scratch/data/keys/second.crt" -check_ss_sig \
		"$scratch/data/keys/second.crt" >"$scratch/said" 2>&1 && echo yes)"

# --- a dossier -----------------------------------------------------------------------

# No tool needs the token.
mv "$scratch/tokens" "$scratch/pulled"
mkdir "$scratch/tokens"
add_user quantri system_admin
rmdir "$scratch/tokens"
mv "$scratch/pulled" "$scratch/tokens"
start_hosod
enter quantri
must quantri import "$srcdir"/data/sample/1*.ndjson
stop_hosod
add_user luutru archivist:tinh-quang-ngai
start_hosod
enter luutru

close_dossier() { # id
	echo "{\"id\":\"$1\",\"kind\":\"merit\",\"title\":\"Khen thưởng thôn Xốp Nghét\",\"unit\":\"xa-xop-2025\",\"date\":\"2025-08-01\"}" \
		>"$scratch/new.json"
	must luutru dossier new --file "$scratch/new.json"
	echo "Tờ trình của $1" >"$scratch/to-trinh.txt"
	must luutru dossier add "$1" "$scratch/to-trinh.txt" --code C_TOTRINH
	file_past luutru "$1" xa-xop-2025 2025-08-01
}
for dossier in hs-mot hs-hai hs-ba; do
	close_dossier $dossier
done

verifies() { # container, certificate; without hoso, then by it
	cp "$2" "$scratch/anchors.pem"
	cp "$1" "$scratch/GOI.asice"
	rm -rf "$scratch/goi"
	{
		echo 'set -e'
		unzip -p "$1" README.txt | sed '/^-----/q' |
			sed -n 's/^    \([a-z].* .*\)/\1/p'
	} >"$scratch/verify.sh"
	check "${1##*/} verifies by openssl and sha256sum" 0 \
		"$(cd "$scratch" && code_of sh verify.sh)"
	check '  and by hoso' 0 "$(code_of "$builddir/hoso" verify "$1" --trust "$2")"
	check '  which finds nothing wrong' 0 "$(grep -c '^\[SAI\]' "$scratch/said")"
}

must luutru seal hs-mot --output "$scratch/mot.asice"
verifies "$scratch/mot.asice" "$scratch/data/keys/seal.crt"

# --- pulled out, and put back -----------------------------------------------------------

mv "$scratch/tokens" "$scratch/pulled"
mkdir "$scratch/tokens"
check 'a token that was pulled out does not seal' 6 \
	"$(code_of hoso luutru --english seal hs-hai --output "$scratch/hai.asice")"
check '  which is said' 1 \
	"$(grep -c "the seal's key: the token that seal.key names is not there" "$scratch/said")"
check '  in Vietnamese, too' 6 "$(code_of hoso luutru seal hs-hai --output "$scratch/hai.asice")"
check '    ' 1 "$(grep -c 'khóa niêm phong: không tìm thấy token mà seal.key chỉ ra' "$scratch/said")"
check '  and nothing else changes' closed \
	"$(hoso luutru dossier show hs-hai --json | jq -r .status)"
rmdir "$scratch/tokens"
mv "$scratch/pulled" "$scratch/tokens"
must luutru seal hs-hai --output "$scratch/hai.asice"
verifies "$scratch/hai.asice" "$scratch/data/keys/seal.crt"
stop_hosod
check 'fsck finds nothing wrong' 0 "$(code_of hosod fsck --deep)"

# --- what is wrong at the start ---------------------------------------------------------

refused() { # words, options
	words=$1
	shift
	under=${HOSO_UNDER:-}
	HOSO_UNDER="timeout $((60 * patience)) $under"
	check "hosod does not start: $words" "1 1" \
		"$(code_of hosod "$@" run) $(grep -cF "$words" "$scratch/said")"
	HOSO_UNDER=$under
}

echo 314159 >"$scratch/wrong"
cp "$scratch/pin" "$scratch/open"
chmod 600 "$scratch/wrong"
chmod 644 "$scratch/open"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=khac \
	-keyout "$scratch/other.key" -out "$scratch/other.crt" 2>/dev/null
refused 'the token does not take the PIN of seal.pin_file: the PIN is wrong' \
	--set "seal.pin_file=$scratch/wrong"
refused 'chmod 600' --set "seal.pin_file=$scratch/open"
refused "$scratch/none: no such file" --set "seal.pin_file=$scratch/none"
refused 'the token asks for a PIN: give seal.pin_file' --set seal.pin_file=
refused 'the token that seal.key names is not there' \
	--set 'seal.key=pkcs11:token=mat;object=seal'
refused 'the token has no private key that seal.key fits' \
	--set 'seal.key=pkcs11:token=luu-tru;object=mat'
refused 'seal.key fits more than one key of the token; name its id' \
	--set 'seal.key=pkcs11:token=luu-tru;object=seal'
refused 'the certificate does not belong to the key' \
	--set "seal.certificate=$scratch/other.crt"
refused 'a PIN does not belong here: give seal.pin_file' \
	--set "seal.key=$uri?pin-value=271828"
refused 'the token has no certificate for the key' --set seal.certificate=keys/none.crt
refused "$builddir/none.so: cannot open" --set "seal.pkcs11_module=$builddir/none.so"

# --- the certificate in the token ---------------------------------------------------------

openssl x509 -in "$scratch/data/keys/seal.crt" -outform DER -out "$scratch/seal.der"
p11 --write-object "$scratch/seal.der" --type cert --label seal --id 01
mv "$scratch/data/keys/seal.crt" "$scratch/seal.crt"
start_hosod
enter luutru
must luutru seal hs-ba --output "$scratch/ba.asice"
verifies "$scratch/ba.asice" "$scratch/seal.crt"
stop_hosod
check 'no PIN is in the log or among the options' 0 \
	"$(cat "$scratch/log" "$scratch/data/hosod.conf" | grep -c 271828)"
finish
