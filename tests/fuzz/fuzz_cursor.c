/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A cursor as text, and as the bytes that it stands for with a true sum behind
 * them: what is taken is written again as it was, and by another query it is
 * refused.
 */

#include "core/cursor.h"

#include "base/base64.h"
#include "base/digest.h"

#include "tests/fuzz/target.h"

#define QUERY     "unit=xa-xop&mode=lineage"
#define INPUT_MAX 400u

static void
check(struct arena *arena, const char *text)
{
	struct place place;
	struct place again;

	if (!cursor_parse(&place, text, QUERY)) {
		return;
	}
	fuzz_check(strlen(place.id) <= PLACE_ID_BYTES);
	fuzz_check(strcmp(cursor_format(arena, &place, QUERY), text) == 0);
	fuzz_check(!cursor_parse(&again, text, QUERY "&year=2024"));
}

/* The input as a payload: nobody else knows how to make the sum. */
static void
check_payload(struct arena *arena, struct bytes payload)
{
	struct sha256_stream *stream = sha256_stream_new();
	struct sha256 sum;
	struct buf all, text;

	sha256_stream_add(stream, bytes_of_text(QUERY));
	sha256_stream_add(stream, payload);
	sum = sha256_stream_end(stream);
	sha256_stream_free(stream);
	buf_init(&all, 2 * INPUT_MAX);
	buf_add_bytes(&all, payload);
	buf_add(&all, sum.bytes, 8);
	buf_init(&text, 4 * INPUT_MAX);
	base64_encode(&text, buf_bytes(&all));
	for (size_t i = 0; i < text.len; i++) {
		uint8_t *octet = &text.data[i];

		*octet = *octet == '+' ? '-' : *octet == '/' ? '_' : *octet;
		if (*octet == '=') {
			text.len = i;
		}
	}
	check(arena, arena_text_of(arena, buf_bytes(&text)));
	buf_fini(&text);
	buf_fini(&all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();

	digest_init();
	if (len <= INPUT_MAX) {
		check(arena, arena_text_of(arena, bytes_of(data, len)));
		check_payload(arena, bytes_of(data, len));
	}
	arena_free(arena);
	return 0;
}
