/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_SEARCH_H
#define STORAGE_SEARCH_H

#include "storage/page.h"

/*
 * Binary search in a page, node by node: for the last node <= key of a branch,
 * or the first >= key of a leaf (its count where all are less).
 */
struct search {
	unsigned low;
	unsigned high;
};

static inline struct search
search_begin(const uint8_t *page, bool is_leaf)
{
	return (struct search){ is_leaf ? 0 : 1, page_count(page) };
}

static inline bool
search_goes_on(const struct search *search)
{
	return search->low < search->high;
}

/* The node to look at next. */
static inline unsigned
search_middle(const struct search *search)
{
	return (search->low + search->high) / 2;
}

/* That node's order to the key: below 0, 0, above. */
static inline void
search_narrow(struct search *search, bool is_leaf, int order)
{
	unsigned middle = search_middle(search);

	if (order == 0 && is_leaf) {
		search->low = search->high = middle;
	} else if (order <= 0) {
		search->low = middle + 1;
	} else {
		search->high = middle;
	}
}

static inline unsigned
search_end(const struct search *search, bool is_leaf)
{
	return is_leaf ? search->low : search->low - 1;
}

#endif
