#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# As full.t, on a file system of its own that is really full: ext4 in a file
# where it may be mounted, else tmpfs.  Archive, log, audit sink and backup
# all lie on it.
if [ -z "${HOSO_OWN_MOUNTS:-}" ]; then
	HOSO_OWN_MOUNTS=yes
	export HOSO_OWN_MOUNTS
	if unshare --mount true 2>/dev/null; then
		exec unshare --mount "$0"
	elif unshare --user --map-root-user --mount true 2>/dev/null; then
		exec unshare --user --map-root-user --mount "$0"
	fi
	echo '1..0 # SKIP nothing can be mounted here'
	exit 0
fi
# shellcheck source=tests/torture/full.sh
. "${srcdir:-.}/tests/torture/full.sh"
disk=$scratch/disk

mount_ext4() {
	truncate -s 2G "$scratch/image" && mkfs.ext4 -q -m 0 "$scratch/image" &&
		mount -o loop "$scratch/image" "$disk"
}

mount_disk() {
	if mount_ext4 >"$scratch/mounted" 2>&1; then
		echo '# on ext4'
	elif mount -t tmpfs -o size=2g tmpfs "$disk" 2>>"$scratch/mounted"; then
		echo '# on tmpfs'
	else
		skip_all "nothing can be mounted here: $(tail -1 "$scratch/mounted")"
	fi
}

free_bytes() {
	df --output=avail -B1 "$disk" | tail -1
}

make_full() { # bytes
	left=$1
	# Others write, too.
	until fallocate -l "$(($(free_bytes) - left))" "$disk/ballast" 2>/dev/null; do
		rm -f "$disk/ballast"
		left=$((left + 65536))
	done
}

make_room() {
	rm -rf "$disk/ballast" "$disk/copy"
}

was_full() {
	[ "$(free_bytes)" -lt 65536 ]
}

give_back() {
	umount -l "$disk"
}

mkdir "$disk"
mount_disk
mkdir "$disk/data"
ln -s disk/data "$scratch/data"
make_office
stop_hosod
start_beside "$disk"
live_through
judge_all
finish
