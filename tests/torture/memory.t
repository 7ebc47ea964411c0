#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Anonymous memory stays flat, however large a dossier is: a signed PDF, half of
# all, comes in by tus and is examined; two attachments of a quarter each join
# it; the dossier is sealed, handed out and verified.  Looked at are the server,
# the process that examines, and hoso.
#
# HOSO_BIG is the size of all attachments in bytes (make torture-memory: a
# little over 4 GiB, so that the PDF is larger than 2 GiB); a half of it must be
# more than the bound.  HOSO_MEMORY_DIR is where there is room for the five
# times that it takes.
[ -z "${HOSO_MEMORY_DIR:-}" ] || export TMPDIR="$HOSO_MEMORY_DIR"
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq openssl unzip od
size=${HOSO_BIG:-268435456}
bound=65536 # KiB

grep -q '^RssAnon:' /proc/self/status 2>/dev/null ||
	skip_all 'this kernel does not tell RssAnon'
room=$((size / 1024 * 5 + 1048576))
[ "$(df -kP "$scratch" | awk 'NR == 2 {print $4}')" -gt $room ] ||
	skip_all "less than $room KiB are free in $scratch"

builddir=$(cd "$builddir" && pwd)
srcdir=$(cd "$srcdir" && pwd)
mkdir "$scratch/desk"
cd "$scratch/desk" || exit 1
# shellcheck source=tests/functional/signer.sh
. "$srcdir/tests/functional/signer.sh"

# --- large files ------------------------------------------------------------------

# Random, so that no layer can shrink it, and the same each time for a key.
noise() { # key, bytes
	openssl enc -aes-128-ctr -nosalt -K "$1" \
		-iv 00000000000000000000000000000000 -in /dev/zero 2>/dev/null |
		head -c "$2"
}

long_tail() {
	printf '\n/Reason (Quyet dinh khen thuong) >>\nendobj\n'
	printf '6 0 obj\n<< /Length %d >>\nstream\n' $((size / 2))
	noise 00000000000000000000000000000001 $((size / 2))
	printf '\nendstream\nendobj\n'
	printf 'trailer\n<< /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%%%EOF\n'
}

make_long_pdf() { # out
	filter=ETSI.CAdES.detached
	enclose "$1" pdf_head long_tail sign
	rm covered
}

sum_of() { # reads it
	sha256sum | cut -d ' ' -f 1
}

# --- who looks ----------------------------------------------------------------------

: >"$scratch/peaks"

watch() { # process
	"$builddir/tests/torture/peak" "$1" >"$scratch/peak" &
	watcher=$!
}

# NAME KB SAMPLES of a phase is added to what was seen in the others.
seen() { # phase
	kill "$watcher" 2>/dev/null
	wait "$watcher"
	sed "s/^/$1 /" "$scratch/peak" >>"$scratch/peaks"
}

stays_flat() { # sentence, phase, program
	peak=$(awk -v phase="$2" -v program="$3" \
		'$1 == phase && $2 == program {print $3}' "$scratch/peaks")
	if [ -n "${HOSO_SMALL_MAPS:-}" ]; then
		skip "$1" "a sanitizer's shadow is anonymous memory, too"
	else
		check "$1: at most ${peak:-nothing seen, not} of $bound KiB" yes \
			"$([ "${peak:-$bound}" -lt $bound ] && echo yes || echo "$peak KiB")"
	fi
}

# --- a large dossier -----------------------------------------------------------------

make_archive
cp clerk.pem "$scratch/data/trust/"
fill_archive
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
start_hosod
# The log-ins are over before the first look: Argon2id takes 64 MiB by design.
enter luutru
log_in luutru
must luutru dossier new 'Hồ sơ có tệp lớn' --unit xa-xop-2025 --date 2025-08-01 \
	--kind merit --json
dossier=$(jq -r .id "$scratch/must")

signature() { # of what the server found
	must luutru dossier signatures "$dossier" --json
	jq -r '.files[] | select(.name == "Quyết định.pdf") | .examination.verdict // .state' "$scratch/must"
}

is_examined() {
	[ "$(signature)" != waiting ]
}

make_long_pdf 'Quyết định.pdf'
pdf_sum=$(sum_of <'Quyết định.pdf')
watch "$server"
must luutru dossier add "$dossier" 'Quyết định.pdf' --code C_KHAC
for _ in $(seq 600); do # a second for each eight megabytes is what it may take
	is_examined && break
	sleep 1
done
seen examine
check "a signed PDF of $(wc -c <'Quyết định.pdf') bytes is examined" TOTAL-PASSED "$(signature)"
stays_flat 'the server, while it comes in' examine hosod
stays_flat 'who examines it' examine hoso-examine
hoso luutru --json verify 'Quyết định.pdf' --trust clerk.pem >"$scratch/said" 2>&1 &
asked=$!
watch $asked
wait $asked
code=$?
seen pdf
check 'hoso says the same of it' '0 TOTAL-PASSED' \
	"$code $(jq -r '.signatures[0].indication' "$scratch/said")"
stays_flat 'hoso, meanwhile' pdf hoso
rm 'Quyết định.pdf'

watch "$server"
for number in 2 3; do
	noise 0000000000000000000000000000000$number $((size / 4)) >"phim $number.mp4"
	must luutru dossier add "$dossier" "phim $number.mp4" --code C_KHAC
	rm "phim $number.mp4"
done
seen in
stays_flat 'the server, while the others come in' in hosod

file_past luutru "$dossier" xa-xop-2025 2025-08-01
watch "$server"
must luutru seal "$dossier"
seen seal
stays_flat 'the server, while it seals' seal hosod

watch "$server"
must luutru seal "$dossier" --output big.asice
check 'the PDF comes out as it went in' "$pdf_sum" \
	"$(as luutru "$url/dossiers/$dossier/files/$pdf_sum" | sum_of)"
seen out
stays_flat 'the server, while it hands it out' out hosod
check 'the container holds all of it' yes \
	"$([ "$(wc -c <big.asice)" -gt "$size" ] && echo yes || wc -c <big.asice)"

must luutru audit key
cp "$scratch/must" "$scratch/key"
cat "$scratch/data/keys/seal.crt" clerk.pem >anchors.pem
hoso luutru verify big.asice --trust anchors.pem --key "$scratch/key" >"$scratch/said" 2>&1 &
asked=$!
watch $asked
wait $asked
code=$?
seen verify
check 'hoso verifies the container' 0 "$code"
[ "$code" -eq 0 ] || sed 's/^/# /' "$scratch/said"
stays_flat 'hoso, meanwhile' verify hoso

sed 's/^/# /' "$scratch/peaks"
finish
