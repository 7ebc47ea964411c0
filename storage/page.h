/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_PAGE_H
#define STORAGE_PAGE_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * The pages of an LMDB 0.9 file, read without trusting them: whatever stands
 * in a page, nothing outside `pages` is touched.
 */

/*
 * Pages that were found whole, by their number: looking at all of a page takes
 * longer than finding a row in it, and the upper ones are met again and again.
 * Empty as zero.
 */
#define PAGES_KNOWN 128u

struct pages_known {
	uint64_t numbers[PAGES_KNOWN]; /* 0: none, as no tree has page 0 */
};

/* A file in memory; only its first `pages` pages are there. */
struct pages {
	const uint8_t *data;
	uint64_t count;
	size_t bytes;              /* of one page */
	struct pages_known *known; /* NULL: each is looked at each time */
};

enum page_kind {
	PAGE_BRANCH = 0x01,
	PAGE_LEAF = 0x02,
	PAGE_RUN = 0x04, /* the first of a long value's */
};

#define PAGE_HEAD_BYTES 16u

/* The page, if it is of this kind and its head makes sense; else NULL. */
const uint8_t *page_at(const struct pages *pages, uint64_t number,
    enum page_kind kind);
/* Of a branch or leaf that page_at() gave. */
unsigned page_count(const uint8_t *page);
/* Its bytes in use, but for its head. */
size_t page_used(const struct pages *pages, const uint8_t *page);

/* One entry of a leaf or branch. */
struct node {
	struct bytes key;   /* of a branch's first: nothing that counts */
	struct bytes value; /* leaf alone */
	uint64_t child;     /* branch alone: a page's number */
	bool has_run;       /* leaf: a long value, on pages of its own */
	bool is_table;      /* leaf: the value is the root of a table */
	uint64_t run;       /* where these pages begin */
};

/* False where it does not lie within its page, or its run within the file. */
bool page_node(const struct pages *pages, const uint8_t *page, unsigned at,
    struct node *node_out);
/* The same; of a long value's pages nothing is looked at or given. */
bool page_peek(const struct pages *pages, const uint8_t *page, unsigned at,
    struct node *node_out);
/*
 * Have the processor fetch, while it does other work, what a search looks at
 * first in a page, or a node of it: where many are looked for at once, most of
 * the time is waiting for memory.
 */
void page_expect_bytes(struct bytes bytes);
void page_expect(const struct pages *pages, uint64_t number);
void page_expect_node(const struct pages *pages, const uint8_t *page,
    unsigned at);
/* Keys in their order: of bytes, or of numbers in the machine's own form. */
int page_compare(struct bytes a, struct bytes b, bool by_number);
/*
 * Whether the entries fill the page exactly as LMDB leaves it, and are in
 * order.
 */
bool page_is_whole(const struct pages *pages, const uint8_t *page,
    bool by_number);
/* The pages that a run of a value takes. */
uint64_t page_run_count(const struct pages *pages, size_t value_len);

#endif
