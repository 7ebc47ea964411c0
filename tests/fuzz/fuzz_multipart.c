/* SPDX-License-Identifier: Apache-2.0 */

/* The first line is the Content-Type, the rest the body. */

#include "api/multipart.h"

#include "base/text.h"
#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *line = memchr(data, '\n', len);
	size_t used = line != NULL ? (size_t)(line - data) : len;
	struct bytes body =
	    line != NULL ? bytes_of(line + 1, len - used - 1) : NO_BYTES;
	struct fault fault = { .code = FAULT_NONE };
	struct arena *arena = arena_new();
	struct multipart multipart;

	if (multipart_parse(&multipart, bytes_of(data, used), body, arena,
	        &fault) < 0) {
		fuzz_check(
		    fault.code == FAULT_INVALID || fault.code == FAULT_LIMIT);
		arena_free(arena);
		return 0;
	}
	for (unsigned i = 0; i < multipart.count; i++) {
		const struct multipart_part *part = &multipart.parts[i];

		fuzz_check(text_is_nfc(bytes_of_text(part->name)));
		fuzz_check(part->file_name == NULL ||
		           text_is_nfc(bytes_of_text(part->file_name)));
		fuzz_check(
		    part->bytes.data >= body.data &&
		    part->bytes.data + part->bytes.len <= body.data + body.len);
	}
	arena_free(arena);
	return 0;
}
