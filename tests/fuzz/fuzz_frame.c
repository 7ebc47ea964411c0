/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A frame is a pure function of its bytes: a good one encodes back to what it
 * was, each of its prefixes says "more", and what is behind it changes
 * nothing.
 */

#include "base/frame.h"

#include "tests/fuzz/target.h"

/* Small, so that the limit is met by small inputs. */
#define PAYLOAD_MAX 4096u

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct frame frame;
	struct frame again;
	struct buf out;
	size_t used = 0;
	size_t none = 0;
	int rc = frame_decode(&frame, &used, bytes_of(data, len), PAYLOAD_MAX);

	if (rc != 1) {
		fuzz_check(rc == 0 || rc == -1);
		fuzz_check(used == 0);
		fuzz_check(len >= FRAME_HEADER || rc == 0);
		return 0;
	}
	fuzz_check(used <= len && used == FRAME_HEADER + frame.payload.len);
	fuzz_check(frame.payload.len <= PAYLOAD_MAX);
	fuzz_check(frame_type_is_known((unsigned)frame.type));
	buf_init(&out, FRAME_HEADER + PAYLOAD_MAX);
	frame_encode(&out, frame.type, frame.payload);
	fuzz_check(bytes_equal(buf_bytes(&out), bytes_of(data, used)));
	for (size_t cut = 0; cut < used; cut++) {
		fuzz_check(frame_decode(&again, &none, bytes_of(data, cut),
		               PAYLOAD_MAX) == 0);
	}
	buf_fini(&out);
	return 0;
}
