/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_TREE_H
#define STORAGE_TREE_H

#include "storage/page.h"

/*
 * Reading a table of an LMDB 0.9 file without LMDB, which trusts every page:
 * a damaged one makes it abort, read anywhere, or miss what is there.  Here a
 * page is looked at before it is believed.
 *
 * Functions return 0, MDB_NOTFOUND, or EILSEQ where a page that they need is
 * damaged.  What is pointed to lives as long as the transaction that keeps
 * the pages.
 */
struct tree {
	const struct pages *pages;
	uint64_t root;   /* of no page: empty */
	unsigned depth;  /* levels of pages, the leaves among them */
	uint64_t length; /* rows */
	bool by_number;  /* keys are numbers in the machine's own form */
};

#define TREE_EMPTY     UINT64_MAX
#define TREE_DEPTH_MAX 24u
#define TREE_BYTES     48u /* what LMDB keeps of a table */

/* Out of what LMDB keeps of it.  EILSEQ where that is no table. */
int tree_decode(struct tree *tree_out, const struct pages *pages,
    const uint8_t data[TREE_BYTES]);

/* A page of it, if it is one of that level; NULL. */
static inline const uint8_t *
tree_page(const struct tree *tree, unsigned level, uint64_t number)
{
	return page_at(tree->pages, number,
	    level + 1 < tree->depth ? PAGE_BRANCH : PAGE_LEAF);
}

struct place_in_tree {
	const uint8_t *page;
	unsigned at;
};

struct tree_cursor {
	const struct tree *tree;
	struct node node; /* the row that it stands on */
	/* After EILSEQ: between these keys rows are lost; empty: no bound. */
	struct bytes lost_from;
	struct bytes lost_to;
	/* The page is whole, but not between them: they may be what is wrong. */
	bool lost_anywhere;
	struct place_in_tree levels[TREE_DEPTH_MAX];
};

/* Whether a row is what was written: 0 or EILSEQ. */
typedef int (
    *tree_check_fn)(const void *arg, struct bytes key, struct bytes value);

struct tree_check {
	tree_check_fn row;
	const void *arg;
};

/* One row, which is not proved.  Where it is absent, that is not, either. */
int tree_find(const struct tree *tree, struct bytes key,
    struct bytes *value_out);
/*
 * The same, but that it is absent is proved by the rows beside its place: they
 * are what was written, and nothing is between them.
 */
int tree_find_or_prove(const struct tree *tree, struct bytes key,
    struct tree_check check, struct bytes *value_out);

/*
 * Several rows at once, none of them proved.  A value is NO_BYTES where the row
 * is absent or a page that it needs is damaged.
 * Source:  the nodes and pages of some dozens are fetched side by side, so that
 *          they wait for memory once, not one after the other.
 */
void tree_find_several(const struct tree *tree, const struct bytes *keys,
    size_t count, struct bytes *values_out);

/* To the first row >= key. */
int tree_seek(struct tree_cursor *cursor, const struct tree *tree,
    struct bytes key);
/* The same; the row and the one before it are looked at by `check`, too. */
int tree_seek_proven(struct tree_cursor *cursor, const struct tree *tree,
    struct bytes key, struct tree_check check);
int tree_first(struct tree_cursor *cursor, const struct tree *tree);
int tree_last(struct tree_cursor *cursor, const struct tree *tree);
int tree_next(struct tree_cursor *cursor);
int tree_prev(struct tree_cursor *cursor);

/*
 * Look at every page from the root to where a key is or would be, which LMDB
 * reads to put it.  0 and its row with all of its pages, or MDB_NOTFOUND; then
 * the cursor has the way there and stands on no row.
 */
int tree_probe(struct tree_cursor *cursor, const struct tree *tree,
    struct bytes key);
/*
 * After MDB_NOTFOUND: every key between these two has the same way and is not
 * there, either.  One of them may have no bytes: there is no bound.
 */
void tree_probe_gap(const struct tree_cursor *path, struct bytes *after_out,
    struct bytes *before_out);
/*
 * Look at those, too, that are joined with the last of them when rows are
 * deleted: the leaves to both sides up to one that `see` gives true for, at
 * most TREE_SIDE_MAX; and the branches beside those that may lose all children
 * but one by so many deletions.
 */
#define TREE_SIDE_MAX 16u
int tree_probe_joins(const struct tree_cursor *path, unsigned deletions,
    bool (*see)(void *arg, const uint8_t *leaf), void *arg);

/* The numbers of all pages of a whole tree: EILSEQ where one is damaged. */
int tree_each_page(const struct tree *tree,
    void (*each)(void *arg, uint64_t first, uint64_t count), void *arg);

#endif
