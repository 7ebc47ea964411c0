/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A leaf with one long value, whose pages are elsewhere: where the number of
 * the first is not theirs, the value is none, and the key is there still.
 */

#include "base/wire.h"
#include "storage/page.h"
#include "tests/unit/unit.h"

#define BYTES     4096u
#define PAGES     8u
#define LEAF      1u
#define RUN       4u
#define RUN_PAGES 2u
#define VALUE_LEN 5000u
#define NODE_LEN  18u /* head, a key of two bytes, the number */
#define NODE_AT   (BYTES - NODE_LEN)
#define NUMBER_AT (LEAF * BYTES + NODE_AT + 10)

struct file {
	uint8_t data[PAGES * BYTES];
	struct pages pages;
	const uint8_t *leaf;
};

static void
put_head(uint8_t *page, uint64_t number, unsigned kind)
{
	wire_put_u64le(page, number);
	wire_put_u16le(page + 10, (uint16_t)kind);
}

static void
make_file(struct file *file)
{
	uint8_t *leaf = file->data + LEAF * (size_t)BYTES;
	uint8_t *run = file->data + RUN * (size_t)BYTES;

	memset(file, 0, sizeof(*file));
	put_head(leaf, LEAF, PAGE_LEAF);
	wire_put_u16le(leaf + 12, PAGE_HEAD_BYTES + 2);
	wire_put_u16le(leaf + 14, NODE_AT);
	wire_put_u16le(leaf + 16, NODE_AT);
	wire_put_u32le(leaf + NODE_AT, VALUE_LEN);
	wire_put_u16le(leaf + NODE_AT + 4, 1);
	wire_put_u16le(leaf + NODE_AT + 6, 2);
	memcpy(leaf + NODE_AT + 8, "ab", 2);
	wire_put_u64le(leaf + NODE_AT + 10, RUN);
	put_head(run, RUN, PAGE_RUN);
	wire_put_u32le(run + 12, RUN_PAGES);
	file->pages = (struct pages){ .data = file->data,
		.count = PAGES,
		.bytes = BYTES };
	file->leaf = page_at(&file->pages, LEAF, PAGE_LEAF);
	assert_non_null(file->leaf);
}

static void
a_long_value_lies_on_its_pages(void **state)
{
	static struct file file;
	struct node node;

	(void)state;
	make_file(&file);
	assert_true(page_is_whole(&file.pages, file.leaf, false));
	assert_true(page_node(&file.pages, file.leaf, 0, &node));
	assert_true(bytes_equal(node.key, bytes_of_text("ab")));
	assert_ptr_equal(node.value.data,
	    file.data + RUN * BYTES + PAGE_HEAD_BYTES);
	assert_int_equal(node.value.len, VALUE_LEN);
}

/* 0 as well, which a single bit makes of the number 4. */
static void
a_long_value_lies_on_no_other_pages(void **state)
{
	static struct file file;
	struct node node;

	(void)state;
	make_file(&file);
	for (uint64_t number = 0; number < PAGES + 2; number++) {
		wire_put_u64le(file.data + NUMBER_AT, number);
		assert_int_equal(page_node(&file.pages, file.leaf, 0, &node),
		    number == RUN);
		assert_true(page_peek(&file.pages, file.leaf, 0, &node));
		assert_true(bytes_equal(node.key, bytes_of_text("ab")));
	}
}

UNIT_MAIN(unit(a_long_value_lies_on_its_pages),
    unit(a_long_value_lies_on_no_other_pages))
