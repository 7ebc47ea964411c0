/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Routes as a tree of segments.  A node has its written children, one child
 * for a segment in braces, and what ends at it: for each method a row of the
 * table.  A look-up walks down, written words first, and steps back where
 * that leads nowhere; paths are short, so this stays a few comparisons.
 *
 * A path with "{rest...}" ends at the node before it, as its tail.
 */

#include "api/route.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

struct ending {
	const struct route *routes[METHOD_COUNT];
	unsigned methods;
};

struct node {
	struct node *next; /* sibling */
	struct node *written;
	struct node *braces;
	struct bytes word;
	struct ending here;
	struct ending tail;
};

struct route_tree {
	struct arena *arena;
	struct node root;
};

/*
 * The part of a template up to the next "/", taken from the front with it.
 * *path becomes NULL when that was the last.
 */
static struct bytes
take_part(const char **path)
{
	const char *start = *path;
	const char *end = start;

	while (*end != '\0' && *end != '/') {
		end++;
	}
	*path = *end == '/' ? end + 1 : NULL;
	return bytes_of(start, (size_t)(end - start));
}

static bool
is_braces(struct bytes part)
{
	return part.len > 2 && part.data[0] == '{' &&
	       part.data[part.len - 1] == '}';
}

static bool
is_tail(struct bytes part)
{
	return is_braces(part) && part.len > 5 &&
	       memcmp(part.data + part.len - 4, "...}", 4) == 0;
}

static struct node *
find_word(const struct node *node, struct bytes word)
{
	struct node *child = node->written;

	while (child != NULL && !bytes_equal(child->word, word)) {
		child = child->next;
	}
	return child;
}

/* The child for a part of a template, made where it is missing. */
static struct node *
grow(struct route_tree *tree, struct node *node, struct bytes part)
{
	struct node *child;

	if (is_braces(part)) {
		if (node->braces == NULL) {
			node->braces = arena_alloc(tree->arena, sizeof(*node));
		}
		return node->braces;
	}
	child = find_word(node, part);
	if (child == NULL) {
		child = arena_alloc(tree->arena, sizeof(*child));
		child->word = part;
		child->next = node->written;
		node->written = child;
	}
	return child;
}

static int
add(struct route_tree *tree, const struct route *route, struct fault *fault)
{
	const char *path = route->path;
	struct node *node = &tree->root;
	struct ending *ending = NULL;
	unsigned params = 0;

	if (*path++ != '/' || route->handler == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "route %s: no slash in front or no handler", route->path);
	}
	do {
		struct bytes part = take_part(&path);

		params += is_braces(part);
		if (is_tail(part)) {
			ending = &node->tail;
			break;
		}
		node = grow(tree, node, part);
		ending = &node->here;
	} while (path != NULL);

	if (path != NULL || params > ROUTE_PARAMS_MAX ||
	    ending->routes[route->method] != NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "route %s %s: a tail not at the end, too many parts in "
		    "braces, or there twice",
		    method_name(route->method), route->path);
	}
	ending->routes[route->method] = route;
	ending->methods |= 1u << route->method;
	return 0;
}

int
route_tree_new(struct route_tree **tree_out, const struct route *routes,
    struct fault *fault)
{
	struct route_tree *tree = xzalloc(sizeof(*tree));

	tree->arena = arena_new();
	for (; routes->path != NULL; routes++) {
		if (add(tree, routes, fault) < 0) {
			route_tree_free(tree);
			return -1;
		}
	}
	*tree_out = tree;
	return 0;
}

void
route_tree_free(struct route_tree *tree)
{
	if (tree != NULL) {
		arena_free(tree->arena);
		free(tree);
	}
}

static const struct ending *
descend(const struct node *node, const struct bytes *segments, unsigned count)
{
	const struct ending *ending = NULL;
	const struct node *child;

	if (count == 0) {
		return node->here.methods != 0 ? &node->here : NULL;
	}
	child = find_word(node, segments[0]);
	if (child != NULL) {
		ending = descend(child, segments + 1, count - 1);
	}
	if (ending == NULL && node->braces != NULL && segments[0].len > 0) {
		ending = descend(node->braces, segments + 1, count - 1);
	}
	if (ending == NULL && node->tail.methods != 0 && segments[0].len > 0) {
		ending = &node->tail;
	}
	return ending;
}

static const char *
join(const struct bytes *segments, unsigned count, struct arena *arena)
{
	size_t len = 0;
	char *text;
	char *at;

	for (unsigned i = 0; i < count; i++) {
		len += segments[i].len + 1;
	}
	at = text = arena_alloc(arena, len + 1);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0) {
			*at++ = '/';
		}
		memcpy(at, segments[i].data, segments[i].len);
		at += segments[i].len;
	}
	return text;
}

/* Pair the names in the template's braces with the segments there. */
static void
fill_params(struct route_match *match, const struct bytes *segments,
    unsigned count, struct arena *arena)
{
	const char *path = match->route->path + 1;

	for (unsigned i = 0; i < count && path != NULL; i++) {
		struct bytes part = take_part(&path);
		struct route_param *param = &match->params[match->param_count];
		bool tail = is_tail(part);

		if (!is_braces(part)) {
			continue;
		}
		param->name = arena_text_of(arena,
		    bytes_of(part.data + 1, part.len - (tail ? 5 : 2)));
		param->value = tail ? join(segments + i, count - i, arena)
		                    : arena_text_of(arena, segments[i]);
		match->param_count++;
	}
}

void
route_find(const struct route_tree *tree, enum method method,
    const struct bytes *segments, unsigned count, struct arena *arena,
    struct route_match *match)
{
	const struct ending *ending = descend(&tree->root, segments, count);

	match->route = NULL;
	match->methods = 0;
	match->param_count = 0;
	if (ending == NULL) {
		return;
	}
	match->methods = ending->methods | 1u << METHOD_OPTIONS;
	if (ending->routes[METHOD_GET] != NULL) {
		match->methods |= 1u << METHOD_HEAD;
	}
	match->route = ending->routes[method];
	if (match->route == NULL && method == METHOD_HEAD) {
		match->route = ending->routes[METHOD_GET];
	}
	if (match->route != NULL) {
		fill_params(match, segments, count, arena);
	}
}

const char *
route_allow(unsigned methods, struct arena *arena)
{
	const char *text = "";

	for (int i = METHOD_GET; i < METHOD_COUNT; i++) {
		if ((methods & 1u << i) != 0) {
			text = arena_format(arena, "%s%s%s", text,
			    text[0] != '\0' ? ", " : "",
			    method_name((enum method)i));
		}
	}
	return text;
}
