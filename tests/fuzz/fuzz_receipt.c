/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Receipts, notes, checkpoints, keys and tile paths: what is read is written
 * again as it was, and only the worked example's receipt verifies.
 */

#include "archive/checkpoint.h"
#include "archive/receipt.h"
#include "archive/tile.h"
#include "base/json.h"
#include "tests/unit/audit_example.h"

#include "tests/fuzz/target.h"

static void
check_receipt(struct arena *arena, struct bytes text)
{
	struct fault fault = { .code = FAULT_NONE };
	struct note_verifier verifier;
	struct findings findings;
	struct receipt receipt;
	struct buf out;

	if (receipt_parse(&receipt, arena, text, &fault) < 0) {
		return;
	}
	buf_init(&out, 1 << 22);
	fuzz_check(receipt_format(&out, &receipt, &fault) == 0);
	fuzz_check(bytes_equal(buf_bytes(&out),
	    json_bytes(arena, json_read(arena, text, &fault))));
	fuzz_check(note_verifier_parse(&verifier, bytes_of_text(EXAMPLE_VKEY),
	               &fault) == 0);
	findings_init(&findings, arena);
	receipt_verify(text, &verifier, &findings);
	if (findings_is_good(&findings)) {
		fuzz_check(receipt.index < EXAMPLE_SIZE);
	}
	findings_fini(&findings);
	buf_fini(&out);
}

static void
check_checkpoint(struct bytes text)
{
	struct fault fault = { .code = FAULT_NONE };
	struct checkpoint checkpoint;
	struct checkpoint again;
	struct buf out;

	if (checkpoint_parse(&checkpoint, text, &fault) < 0) {
		return;
	}
	buf_init(&out, CHECKPOINT_MAX);
	checkpoint_format(&out, &checkpoint);
	fuzz_check(checkpoint_parse(&again, buf_bytes(&out), &fault) == 0);
	fuzz_check(again.size == checkpoint.size);
	fuzz_check(
	    memcmp(again.root.bytes, checkpoint.root.bytes, SHA256_BYTES) == 0);
	buf_fini(&out);
}

static void
check_keys(struct bytes text)
{
	struct fault fault = { .code = FAULT_NONE };
	struct note_verifier verifier;
	struct note_key *key = NULL;
	struct bytes inside;

	if (note_verifier_parse(&verifier, text, &fault) == 0) {
		note_open(&inside, bytes_of_text(EXAMPLE_CHECKPOINT), &verifier,
		    &fault);
	}
	if (note_key_parse(&key, text, &fault) == 0) {
		note_key_free(key);
	}
	note_text(&inside, text, &fault);
}

static void
check_tile(struct arena *arena, struct bytes text)
{
	char again[TILE_PATH_MAX];
	struct fault fault = { .code = FAULT_NONE };
	struct bytes rest = text;
	struct bytes entry;
	struct tile tile;
	char *path;

	if (text.len < 256) {
		path = arena_text_of(arena, text);
		if (tile_path_parse(&tile, path)) {
			tile_path_format(again, &tile);
			fuzz_check(strcmp(again, path) == 0);
		}
	}
	while (tile_entry_decode(&rest, &entry, &fault) == 1) {
		fuzz_check(entry.data + entry.len <= text.data + text.len);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes text = bytes_of(data, len);
	struct arena *arena = arena_new();

	digest_init();
	check_receipt(arena, text);
	check_checkpoint(text);
	check_keys(text);
	check_tile(arena, text);
	arena_free(arena);
	return 0;
}
