/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A page of LMDB 0.9 on a machine of 64 bits, little-endian (lmdb's mdb.c,
 * MDB_page and MDB_node):
 *
 *     0   u64  its own number         12  u16  lower: end of the list of nodes
 *     8   u16  nothing                14  u16  upper: begin of the nodes
 *     10  u16  kind                   16  u16  where each node is, by key
 *
 * A run has u32 pages in place of lower and upper, and bytes from 16 on.  A
 * node, at an even place:
 *
 *     leaf     u32 length of value · u16 flags · u16 length of key · key · value
 *     branch   u48 page · u16 length of key · key
 *
 * With flag 1 a leaf's value is the u64 number of its run; with flag 2, the
 * root of a table.  Nodes follow each other without a gap from upper to the
 * end of the page, in any order.
 */

#include "storage/page.h"

#include "base/wire.h"

#define NODE_HEAD_BYTES 8u
#define FLAG_RUN        1u
#define FLAG_TABLE      2u
#define NUMBER_BYTES    8u
#define CACHE_LINE      64u
#define LIST_BYTES      128u /* of a page's list of nodes, most or all */
#define KEY_BYTES       40u  /* of a key, most or all */
#define RUN_PAGES_AT    12u

static unsigned
lower_of(const uint8_t *page)
{
	return wire_get_u16le(page + 12);
}

static unsigned
upper_of(const uint8_t *page)
{
	return wire_get_u16le(page + 14);
}

static unsigned
kind_of(const uint8_t *page)
{
	return wire_get_u16le(page + 10);
}

const uint8_t *
page_at(const struct pages *pages, uint64_t number, enum page_kind kind)
{
	const uint8_t *page;
	unsigned lower;
	unsigned upper;

	if (number >= pages->count) {
		return NULL;
	}
	page = pages->data + number * pages->bytes;
	if (wire_get_u64le(page) != number || kind_of(page) != kind) {
		return NULL;
	}
	if (kind == PAGE_RUN) {
		return page;
	}
	lower = lower_of(page);
	upper = upper_of(page);
	return lower > PAGE_HEAD_BYTES && lower % 2 == 0 && lower <= upper &&
	               upper <= pages->bytes
	           ? page
	           : NULL;
}

unsigned
page_count(const uint8_t *page)
{
	return (lower_of(page) - PAGE_HEAD_BYTES) / 2;
}

size_t
page_used(const struct pages *pages, const uint8_t *page)
{
	return lower_of(page) - PAGE_HEAD_BYTES + pages->bytes - upper_of(page);
}

uint64_t
page_run_count(const struct pages *pages, size_t value_len)
{
	return (PAGE_HEAD_BYTES + (uint64_t)value_len + pages->bytes - 1) /
	       pages->bytes;
}

/* The bytes of a run, if all of its pages are there. */
static bool
find_run(const struct pages *pages, struct node *node)
{
	uint64_t wanted = page_run_count(pages, node->value.len);
	const uint8_t *run = page_at(pages, node->run, PAGE_RUN);

	if (run == NULL || wire_get_u32le(run + RUN_PAGES_AT) != wanted ||
	    wanted > pages->count - node->run) {
		return false;
	}
	node->value.data = run + PAGE_HEAD_BYTES;
	return true;
}

/* How many bytes the node takes; 0 where it does not lie in its page. */
static size_t
read_node(const struct pages *pages, const uint8_t *page, unsigned at,
    struct node *node)
{
	size_t place = wire_get_u16le(page + PAGE_HEAD_BYTES + 2 * (size_t)at);
	const uint8_t *data = page + place;
	size_t size = NODE_HEAD_BYTES;
	unsigned flags;

	if (place < upper_of(page) || place % 2 != 0 ||
	    place + NODE_HEAD_BYTES > pages->bytes) {
		return 0;
	}
	*node = (struct node){ .key = bytes_of(data + NODE_HEAD_BYTES,
		                   wire_get_u16le(data + 6)) };
	size += node->key.len;
	flags = wire_get_u16le(data + 4);
	if (kind_of(page) == PAGE_BRANCH) {
		node->child = wire_get_u32le(data) | (uint64_t)flags << 32;
		return size <= pages->bytes - place ? size : 0;
	}
	node->value = bytes_of(data + size, wire_get_u32le(data));
	node->is_table = flags == FLAG_TABLE;
	size += flags == FLAG_RUN ? NUMBER_BYTES : node->value.len;
	if (flags > FLAG_TABLE || size > pages->bytes - place) {
		return 0;
	}
	node->has_run = flags == FLAG_RUN;
	if (node->has_run) {
		node->run = wire_get_u64le(node->value.data);
	}
	return size;
}

bool
page_node(const struct pages *pages, const uint8_t *page, unsigned at,
    struct node *node_out)
{
	return read_node(pages, page, at, node_out) > 0 &&
	       (!node_out->has_run || find_run(pages, node_out));
}

bool
page_peek(const struct pages *pages, const uint8_t *page, unsigned at,
    struct node *node_out)
{
	return read_node(pages, page, at, node_out) > 0;
}

void
page_expect_bytes(struct bytes bytes)
{
	for (size_t at = 0; at < bytes.len; at += CACHE_LINE) {
		__builtin_prefetch(bytes.data + at);
	}
}

void
page_expect(const struct pages *pages, uint64_t number)
{
	if (number < pages->count) {
		page_expect_bytes(
		    bytes_of(pages->data + number * pages->bytes, LIST_BYTES));
	}
}

void
page_expect_node(const struct pages *pages, const uint8_t *page, unsigned at)
{
	size_t place = wire_get_u16le(page + PAGE_HEAD_BYTES + 2 * (size_t)at);

	if (place + NODE_HEAD_BYTES + KEY_BYTES <= pages->bytes) {
		page_expect_bytes(
		    bytes_of(page + place, NODE_HEAD_BYTES + KEY_BYTES));
	}
}

int
page_compare(struct bytes a, struct bytes b, bool by_number)
{
	uint64_t x, y;

	if (!by_number || a.len != NUMBER_BYTES || b.len != NUMBER_BYTES) {
		return bytes_compare(a, b);
	}
	x = wire_get_u64le(a.data);
	y = wire_get_u64le(b.data);
	return (x > y) - (x < y);
}

/*
 * What the node takes, and its key: as read_node(), but as little as a page
 * needs that is looked at as a whole.
 */
static size_t
measure_node(const uint8_t *page, size_t page_bytes, size_t place,
    bool is_branch, struct bytes *key_out)
{
	const uint8_t *data = page + place;
	size_t size;
	unsigned flags;

	if (place % 2 != 0 || place + NODE_HEAD_BYTES > page_bytes) {
		return 0;
	}
	*key_out = bytes_of(data + NODE_HEAD_BYTES, wire_get_u16le(data + 6));
	size = NODE_HEAD_BYTES + key_out->len;
	if (!is_branch) {
		flags = wire_get_u16le(data + 4);
		size += flags == FLAG_RUN ? NUMBER_BYTES : wire_get_u32le(data);
		if (flags > FLAG_TABLE) {
			return 0;
		}
	}
	return size <= page_bytes - place ? size : 0;
}

bool
page_is_whole(const struct pages *pages, const uint8_t *page, bool by_number)
{
	const bool is_branch = kind_of(page) == PAGE_BRANCH;
	const unsigned count = page_count(page);
	const size_t upper = upper_of(page);
	const uint8_t *list = page + PAGE_HEAD_BYTES;
	struct bytes before = NO_BYTES;
	size_t used = 0;

	/* Nodes lie in any order: fetch them all before they are met. */
	page_expect_bytes(bytes_of(page + upper, pages->bytes - upper));
	if (count < (is_branch ? 2u : 1u)) {
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		bool is_compared = i > (is_branch ? 1u : 0u);
		size_t place = wire_get_u16le(list + 2 * (size_t)i);
		struct bytes key;
		size_t size;

		if (place < upper) {
			return false;
		}
		size = measure_node(page, pages->bytes, place, is_branch, &key);
		if (size == 0 || (is_compared && page_compare(before, key,
		                                     by_number) >= 0)) {
			return false;
		}
		before = key;
		used += (size + 1) / 2 * 2;
	}
	return used == pages->bytes - upper;
}
