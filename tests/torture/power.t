#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The power fails at every moment of a run of the server that was recorded:
# whatever a disk may have by then opens, is sound to the last byte, and holds
# all that clients were told.  In a second run the server is killed between
# its last write and the end of that, and started again: the next one finds in
# memory what the disk may not have.
#
# HOSO_IMAGES is how many images are drawn for a moment (make torture: 64),
# HOSO_REQUESTS how much each client files, HOSO_SEED which run.
# shellcheck source=tests/torture/office.sh
. "${srcdir:-.}/tests/torture/office.sh"

images=${HOSO_IMAGES:-2}
requests=${HOSO_REQUESTS:-6}
echo "# HOSO_SEED=$seed HOSO_IMAGES=$images HOSO_REQUESTS=$requests"
[ -z "${HOSO_SMALL_MAPS:-}" ] || skip_all 'a sanitizer writes by its own means'
recorder=$(cd "$torture/.libs" && pwd)/recorder.so
small=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) || exit 1
trap 'end_all; rm -rf "$scratch" "$small"' EXIT

# The server, recorded; it dies of itself where so many finals are given.
record() { # finals
	HOSO_UNDER="env HOSO_TRACE=$scratch/trace HOSO_TRACE_DIE=${1:-0} LD_PRELOAD=$recorder${LD_PRELOAD:+:$LD_PRELOAD}"
	restart_hosod
	HOSO_UNDER=
}

remember() {
	rm -rf "$scratch/before" "$scratch/trace"
	cp -R "$scratch/data/store" "$scratch/before"
}

replay() { # images, how
	images_tried=$1
	shift
	mkdir -p "$small/records" "$small/chunks"
	"$torture/power" "$scratch/before" "$scratch/trace" "$scratch/data/keys" \
		"$srcdir/data/rules" "$small" "$seed" "$images_tried" "$@" \
		>"$scratch/replay" 2>"$scratch/said"
	rc=$?
	grep -v '^time=' "$scratch/said" | sed 's/^/# /' | head -5
	return $rc
}

make_office
stop_hosod
remember
record
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 2 "$requests" 2>"$scratch/load"
check 'the clients were served' 0 $?
sed 's/^/# /' "$scratch/load"
stop_hosod KILL
echo "# $(wc -c <"$scratch/trace") bytes of trace"

replay "$images"
check 'every image opens, is sound, and holds what was acknowledged' 0 $?
sed 's/^\([^#]\)/# \1/' "$scratch/replay"
# What such a disk leaves may be so torn that LMDB falls over it.
replay 0 lying
rc=$?
check 'a disk that lies about its syncs is found out' yes \
	"$([ $rc -eq 1 ] || [ $rc -gt 128 ] && echo yes || echo $rc)"
echo "# lying: $(tail -1 "$scratch/replay")"

remember
record $((1 + seed % 6))
"$tools/load" "$fixed" "$token" "$scratch/acks" "$seed" 1 "$requests" 2>"$scratch/load" &
loader=$!
while kill -0 "$server" 2>/dev/null && kill -0 "$loader" 2>/dev/null; do
	sleep 0.1
done
kill -0 "$loader" 2>/dev/null || kill "$server" # it should have died by itself
wait "$server"
check 'the server died in the middle of a write' 137 $?
record
wait "$loader"
check 'the client was served in the end' 0 $?
loader=
sed 's/^/# /' "$scratch/load"
stop_hosod KILL
replay "$images"
check 'what a server was told of a dead one is on the disk, too' 0 $?
sed 's/^\([^#]\)/# \1/' "$scratch/replay"
judge
finish
