/* SPDX-License-Identifier: Apache-2.0 */

#include "core/rows.h"

#include <assert.h>
#include <stdlib.h>

void
rows_init(struct rows *rows, struct arena *arena)
{
	*rows = (struct rows){ .arena = arena };
}

void
rows_add(struct rows *rows, const struct key *key, struct bytes value)
{
	assert(!key->overflow); /* parts were checked when they came in */
	if (rows->count == rows->room) {
		size_t room = rows->room > 0 ? 2 * rows->room : 16;
		struct row *list =
		    arena_alloc(rows->arena, room * sizeof(*list));

		if (rows->count > 0) {
			memcpy(list, rows->list, rows->count * sizeof(*list));
		}
		rows->list = list;
		rows->room = room;
	}
	rows->list[rows->count++] = (struct row){
		.key = arena_copy(rows->arena, key_bytes(key)),
		.value = arena_copy(rows->arena, value),
	};
}

void
rows_sort(struct rows *rows)
{
	size_t used = 0;

	/* By insertion: rows are few, mostly in order, and equals stay so. */
	for (size_t i = 1; i < rows->count; i++) {
		struct row row = rows->list[i];
		size_t at = i;

		for (; at > 0 &&
		       bytes_compare(rows->list[at - 1].key, row.key) > 0;
		     at--) {
			rows->list[at] = rows->list[at - 1];
		}
		rows->list[at] = row;
	}
	for (size_t i = 0; i < rows->count; i++) {
		if (used > 0 &&
		    bytes_equal(rows->list[used - 1].key, rows->list[i].key)) {
			used--;
		}
		rows->list[used++] = rows->list[i];
	}
	rows->count = used;
}

void
rows_replace(struct writes *writes, struct rows *old, struct rows *now)
{
	size_t at = 0;

	rows_sort(old);
	rows_sort(now);
	for (size_t i = 0; i < old->count; i++) {
		struct bytes key = old->list[i].key;

		while (at < now->count &&
		       bytes_compare(now->list[at].key, key) < 0) {
			at++;
		}
		if (at == now->count || !bytes_equal(now->list[at].key, key)) {
			writes_delete(writes, key);
		}
	}
	for (size_t i = 0; i < now->count; i++) {
		writes_put(writes, now->list[i].key, now->list[i].value);
	}
}
