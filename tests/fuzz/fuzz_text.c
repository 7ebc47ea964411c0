/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The bytes up to the first two 0A are three texts: each alone is judged,
 * normalised and folded; all three must have an order.
 */

#include "base/text.h"

#include "tests/fuzz/target.h"

#include <utf8proc.h>

static bool
model_is_utf8(struct bytes text)
{
	while (text.len > 0) {
		utf8proc_int32_t point;
		utf8proc_ssize_t used = utf8proc_iterate(text.data,
		    (utf8proc_ssize_t)text.len, &point);

		if (used <= 0 || point == 0) {
			return false;
		}
		text = bytes_of(text.data + used, text.len - (size_t)used);
	}
	return true;
}

static void
check_text(struct arena *arena, struct bytes bytes)
{
	struct fault fault = { .code = FAULT_NONE };
	const char *normal = NULL;
	const char *again = NULL;

	fuzz_check(text_is_utf8(bytes) == model_is_utf8(bytes));
	fuzz_check(!text_is_nfc(bytes) || text_is_utf8(bytes));
	if (text_nfc(arena, &normal, bytes, &fault) < 0) {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(!text_is_nfc(bytes));
		return;
	}
	/* Normalising parts marks that were one, and may so exceed 30. */
	if (text_nfc(arena, &again, bytes_of_text(normal), &fault) == 0) {
		fuzz_check(strcmp(normal, again) == 0);
		fuzz_check(text_is_nfc(bytes_of_text(normal)));
	}
	fuzz_check(
	    text_is_nfc(bytes) == bytes_equal(bytes, bytes_of_text(normal)));
	fuzz_check(text_is_utf8(bytes_of_text(text_fold(arena, normal))));
}

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

static void
check_order(const char *a, const char *b, const char *c)
{
	int ab = sign(text_compare(a, b));
	int bc = sign(text_compare(b, c));
	int ac = sign(text_compare(a, c));

	fuzz_check(ab == -sign(text_compare(b, a)));
	fuzz_check((ab == 0) == (strcmp(a, b) == 0));
	if (ab == bc) {
		fuzz_check(ac == ab);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct bytes rest = bytes_of(data, len);
	const char *texts[3] = { "", "", "" };

	for (unsigned i = 0; i < 3; i++) {
		const uint8_t *end =
		    rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
		size_t part =
		    i < 2 && end != NULL ? (size_t)(end - rest.data) : rest.len;

		check_text(arena, bytes_of(rest.data, part));
		texts[i] = arena_text_of(arena, bytes_of(rest.data, part));
		text_fold(arena, texts[i]);
		part += part < rest.len;
		rest = bytes_of(rest.data + part, rest.len - part);
	}
	check_order(texts[0], texts[1], texts[2]);
	check_order(texts[2], texts[0], texts[1]);
	arena_free(arena);
	return 0;
}
