/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Keys and rows of the store, as a damaged disk would give them.  A key that
 * reads to its end is written again as it was; a row is taken in its form or
 * refused as damaged.
 */

#include "storage/upload_row.h"

#include "tests/fuzz/target.h"

/* Parts of every kind, chosen by the bits of the table's byte. */
static void
check_key(struct bytes bytes)
{
	struct key_reader reader;
	struct fault fault = { .code = FAULT_NONE };
	struct key again;
	uint8_t table = key_read_start(&reader, bytes);

	key_start(&again, table);
	for (unsigned i = 0; i < 4; i++) {
		switch (table >> (2 * i) & 3) {
		case 0:
			key_add_text(&again, key_read_text(&reader));
			break;
		case 1:
			key_add_u32(&again, key_read_u32(&reader));
			break;
		case 2:
			key_add_i64(&again, key_read_i64(&reader));
			break;
		default:
			key_add_raw(&again, key_read_raw(&reader, 3));
			break;
		}
	}
	if (key_read_end(&reader, &fault) < 0) {
		fuzz_check(fault.code == FAULT_CORRUPT);
		return;
	}
	fuzz_check(again.overflow == (bytes.len > KEY_MAX_BYTES));
	fuzz_check(again.overflow || bytes_equal(key_bytes(&again), bytes));
}

static void
check_blob(struct bytes row)
{
	struct fault fault = { .code = FAULT_NONE };
	struct blob_head head = { .size = 0 };
	size_t count;

	if (blob_row_parse(&head, row, &fault) < 0) {
		fuzz_check(fault.code == FAULT_CORRUPT);
		return;
	}
	count = head.names.len / SHA256_BYTES;
	fuzz_check(head.names.len % SHA256_BYTES == 0);
	fuzz_check(head.names.len <= row.len);
	fuzz_check(count <= BLOB_ROW_NAMES);
	fuzz_check(count <= blob_row_chunks(head.size));
	fuzz_check(!head.is_small || count == 0);
}

static void
check_upload(struct arena *arena, struct bytes bytes)
{
	struct fault fault = { .code = FAULT_NONE };
	uint8_t row[UPLOAD_ROW_BYTES];
	struct upload_state state;

	if (upload_row_parse(&state, bytes, arena, &fault) < 0) {
		fuzz_check(fault.code == FAULT_CORRUPT);
		return;
	}
	fuzz_check(bytes_equal(upload_row_format(row, &state), bytes));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();

	check_key(bytes_of(data, len));
	check_blob(bytes_of(data, len));
	check_upload(arena, bytes_of(data, len));
	arena_free(arena);
	return 0;
}
