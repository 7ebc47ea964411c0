/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What LMDB keeps of a table (MDB_db):
 *
 *     0  u32  nothing          16  u64  leaf pages
 *     4  u16  flags            24  u64  pages of long values
 *     6  u16  depth            32  u64  rows
 *     8  u64  branch pages     40  u64  root, all ones when empty
 *
 * A search that finds a row looks at what it needs of a page: the row proves
 * itself by its own sum (value.c).  Everything else believes whole pages
 * alone: a page whose list of nodes was cut would hide rows.
 */

#include "storage/tree.h"

#include "base/wire.h"
#include "storage/search.h"

#include <errno.h>
#include <lmdb.h>

#define FLAG_BY_NUMBER 8u

int
tree_decode(struct tree *tree_out, const struct pages *pages,
    const uint8_t data[TREE_BYTES])
{
	unsigned flags = wire_get_u16le(data + 4);

	*tree_out = (struct tree){
		.pages = pages,
		.depth = wire_get_u16le(data + 6),
		.length = wire_get_u64le(data + 32),
		.root = wire_get_u64le(data + 40),
	};
	if (flags != 0 && flags != FLAG_BY_NUMBER) {
		return EILSEQ; /* LMDB would read its values as tables */
	}
	if (tree_out->root == TREE_EMPTY) {
		return tree_out->depth == 0 && tree_out->length == 0 ? 0
		                                                     : EILSEQ;
	}
	return tree_out->depth > 0 && tree_out->depth <= TREE_DEPTH_MAX &&
	               tree_out->root < pages->count
	           ? 0
	           : EILSEQ;
}

/* EILSEQ where a node that was looked at is none. */
static int
search(const struct tree *tree, const uint8_t *page, bool is_leaf,
    struct bytes key, unsigned *at_out)
{
	struct search search = search_begin(page, is_leaf);
	struct node node;

	while (search_goes_on(&search)) {
		if (!page_peek(tree->pages, page, search_middle(&search),
		        &node)) {
			return EILSEQ;
		}
		search_narrow(&search, is_leaf,
		    page_compare(node.key, key, tree->by_number));
	}
	*at_out = search_end(&search, is_leaf);
	return 0;
}

int
tree_find(const struct tree *tree, struct bytes key, struct bytes *value_out)
{
	uint64_t number = tree->root;
	struct node node = { .child = 0 };

	if (number == TREE_EMPTY) {
		return MDB_NOTFOUND;
	}
	for (unsigned level = 0; level < tree->depth; level++) {
		const uint8_t *page = tree_page(tree, level, number);
		bool is_leaf = level + 1 == tree->depth;
		unsigned at;

		if (page == NULL ||
		    search(tree, page, is_leaf, key, &at) != 0) {
			return EILSEQ;
		}
		if (at == page_count(page)) {
			return MDB_NOTFOUND;
		}
		if (!page_node(tree->pages, page, at, &node)) {
			return EILSEQ;
		}
		number = node.child;
	}
	if (!bytes_equal(node.key, key)) {
		return MDB_NOTFOUND;
	}
	*value_out = node.value;
	return 0;
}

/* --- whole pages ----------------------------------------------------------- */

/* The separators on both sides of the page below `level`. */
static void
find_bounds(const struct tree_cursor *cursor, unsigned level,
    struct bytes *from_out, struct bytes *to_out)
{
	const struct pages *pages = cursor->tree->pages;
	struct node node;

	*from_out = NO_BYTES;
	*to_out = NO_BYTES;
	while (level-- > 0) {
		const struct place_in_tree *place = &cursor->levels[level];

		if (from_out->data == NULL && place->at > 0 &&
		    page_node(pages, place->page, place->at, &node)) {
			*from_out = node.key;
		}
		if (to_out->data == NULL &&
		    place->at + 1 < page_count(place->page) &&
		    page_node(pages, place->page, place->at + 1, &node)) {
			*to_out = node.key;
		}
	}
}

/* Whether a whole page's keys are between them. */
static bool
is_between(const struct tree_cursor *cursor, unsigned level,
    const uint8_t *page, struct bytes from, struct bytes to)
{
	const struct pages *pages = cursor->tree->pages;
	unsigned first = level + 1 < cursor->tree->depth ? 1 : 0;
	struct node node;

	if (from.data != NULL &&
	    (!page_peek(pages, page, first, &node) ||
	        page_compare(node.key, from, cursor->tree->by_number) < 0)) {
		return false;
	}
	return to.data == NULL ||
	       (page_peek(pages, page, page_count(page) - 1, &node) &&
	           page_compare(node.key, to, cursor->tree->by_number) < 0);
}

/* Of a page whose head makes sense: is all of it as LMDB leaves it? */
static bool
is_whole(const struct tree *tree, const uint8_t *page, uint64_t number)
{
	struct pages_known *known = tree->pages->known;
	bool whole;

	if (known != NULL && known->numbers[number % PAGES_KNOWN] == number) {
		return true;
	}
	whole = page_is_whole(tree->pages, page, tree->by_number);
	if (whole && known != NULL) {
		known->numbers[number % PAGES_KNOWN] = number;
	}
	return whole;
}

/* Enter a page: it is whole, and its keys are what the branches say. */
static int
enter(struct tree_cursor *cursor, unsigned level, uint64_t number)
{
	const uint8_t *page = tree_page(cursor->tree, level, number);
	struct bytes from;
	struct bytes to;
	bool whole = page != NULL && is_whole(cursor->tree, page, number);

	find_bounds(cursor, level, &from, &to);
	if (!whole || !is_between(cursor, level, page, from, to)) {
		cursor->lost_from = from;
		cursor->lost_to = to;
		cursor->lost_anywhere = whole;
		return EILSEQ;
	}
	cursor->levels[level] = (struct place_in_tree){ page, 0 };
	return 0;
}

static uint64_t
child_of(const struct tree_cursor *cursor, unsigned level)
{
	const struct place_in_tree *place = &cursor->levels[level];
	struct node node;

	/* The page is whole. */
	page_node(cursor->tree->pages, place->page, place->at, &node);
	return node.child;
}

/*
 * The row that it stands on.  A long value whose pages are damaged is a value
 * of no bytes, which nobody takes for his: the key is there.
 */
static int
read_row(struct tree_cursor *cursor)
{
	const struct place_in_tree *leaf =
	    &cursor->levels[cursor->tree->depth - 1];

	if (!page_node(cursor->tree->pages, leaf->page, leaf->at,
	        &cursor->node)) {
		cursor->node.value = NO_BYTES;
	}
	return 0;
}

/* From the node at `level` down to the first or last row below it. */
static int
go_down(struct tree_cursor *cursor, unsigned level, bool to_last)
{
	int code = 0;

	for (; code == 0 && level + 1 < cursor->tree->depth; level++) {
		code = enter(cursor, level + 1, child_of(cursor, level));
		if (code == 0 && to_last) {
			struct place_in_tree *below =
			    &cursor->levels[level + 1];

			below->at = page_count(below->page) - 1;
		}
	}
	return code;
}

static int
go_to_end(struct tree_cursor *cursor, const struct tree *tree, bool to_last)
{
	int code;

	cursor->tree = tree;
	if (tree->root == TREE_EMPTY) {
		return MDB_NOTFOUND;
	}
	code = enter(cursor, 0, tree->root);
	if (code == 0 && to_last) {
		cursor->levels[0].at = page_count(cursor->levels[0].page) - 1;
	}
	if (code == 0) {
		code = go_down(cursor, 0, to_last);
	}
	return code == 0 ? read_row(cursor) : code;
}

int
tree_first(struct tree_cursor *cursor, const struct tree *tree)
{
	return go_to_end(cursor, tree, false);
}

int
tree_last(struct tree_cursor *cursor, const struct tree *tree)
{
	return go_to_end(cursor, tree, true);
}

int
tree_next(struct tree_cursor *cursor)
{
	unsigned level = cursor->tree->depth;

	while (level-- > 0) {
		struct place_in_tree *place = &cursor->levels[level];

		if (place->at + 1 < page_count(place->page)) {
			int code;

			place->at++;
			code = go_down(cursor, level, false);
			return code == 0 ? read_row(cursor) : code;
		}
	}
	return MDB_NOTFOUND;
}

int
tree_prev(struct tree_cursor *cursor)
{
	unsigned level = cursor->tree->depth;

	while (level-- > 0) {
		struct place_in_tree *place = &cursor->levels[level];

		if (place->at > 0) {
			int code;

			place->at--;
			code = go_down(cursor, level, true);
			return code == 0 ? read_row(cursor) : code;
		}
	}
	return MDB_NOTFOUND;
}

/* Down to the leaf where the key is or would be; its place there. */
static int
descend(struct tree_cursor *cursor, const struct tree *tree, struct bytes key)
{
	uint64_t number = tree->root;
	int code = 0;

	cursor->tree = tree;
	if (number == TREE_EMPTY) {
		return MDB_NOTFOUND;
	}
	for (unsigned level = 0; code == 0 && level < tree->depth; level++) {
		bool is_leaf = level + 1 == tree->depth;

		code = enter(cursor, level, number);
		if (code == 0) {
			struct place_in_tree *place = &cursor->levels[level];

			code =
			    search(tree, place->page, is_leaf, key, &place->at);
		}
		if (code == 0 && !is_leaf) {
			number = child_of(cursor, level);
		}
	}
	return code;
}

int
tree_seek(struct tree_cursor *cursor, const struct tree *tree, struct bytes key)
{
	struct place_in_tree *leaf;
	int code = descend(cursor, tree, key);

	if (code != 0) {
		return code;
	}
	leaf = &cursor->levels[tree->depth - 1];
	if (leaf->at == page_count(leaf->page)) {
		leaf->at--;
		return tree_next(cursor);
	}
	return read_row(cursor);
}

int
tree_seek_proven(struct tree_cursor *cursor, const struct tree *tree,
    struct bytes key, struct tree_check check)
{
	struct tree_cursor before;
	int code = tree_seek(cursor, tree, key);
	int there;

	if (code != 0 && code != MDB_NOTFOUND) {
		return code;
	}
	if (tree->root == TREE_EMPTY) {
		return MDB_NOTFOUND;
	}
	if (code == 0 &&
	    check.row(check.arg, cursor->node.key, cursor->node.value) != 0) {
		return EILSEQ;
	}
	before = *cursor;
	there = code == 0 ? tree_prev(&before) : tree_last(&before, tree);
	/* Where the page before cannot be read, its bound must do. */
	if (there == EILSEQ && before.lost_anywhere) {
		return EILSEQ;
	}
	if (there == 0 && (bytes_compare(before.node.key, key) >= 0 ||
	                      check.row(check.arg, before.node.key,
	                          before.node.value) != 0)) {
		return EILSEQ;
	}
	return code;
}

int
tree_find_or_prove(const struct tree *tree, struct bytes key,
    struct tree_check check, struct bytes *value_out)
{
	struct tree_cursor cursor;
	int code = tree_find(tree, key, value_out);

	if (code != MDB_NOTFOUND) {
		return code;
	}
	code = tree_seek_proven(&cursor, tree, key, check);
	if (code == 0 && bytes_equal(cursor.node.key, key)) {
		return EILSEQ; /* one search finds it, the other did not */
	}
	return code == 0 ? MDB_NOTFOUND : code;
}

int
tree_probe(struct tree_cursor *cursor, const struct tree *tree,
    struct bytes key)
{
	struct place_in_tree *leaf;
	bool is_sound;
	int code = descend(cursor, tree, key);

	if (code != 0) {
		return code;
	}
	leaf = &cursor->levels[tree->depth - 1];
	if (leaf->at == page_count(leaf->page)) {
		return MDB_NOTFOUND;
	}
	is_sound = page_node(tree->pages, leaf->page, leaf->at, &cursor->node);
	if (!bytes_equal(cursor->node.key, key)) {
		return MDB_NOTFOUND;
	}
	return is_sound ? 0 : EILSEQ;
}

void
tree_probe_gap(const struct tree_cursor *path, struct bytes *after_out,
    struct bytes *before_out)
{
	unsigned level = path->tree->depth - 1;
	const struct place_in_tree *leaf = &path->levels[level];
	struct node node;

	find_bounds(path, level, after_out, before_out);
	if (leaf->at > 0 &&
	    page_peek(path->tree->pages, leaf->page, leaf->at - 1, &node)) {
		*after_out = node.key;
	}
	if (leaf->at < page_count(leaf->page) &&
	    page_peek(path->tree->pages, leaf->page, leaf->at, &node)) {
		*before_out = node.key;
	}
}

/* The child of a branch on the path, and the first pages below it. */
static int
probe_child(const struct tree_cursor *path, unsigned level, unsigned at)
{
	struct tree_cursor cursor = *path;

	cursor.levels[level].at = at;
	return go_down(&cursor, level, false);
}

/* A branch of one child is joined with one beside it, by their first keys. */
static int
probe_branch(const struct tree_cursor *path, unsigned level)
{
	const struct place_in_tree *above = &path->levels[level - 1];
	int code = probe_child(path, level, 0);

	if (code == 0 && above->at > 0) {
		code = probe_child(path, level - 1, above->at - 1);
	}
	if (code == 0 && above->at + 1 < page_count(above->page)) {
		code = probe_child(path, level - 1, above->at + 1);
	}
	return code;
}

/* The leaves on one side, up to the first that was not seen yet. */
static int
probe_side(const struct tree_cursor *path, bool to_left,
    bool (*see)(void *arg, const uint8_t *leaf), void *arg)
{
	struct tree_cursor cursor = *path;
	struct place_in_tree *leaf = &cursor.levels[path->tree->depth - 1];
	int code = 0;

	for (unsigned i = 0; code == 0 && i < TREE_SIDE_MAX; i++) {
		leaf->at = to_left ? 0 : page_count(leaf->page) - 1;
		code = to_left ? tree_prev(&cursor) : tree_next(&cursor);
		if (code == 0 && see(arg, leaf->page)) {
			break;
		}
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

int
tree_probe_joins(const struct tree_cursor *path, unsigned deletions,
    bool (*see)(void *arg, const uint8_t *leaf), void *arg)
{
	int code = 0;

	for (unsigned level = 1; code == 0 && level + 1 < path->tree->depth;
	     level++) {
		/* It may have been split before. */
		if (page_count(path->levels[level].page) / 2 <= 2 + deletions) {
			code = probe_branch(path, level);
		}
	}
	if (code == 0) {
		code = probe_side(path, true, see, arg);
	}
	return code == 0 ? probe_side(path, false, see, arg) : code;
}

/* --- all pages -------------------------------------------------------------- */

static void
tell_runs(const struct tree *tree, const uint8_t *leaf,
    void (*each)(void *arg, uint64_t first, uint64_t count), void *arg)
{
	for (unsigned i = 0; i < page_count(leaf); i++) {
		struct node node;

		if (page_node(tree->pages, leaf, i, &node) && node.has_run) {
			each(arg, node.run,
			    page_run_count(tree->pages, node.value.len));
		}
	}
}

int
tree_each_page(const struct tree *tree,
    void (*each)(void *arg, uint64_t first, uint64_t count), void *arg)
{
	struct tree_cursor cursor = { .tree = tree };
	unsigned level = 0;
	int code = 0;
	int damage = 0;

	if (tree->root == TREE_EMPTY) {
		return 0;
	}
	code = enter(&cursor, 0, tree->root);
	if (code == 0) {
		each(arg, tree->root, 1);
	}
	while (code == 0) {
		struct place_in_tree *place = &cursor.levels[level];
		bool is_leaf = level + 1 == tree->depth;

		if (is_leaf) {
			tell_runs(tree, place->page, each, arg);
		}
		if (is_leaf || place->at == page_count(place->page)) {
			if (level == 0) {
				break;
			}
			cursor.levels[--level].at++;
			continue;
		}
		if (enter(&cursor, level + 1, child_of(&cursor, level)) == 0) {
			each(arg, child_of(&cursor, level), 1);
			level++;
		} else {
			damage = EILSEQ;
			place->at++;
		}
	}
	return code != 0 ? code : damage;
}
