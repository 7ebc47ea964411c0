/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Holds are a ring of name lists; marks are a set.  Lists are long and many,
 * marks are few and rare, so every question is asked of the set: a list that
 * comes takes its names out of the set, and marking goes through the lists.
 */

#include "storage/hold.h"

#include "base/memory.h"
#include "storage/sums.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct hold {
	struct hold *next;
	struct hold *previous;
	struct holds *holds;
	const struct sha256 *names; /* own, or borrowed */
	struct sha256 *own;
	size_t count;
	size_t room; /* of own */
};

struct holds {
	pthread_mutex_t lock; /* guards all below and what the holds list */
	struct hold ring;     /* its head; names nothing */
	struct sums *marks;   /* name -> since when */
	unsigned frozen;
};

struct holds *
holds_new(void)
{
	struct holds *holds = xzalloc(sizeof(*holds));

	pthread_mutex_init(&holds->lock, NULL);
	holds->ring.next = &holds->ring;
	holds->ring.previous = &holds->ring;
	holds->marks = sums_new();
	return holds;
}

void
holds_free(struct holds *holds)
{
	if (holds == NULL) {
		return;
	}
	assert(holds->ring.next == &holds->ring);
	sums_free(holds->marks);
	pthread_mutex_destroy(&holds->lock);
	free(holds);
}

static void
unmark_all(struct holds *holds, const struct sha256 *names, size_t count)
{
	for (size_t i = 0; i < count && sums_count(holds->marks) > 0; i++) {
		sums_remove(holds->marks, &names[i]);
	}
}

struct hold *
hold_of(struct holds *holds, const struct sha256 *names, size_t count)
{
	struct hold *hold = xzalloc(sizeof(*hold));

	hold->holds = holds;
	hold->names = names;
	hold->count = count;
	pthread_mutex_lock(&holds->lock);
	hold->next = &holds->ring;
	hold->previous = holds->ring.previous;
	hold->previous->next = hold;
	holds->ring.previous = hold;
	unmark_all(holds, names, count);
	pthread_mutex_unlock(&holds->lock);
	return hold;
}

struct hold *
hold_new(struct holds *holds)
{
	return hold_of(holds, NULL, 0);
}

void
hold_add(struct hold *hold, const struct sha256 *name)
{
	struct holds *holds = hold->holds;

	assert(hold->names == hold->own);
	pthread_mutex_lock(&holds->lock);
	if (hold->count == hold->room) {
		size_t room = hold->room > 0 ? 2 * hold->room : 16;
		struct sha256 *own = xzalloc(room * sizeof(*own));

		if (hold->count > 0) {
			memcpy(own, hold->own, hold->count * sizeof(*own));
		}
		free(hold->own);
		hold->own = own;
		hold->names = own;
		hold->room = room;
	}
	hold->own[hold->count++] = *name;
	unmark_all(holds, name, 1);
	pthread_mutex_unlock(&holds->lock);
}

const struct sha256 *
hold_names(const struct hold *hold)
{
	return hold->names;
}

size_t
hold_count(const struct hold *hold)
{
	return hold->count;
}

void
hold_free(struct hold *hold)
{
	if (hold == NULL) {
		return;
	}
	pthread_mutex_lock(&hold->holds->lock);
	hold->previous->next = hold->next;
	hold->next->previous = hold->previous;
	pthread_mutex_unlock(&hold->holds->lock);
	free(hold->own);
	free(hold);
}

void
holds_mark(struct holds *holds, const struct sha256 *names, size_t count,
    int64_t now)
{
	pthread_mutex_lock(&holds->lock);
	for (size_t i = 0;
	     i < count && sums_count(holds->marks) < HOLD_MARKS_MAX; i++) {
		sums_add(holds->marks, &names[i], now);
	}
	for (const struct hold *hold = holds->ring.next; hold != &holds->ring;
	     hold = hold->next) {
		unmark_all(holds, hold->names, hold->count);
	}
	pthread_mutex_unlock(&holds->lock);
}

void
holds_unmark(struct holds *holds, const struct sha256 *name)
{
	pthread_mutex_lock(&holds->lock);
	sums_remove(holds->marks, name);
	pthread_mutex_unlock(&holds->lock);
}

bool
holds_is_marked(struct holds *holds, const struct sha256 *name,
    int64_t *since_out)
{
	bool marked;

	pthread_mutex_lock(&holds->lock);
	marked = holds->frozen == 0 && sums_has(holds->marks, name, since_out);
	pthread_mutex_unlock(&holds->lock);
	return marked;
}

static bool
has(const struct hold *hold, const struct sha256 *name)
{
	for (size_t i = 0; i < hold->count; i++) {
		if (memcmp(&hold->names[i], name, sizeof(*name)) == 0) {
			return true;
		}
	}
	return false;
}

unsigned
holds_count(struct holds *holds, const struct sha256 *name)
{
	unsigned count = 0;

	pthread_mutex_lock(&holds->lock);
	for (const struct hold *hold = holds->ring.next; hold != &holds->ring;
	     hold = hold->next) {
		count += has(hold, name);
	}
	pthread_mutex_unlock(&holds->lock);
	return count;
}

void
holds_freeze(struct holds *holds)
{
	pthread_mutex_lock(&holds->lock);
	holds->frozen++;
	pthread_mutex_unlock(&holds->lock);
}

void
holds_thaw(struct holds *holds)
{
	pthread_mutex_lock(&holds->lock);
	assert(holds->frozen > 0);
	holds->frozen--;
	pthread_mutex_unlock(&holds->lock);
}
