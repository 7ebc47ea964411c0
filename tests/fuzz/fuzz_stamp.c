/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What an authority answers: nothing but a token that checks comes out of it.
 * The same bytes are taken apart as DER and read as trust anchors.
 */

#include "archive/der.h"
#include "archive/timestamp.h"
#include "archive/trust.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

#define DEPTH_MAX 16u

static void
check_answer(struct arena *arena, struct bytes answer)
{
	const struct bytes covered = bytes_of_text("the value of a signature");
	struct timestamp_request request = {
		.imprint = digest_value_of(DIGEST_SHA256, covered),
		.nonce = { 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	struct timestamp_question question = { .covered = covered };
	struct timestamp_report report;
	struct fault fault = { .code = FAULT_NONE };
	struct buf token;

	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	if (timestamp_response_decode(&token, answer, &request, &fault) < 0) {
		fuzz_check(fault.code == FAULT_DENIED ||
		           fault.code == FAULT_INVALID ||
		           fault.code == FAULT_LIMIT);
		fuzz_check(fault.text[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.local)));
	} else {
		question.token = buf_bytes(&token);
		timestamp_check(&report, arena, &question);
		fuzz_check(report.is_valid);
	}
	buf_fini(&token);
}

/* Elements lie in order inside of what they were cut from. */
static void
walk(struct bytes rest, unsigned depth)
{
	const uint8_t *end = rest.data + rest.len;
	struct bytes content;
	uint8_t tag;

	while (der_take(&rest, &tag, &content)) {
		fuzz_check(content.data + content.len == rest.data);
		fuzz_check(rest.data + rest.len == end);
		if ((tag & 0x20) != 0 && depth < DEPTH_MAX) {
			walk(content, depth + 1);
		}
	}
}

static void
check_anchors(struct bytes pem)
{
	struct trust *trust = trust_new();
	struct fault fault = { .code = FAULT_NONE };

	if (trust_add(NULL, trust, pem, &fault) < 0) {
		fuzz_check(fault.code == FAULT_INVALID);
	}
	trust_free(trust);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();

	digest_init();
	if (len <= TIMESTAMP_RESPONSE_MAX) {
		check_answer(arena, bytes_of(data, len));
		walk(bytes_of(data, len), 0);
		check_anchors(bytes_of(data, len));
	}
	arena_free(arena);
	return 0;
}
