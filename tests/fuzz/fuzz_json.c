/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What json_read() takes has one canonical form, which reads back equal, is
 * its own canonical form and is text in normal form C; a glance at it finds
 * each member.  What it refuses, it refuses as invalid, with words.
 */

#include "base/glance.h"
#include "base/json.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

#define GLANCES_MAX 8

/* Keys that need an escape are none of ours, and nobody looks for them. */
static bool
is_plain(const char *key)
{
	for (; *key != '\0'; key++) {
		if ((unsigned char)*key < 0x20 || *key == '"' || *key == '\\') {
			return false;
		}
	}
	return true;
}

static void
check_glance(struct arena *arena, json_t *object, struct bytes canonical)
{
	int glances = GLANCES_MAX;
	struct bytes found;
	const char *key;
	json_t *member;

	json_object_foreach(object, key, member)
	{
		if (!is_plain(key)) {
			return;
		}
	}
	json_object_foreach(object, key, member)
	{
		fuzz_check(glance_member(canonical, key, &found));
		fuzz_check(bytes_equal(found, json_bytes(arena, member)));
		if (--glances == 0) {
			return;
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	json_t *value = json_read(arena, bytes_of(data, len), &fault);
	struct bytes found;

	/* Whatever lies there: no more than not to find it. */
	glance_text_at(arena, bytes_of(data, len), "a");
	glance_first(bytes_of(data, len), &found);
	if (value != NULL) {
		struct bytes once = json_bytes(arena, value);
		json_t *again = json_read(arena, once, &fault);

		fuzz_check(text_is_nfc(once));
		fuzz_check(again != NULL);
		fuzz_check(json_equal(value, again));
		fuzz_check(bytes_equal(once, json_bytes(arena, again)));
		fuzz_check(fault.code == FAULT_NONE);
		check_glance(arena, value, once);
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(fault.text[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.field)));
	}
	arena_free(arena);
	return 0;
}
