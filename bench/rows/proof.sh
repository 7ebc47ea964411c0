# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# upload, seal, verify: large files, and what proves them.

# A file of a gibibyte that is stored nowhere yet.
large_file() {
	openssl enc -aes-128-ctr -K "$(date +%s%N)" -iv 1 -in /dev/zero 2>/dev/null |
		head -c "$(unless_short 4194304 1073741824)" >"$work/large"
}

megabytes() { # file
	calc "$(wc -c <"$1") / 1e6"
}

upload_ours() {
	large_file
	sync
	begun=$(now)
	id=$(upload archivist "$work/large")
	seconds=$(calc "$(now) - $begun")
	[ -n "$id" ] || die 'no upload'
	calc "$(megabytes "$work/large") / $seconds"
}

# The same bytes written, synced, and hashed after that.
upload_peer() {
	[ -s "$work/large" ] || large_file
	sync
	begun=$(now)
	dd if="$work/large" of="$work/copy" bs=1M conv=fsync status=none &&
		openssl dgst -sha256 "$work/copy" >/dev/null || die 'no copy'
	seconds=$(calc "$(now) - $begun")
	rm "$work/copy"
	calc "$(megabytes "$work/large") / $seconds"
}

row_upload() {
	new_archive uploads
	start_hosod
	log_in archivist
	compare upload 5 1 upload_ours upload_peer || return 1
	row upload MB/s 0.8 "$work/upload.rounds" 1 1
	stop_hosod
	rm -rf "$work/uploads" "$work/large"
}

# --- seal -------------------------------------------------------------------------

# A fresh copy of the archive is sealed by $sealers clients.
seal_ours() {
	archive=$work/sealing
	rm -rf "$archive"
	cp -r --sparse=always "$work/unsealed" "$archive"
	cp "$work/seal.key" "$archive/keys/seal.key"
	cp "$work/seal.crt" "$archive/keys/seal.crt"
	start_hosod --set http.keepalive_max=1000000000
	log_in archivist
	sync
	"$builddir/bench/load" post "$port" "$sealers" 0 "$work/archivist.headers" \
		"$work/seal.paths" >"$work/load" || die 'no seals'
	stop_hosod
	awk '{ print $1 / $2 }' "$work/load"
}

# Hashing, signing, writing and syncing as many files, one after the other.
seal_peer() {
	mkdir -p "$work/raw"
	sync
	seconds=$("$builddir/bench/raw" "$work/seal.key" "$work/raw" \
		"$sealed" "$work"/scan-*) || die 'no raw parts'
	rm -rf "$work/raw"
	calc "$sealed / $seconds"
}

seal_with() { # name, bar, clients, openssl's options for the key
	sealers=$3
	# shellcheck disable=SC2086 # options
	openssl req -x509 $4 -nodes -days 3650 -subj "/CN=hoso" \
		-addext keyUsage=digitalSignature,nonRepudiation \
		-keyout "$work/seal.key" -out "$work/seal.crt" 2>/dev/null ||
		die 'no key'
	compare "$1" 5 1 seal_ours seal_peer || return 1
	row "$1" /s "$2" "$work/$1.rounds" 1 1
}

row_seal() {
	sealed=$(unless_short 20 1000)
	rm -f "$work"/scan-*
	make_source seals "$(unless_short 4 64)" 200000 || return 1
	# As many decisions as dossiers: all are closed.
	generate unsealed seals "$sealed" $((sealed * 20)) 2010-01-01 2025-06-30 ||
		return 1
	"$builddir/bench/dump" "$archive/store" | awk -F '\t' \
		'$1 == "h" { print "/api/v1/dossiers/" $2 "/seal" }' \
		>"$work/seal.paths"
	p256='-newkey ec -pkeyopt ec_paramgen_curve:P-256'
	seal_with seal-p256 0.8 8 "$p256" &&
		seal_with seal-rsa 0.8 8 '-newkey rsa:3072' &&
		seal_with seal-p256-1 - 1 "$p256" || return 1
	rm -rf "$work/unsealed" "$work/sealing" "$work/seals" "$work"/scan-*
}

# --- verify -----------------------------------------------------------------------

verify_ours() {
	seconds=$(took "$builddir/hoso" verify "$work/container")
	calc "$(megabytes "$work/container") / $seconds"
}

verify_peer() {
	seconds=$(took openssl dgst -sha256 "$work/container")
	calc "$(megabytes "$work/container") / $seconds"
}

row_verify() {
	"$builddir/bench/seal" "$(unless_short 4 1024)" "$work/container" \
		>"$work/said" || die "no container: $(cat "$work/said")"
	compare verify 9 1 verify_ours verify_peer || return 1
	row verify MB/s 0.9 "$work/verify.rounds" 1 1
	rm "$work/container"
}
