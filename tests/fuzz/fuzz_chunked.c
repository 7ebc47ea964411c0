/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A chunked body, whole and then cut where its own first byte says: both ways
 * the same body must come out, end at the same place, or break.
 */

#include "api/chunked.h"

#include "base/buf.h"
#include "tests/fuzz/target.h"

struct outcome {
	enum chunked_step step;
	size_t used;
	struct buf body;
};

static void
decode(struct outcome *outcome, const uint8_t *data, size_t len, size_t size)
{
	struct chunked chunked;
	size_t at = 0;

	chunked_init(&chunked);
	buf_init(&outcome->body, 1 << 24);
	outcome->step = CHUNKED_MORE;
	while (at < len && outcome->step == CHUNKED_MORE) {
		size_t part = len - at < size ? len - at : size;
		struct bytes input = bytes_of(data + at, part);
		struct bytes piece;

		while ((outcome->step = chunked_next(&chunked, &input,
		            &piece)) == CHUNKED_PIECE) {
			fuzz_check(piece.len > 0);
			fuzz_check(piece.data >= data + at &&
			           piece.data + piece.len == input.data);
			buf_add_bytes(&outcome->body, piece);
		}
		fuzz_check(outcome->step != CHUNKED_MORE || input.len == 0);
		at += part - input.len;
		if (outcome->step != CHUNKED_MORE) {
			/* It stays as it is, and uses nothing more. */
			size_t left = input.len;

			fuzz_check(chunked_next(&chunked, &input, &piece) ==
			           outcome->step);
			fuzz_check(input.len == left);
		}
	}
	outcome->used = at;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t size = len > 0 ? (size_t)data[0] % 7 + 1 : 1;
	struct outcome whole;
	struct outcome parts;

	decode(&whole, data, len, len > 0 ? len : 1);
	decode(&parts, data, len, size);
	fuzz_check(whole.step == parts.step);
	fuzz_check(whole.used == parts.used);
	fuzz_check(bytes_equal(buf_bytes(&whole.body), buf_bytes(&parts.body)));
	/* A body is shorter than its framing. */
	fuzz_check(whole.body.len <= len);
	buf_fini(&whole.body);
	buf_fini(&parts.body);
	return 0;
}
