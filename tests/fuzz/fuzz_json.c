/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What json_read() takes has one canonical form, which reads back equal, is
 * its own canonical form and is text in normal form C.  What it refuses, it
 * refuses as invalid, with words.
 */

#include "base/json.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	json_t *value = json_read(arena, bytes_of(data, len), &fault);

	if (value != NULL) {
		struct bytes once = json_bytes(arena, value);
		json_t *again = json_read(arena, once, &fault);

		fuzz_check(text_is_nfc(once));
		fuzz_check(again != NULL);
		fuzz_check(json_equal(value, again));
		fuzz_check(bytes_equal(once, json_bytes(arena, again)));
		fuzz_check(fault.code == FAULT_NONE);
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(fault.text[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.field)));
	}
	arena_free(arena);
	return 0;
}
