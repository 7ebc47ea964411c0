/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A document from a plugin, a block a line.  What is taken is canonical, is
 * taken again, and becomes the struct that a format is handed; what is
 * refused is refused with words and leaves the document as it was.
 */

#include "core/blocks.h"
#include "host/block.h"

#include "tests/fuzz/target.h"

#define KEPT_MAX 65536u

/* As hoso-host makes it for a format: everything that is pointed to is text. */
static void
decode(struct bytes json, unsigned *footnotes)
{
	struct arena *arena = arena_new();
	struct fault fault;
	struct hoso_block block;
	json_t *value = json_read(arena, json, &fault);
	size_t letters = 0;

	fuzz_check(value != NULL);
	fuzz_check(block_decode(&block, arena, value, footnotes, &fault) == 0);
	for (size_t i = 0; block.runs[i] != NULL; i++) {
		letters += strlen(block.runs[i]->text);
	}
	for (size_t i = 0; block.cells != NULL && block.cells[i] != NULL; i++) {
		letters += strlen(block.cells[i]->text);
		fuzz_check(block.cells[i]->span >= 1);
	}
	if (block.columns != NULL) {
		uint32_t sum = 0;

		for (size_t i = 0; block.columns[i] != NULL; i++) {
			sum += block.columns[i]->width;
		}
		fuzz_check(sum == 1000);
	}
	fuzz_check(letters < json.len);
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct blocks *blocks = blocks_new(KEPT_MAX);
	struct blocks *again = blocks_new(KEPT_MAX);
	struct fault fault = { .code = FAULT_NONE };
	unsigned footnotes = 0;
	size_t at = 0;

	while (at < len) {
		const uint8_t *end = memchr(data + at, '\n', len - at);
		size_t line =
		    end != NULL ? (size_t)(end - data) - at : len - at;
		size_t before = blocks_count(blocks);

		if (blocks_add(blocks, bytes_of(data + at, line), &fault) < 0) {
			fuzz_check(fault.code == FAULT_INVALID ||
			           fault.code == FAULT_LIMIT);
			fuzz_check(fault.text[0] != '\0');
			fuzz_check(blocks_count(blocks) == before);
			break; /* the call ends with the first bad block */
		}
		at += line + 1;
	}
	for (size_t i = 0; i < blocks_count(blocks); i++) {
		struct bytes block = blocks_at(blocks, i);

		fuzz_check(blocks_add(again, block, &fault) == 0);
		fuzz_check(bytes_equal(blocks_at(again, i), block));
		decode(block, &footnotes);
	}
	blocks_free(blocks);
	blocks_free(again);
	return 0;
}
