/* SPDX-License-Identifier: Apache-2.0 */

/* What decodes is the only text of its bytes: it encodes to itself. */

#include "base/base64.h"

#include "tests/fuzz/target.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fault fault = { .code = FAULT_NONE };
	struct buf bytes;
	struct buf text;

	buf_init(&bytes, len);
	buf_init(&text, 2 * len + 4);
	if (base64_decode(&bytes, bytes_of(data, len), &fault) == 0) {
		base64_encode(&text, buf_bytes(&bytes));
		fuzz_check(bytes_equal(buf_bytes(&text), bytes_of(data, len)));
	} else {
		fuzz_check(fault.code == FAULT_INVALID);
	}
	buf_reset(&bytes);
	buf_reset(&text);
	base64_encode(&text, bytes_of(data, len));
	fuzz_check(base64_decode(&bytes, buf_bytes(&text), &fault) == 0);
	fuzz_check(bytes_equal(buf_bytes(&bytes), bytes_of(data, len)));
	buf_fini(&bytes);
	buf_fini(&text);
	return 0;
}
