/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a plugin declares, in the first line, and what somebody gives for it,
 * in the second.  What comes out has the types that were declared and settles
 * to itself.
 */

#include "base/text.h"
#include "core/parameters.h"

#include "tests/fuzz/target.h"

static bool
has_type(const json_t *value, const char *type)
{
	return strcmp(type, "integer") == 0 ? json_is_integer(value)
	       : strcmp(type, "bool") == 0  ? json_is_boolean(value)
	                                    : json_is_string(value);
}

static void
check_settled(struct arena *arena, const json_t *declared, json_t *settled)
{
	struct fault fault = { .code = FAULT_NONE };
	json_t *again = NULL;
	const json_t *one;
	size_t i;

	fuzz_check(json_object_size(settled) <= json_array_size(declared));
	json_array_foreach(declared, i, one)
	{
		const char *name = json_text_at(one, "name");
		const json_t *value = json_object_get(settled, name);

		/* A name that is declared twice has the type of the last. */
		if (value != NULL && json_array_size(declared) == 1) {
			fuzz_check(has_type(value, json_text_at(one, "type")));
		}
	}
	if (json_array_size(declared) == 1) {
		fuzz_check(parameters_settle(declared, settled, arena, &again,
		               &fault) == 0);
		fuzz_check(json_equal(settled, again) == 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	const uint8_t *end = len > 0 ? memchr(data, '\n', len) : NULL;
	size_t first = end != NULL ? (size_t)(end - data) : len;
	struct fault fault = { .code = FAULT_NONE };
	json_t *declared = json_read(arena, bytes_of(data, first), &fault);
	json_t *given = NULL;
	json_t *settled = NULL;

	if (end != NULL) {
		given = json_read(arena, bytes_of(end + 1, len - first - 1),
		    &fault);
	}
	if (declared == NULL || parameters_check(declared, &fault) < 0) {
		fuzz_check(fault.code == FAULT_INVALID);
	} else if (parameters_settle(declared, given, arena, &settled,
	               &fault) == 0) {
		check_settled(arena, declared, settled);
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.field)));
	}
	arena_free(arena);
	return 0;
}
