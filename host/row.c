/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A row is one array of members in the order of its object.  Rows have few
 * members, so a name is looked for from the front.
 */

#include "host/row.h"

#include "base/memory.h"

#include <stdlib.h>

struct member {
	const char *name; /* of row_names */

	enum { MEMBER_TEXT, MEMBER_INTEGER, MEMBER_TRUTH } form;

	union {
		const char *text;
		int64_t integer;
		bool truth;
	} value;
};

struct hoso_row {
	size_t count;
	struct member members[];
};

void
row_names_init(struct row_names *names, struct arena *arena)
{
	*names = (struct row_names){ .arena = arena };
}

void
row_names_fini(struct row_names *names)
{
	free(names->names);
	names->names = NULL;
}

static const char *
intern(struct row_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->names[i], name) == 0) {
			return names->names[i];
		}
	}
	if (names->count == names->room) {
		size_t room = names->room > 0 ? 2 * names->room : 32;
		const char **grown = xzalloc(room * sizeof(*grown));

		if (names->count > 0) {
			memcpy(grown, names->names,
			    names->count * sizeof(*grown));
		}
		free(names->names);
		names->names = grown;
		names->room = room;
	}
	return names->names[names->count++] = arena_text(names->arena, name);
}

static bool
set_member(struct member *member, struct arena *arena, const json_t *value)
{
	if (json_is_string(value)) {
		member->form = MEMBER_TEXT;
		member->value.text =
		    arena_text(arena, json_string_value(value));
		return true;
	}
	if (json_is_integer(value)) {
		member->form = MEMBER_INTEGER;
		member->value.integer = json_integer_value(value);
		return true;
	}
	if (json_is_boolean(value)) {
		member->form = MEMBER_TRUTH;
		member->value.truth = json_is_true(value);
		return true;
	}
	return false;
}

const struct hoso_row *
row_of(struct row_names *names, const json_t *object)
{
	size_t count = json_object_size(object);
	struct hoso_row *row = arena_alloc(names->arena,
	    sizeof(*row) + count * sizeof(row->members[0]));
	json_t *iterable = (json_t *)(uintptr_t)object;

	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		struct member *member = &row->members[row->count];

		if (set_member(member, names->arena,
		        json_object_iter_value(at))) {
			member->name = intern(names, json_object_iter_key(at));
			row->count++;
		}
	}
	return row;
}

static const struct member *
find(const struct hoso_row *row, const char *name)
{
	for (size_t i = 0; row != NULL && i < row->count; i++) {
		if (strcmp(row->members[i].name, name) == 0) {
			return &row->members[i];
		}
	}
	return NULL;
}

const char *
row_text(const struct hoso_row *row, const char *name)
{
	const struct member *member = find(row, name);

	return member != NULL && member->form == MEMBER_TEXT
	           ? member->value.text
	           : NULL;
}

int64_t
row_integer(const struct hoso_row *row, const char *name)
{
	const struct member *member = find(row, name);

	return member != NULL && member->form == MEMBER_INTEGER
	           ? member->value.integer
	           : 0;
}

bool
row_truth(const struct hoso_row *row, const char *name)
{
	const struct member *member = find(row, name);

	return member != NULL && member->form == MEMBER_TRUTH &&
	       member->value.truth;
}

bool
row_has(const struct hoso_row *row, const char *name)
{
	return find(row, name) != NULL;
}
