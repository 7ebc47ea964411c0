/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each walk takes one step in its turn: it looks at one node, and has the
 * processor fetch what its next step will look at.  By its next turn that has
 * come, as the others had theirs in between.
 */

#include "storage/search.h"
#include "storage/tree.h"

#define WALKS_MAX            64u   /* side by side */
#define VALUE_EXPECTED_BYTES 2048u /* a record; of a longer value its begin */

struct walk {
	struct bytes key;
	struct bytes *value;
	const uint8_t *page; /* NULL: page `number` comes next */
	uint64_t number;
	unsigned level;
	struct search search;
};

/* The row that the search ended at, if it is the one. */
static void
take_row(const struct tree *tree, struct walk *walk)
{
	unsigned at = search_end(&walk->search, true);
	struct node node;

	if (at < page_count(walk->page) &&
	    page_node(tree->pages, walk->page, at, &node) &&
	    bytes_equal(node.key, walk->key)) {
		*walk->value = node.value;
		page_expect_bytes(bytes_of(node.value.data,
		    node.value.len < VALUE_EXPECTED_BYTES
		        ? node.value.len
		        : VALUE_EXPECTED_BYTES));
	}
}

static bool
go_below(const struct tree *tree, struct walk *walk)
{
	struct node node;

	if (!page_node(tree->pages, walk->page,
	        search_end(&walk->search, false), &node)) {
		return false;
	}
	walk->page = NULL;
	walk->number = node.child;
	walk->level++;
	page_expect(tree->pages, node.child);
	return true;
}

/* False: it is at its end. */
static bool
step(const struct tree *tree, struct walk *walk)
{
	bool is_leaf = walk->level + 1 == tree->depth;
	struct node node;

	if (walk->page == NULL) {
		walk->page = tree_page(tree, walk->level, walk->number);
		if (walk->page == NULL) {
			return false;
		}
		walk->search = search_begin(walk->page, is_leaf);
	} else {
		if (!page_peek(tree->pages, walk->page,
		        search_middle(&walk->search), &node)) {
			return false;
		}
		search_narrow(&walk->search, is_leaf,
		    page_compare(node.key, walk->key, tree->by_number));
	}
	if (search_goes_on(&walk->search)) {
		page_expect_node(tree->pages, walk->page,
		    search_middle(&walk->search));
		return true;
	}
	if (!is_leaf) {
		return go_below(tree, walk);
	}
	take_row(tree, walk);
	return false;
}

static void
find_group(const struct tree *tree, const struct bytes *keys, size_t count,
    struct bytes *values_out)
{
	struct walk walks[WALKS_MAX];
	size_t left = tree->root != TREE_EMPTY ? count : 0;

	for (size_t i = 0; i < count; i++) {
		values_out[i] = NO_BYTES;
		walks[i] = (struct walk){
			.key = keys[i],
			.value = &values_out[i],
			.number = tree->root,
		};
	}
	while (left > 0) {
		size_t kept = 0;

		for (size_t i = 0; i < left; i++) {
			if (step(tree, &walks[i])) {
				walks[kept++] = walks[i];
			}
		}
		left = kept;
	}
}

void
tree_find_several(const struct tree *tree, const struct bytes *keys,
    size_t count, struct bytes *values_out)
{
	for (size_t from = 0; from < count; from += WALKS_MAX) {
		find_group(tree, keys + from,
		    count - from < WALKS_MAX ? count - from : WALKS_MAX,
		    values_out + from);
	}
}
