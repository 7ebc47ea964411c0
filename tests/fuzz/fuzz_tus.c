/* SPDX-License-Identifier: Apache-2.0 */

/* Fields of the tus protocol, as the head parser lets them through. */

#include "api/tus.h"

#include "base/text.h"
#include "tests/fuzz/target.h"

#define FIELDS_MAX 8000u

static void
check_metadata(const struct request *request, struct arena *arena)
{
	static const char *const keys[] = { "filename", "filetype", "a" };
	struct bytes metadata = NO_BYTES;
	struct fault fault = { .code = FAULT_NONE };

	if (tus_metadata(request, &metadata, &fault) < 0) {
		fuzz_check(
		    fault.code == FAULT_INVALID || fault.code == FAULT_LIMIT);
		return;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = tus_metadata_text(metadata, keys[i], arena);

		fuzz_check(text == NULL || text_is_nfc(bytes_of_text(text)));
	}
}

static void
check_numbers(const struct request *request)
{
	struct fault fault = { .code = FAULT_NONE };
	struct sha256 sum;
	uint64_t number = 0;

	if (tus_number(request, "Upload-Offset", &number, &fault) == 1) {
		fuzz_check(number < 1ull << 53);
	}
	if (tus_length(request, &number, &fault) == 0) {
		fuzz_check(
		    number < 1ull << 53 || number == TUS_LENGTH_DEFERRED);
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
	}
	tus_checksum(request, &sum, &fault);
	tus_is_body(request);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char start[] = "PATCH / HTTP/1.1\r\nHost: h\r\n";
	struct arena *arena = arena_new();
	struct request request = { .arena = arena };
	struct buf head;

	buf_init(&head, HEAD_BYTES_MAX);
	buf_add_text(&head, start);
	buf_add(&head, data, len < FIELDS_MAX ? len : FIELDS_MAX);
	buf_add_text(&head, "\r\n\r\n");
	if (head_parse(&request.head, buf_bytes(&head)) > 0) {
		check_metadata(&request, arena);
		check_numbers(&request);
	}
	buf_fini(&head);
	arena_free(arena);
	return 0;
}
