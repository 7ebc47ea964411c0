/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A pair lies in the bytes as it lies in a run of the sorter:
 *
 *     0  2  length of the key    2  4  of the value    6 .. key, value
 *
 * Numbers are big-endian.
 *
 * Keys share long beginnings (a table, a unit, a day), and comparing two of
 * them from the first byte on is mostly waiting for memory.  So eight bytes of
 * each key at a time lie beside its place, as a number; pairs are parted into
 * three by it, and those that are alike go on with the next eight (multikey
 * quicksort: Bentley and Sedgewick, 1997).
 */

#include "core/pairs.h"

#include "base/memory.h"
#include "base/wire.h"

#include <assert.h>
#include <stdlib.h>

#define FEW   12u /* slots that are sorted plainly */
#define AHEAD 8u

/* A pair while it is sorted. */
struct slot {
	uint64_t word; /* eight bytes of the key, those that are looked at */
	size_t place;  /* in the bytes; the order of adding, too */
};

void
pairs_init(struct pairs *pairs)
{
	*pairs = (struct pairs){ .slots = NULL };
	buf_init(&pairs->bytes, SIZE_MAX / 2);
}

void
pairs_fini(struct pairs *pairs)
{
	free(pairs->slots);
	buf_fini(&pairs->bytes);
}

void
pairs_reset(struct pairs *pairs)
{
	pairs->count = 0;
	buf_reset(&pairs->bytes);
}

struct pair
pair_at(const uint8_t *at)
{
	size_t key_len = wire_get_u16be(at);
	size_t value_len = wire_get_u32be(at + 2);

	return (struct pair){ bytes_of(at + PAIR_HEAD_BYTES, key_len),
		bytes_of(at + PAIR_HEAD_BYTES + key_len, value_len) };
}

struct bytes
pair_bytes(const struct pair *pair)
{
	return bytes_of(pair->key.data - PAIR_HEAD_BYTES,
	    PAIR_HEAD_BYTES + pair->key.len + pair->value.len);
}

/* Eight bytes of a key from `at` on as a number; behind its end are zeros. */
static uint64_t
word_at(struct bytes key, size_t at)
{
	uint64_t word = 0;

	if (key.len >= at + 8) {
		return wire_get_u64be(key.data + at);
	}
	for (size_t i = 0; i < 8; i++) {
		word = word << 8 | (at + i < key.len ? key.data[at + i] : 0);
	}
	return word;
}

/* --- adding and reading ----------------------------------------------------- */

static void
note_slot(struct pairs *pairs, struct bytes key)
{
	if (pairs->count == pairs->room) {
		size_t room = pairs->room > 0 ? 2 * pairs->room : 1024;

		pairs->slots =
		    xrealloc(pairs->slots, room * sizeof(*pairs->slots));
		pairs->room = room;
	}
	pairs->slots[pairs->count++] =
	    (struct slot){ word_at(key, 0), pairs->bytes.len };
}

void
pairs_add(struct pairs *pairs, struct bytes key, struct bytes value)
{
	size_t len = PAIR_HEAD_BYTES + key.len + value.len;
	uint8_t *place;

	assert(key.len <= UINT16_MAX && value.len <= UINT32_MAX);
	note_slot(pairs, key);
	place = buf_reserve(&pairs->bytes, len);
	if (place == NULL) {
		return; /* buf_check() tells */
	}
	wire_put_u16be(place, (uint16_t)key.len);
	wire_put_u32be(place + 2, (uint32_t)value.len);
	if (key.len > 0) {
		memcpy(place + PAIR_HEAD_BYTES, key.data, key.len);
	}
	if (value.len > 0) {
		memcpy(place + PAIR_HEAD_BYTES + key.len, value.data,
		    value.len);
	}
	buf_grow(&pairs->bytes, len);
}

struct pair
pairs_get(const struct pairs *pairs, size_t number)
{
	/* In order of key they lie anywhere: let those that come be fetched. */
	if (number + AHEAD < pairs->count) {
		const uint8_t *coming =
		    pairs->bytes.data + pairs->slots[number + AHEAD].place;

		__builtin_prefetch(coming);
		__builtin_prefetch(coming + 64);
	}
	return pair_at(pairs->bytes.data + pairs->slots[number].place);
}

/* --- sorting ---------------------------------------------------------------- */

static struct bytes
key_of(const uint8_t *data, const struct slot *slot)
{
	return pair_at(data + slot->place).key;
}

static bool
is_before(const uint8_t *data, const struct slot *a, const struct slot *b)
{
	int order = a->word != b->word
	                ? (a->word > b->word) - (a->word < b->word)
	                : bytes_compare(key_of(data, a), key_of(data, b));

	return order != 0 ? order < 0 : a->place < b->place;
}

static void
sort_few(const uint8_t *data, struct slot *slots, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct slot slot = slots[i];
		size_t to = i;

		for (; to > 0 && is_before(data, &slot, &slots[to - 1]); to--) {
			slots[to] = slots[to - 1];
		}
		slots[to] = slot;
	}
}

static void
swap(struct slot *a, struct slot *b)
{
	struct slot kept = *a;

	*a = *b;
	*b = kept;
}

static uint64_t
middle_word(const struct slot *slots, size_t count)
{
	uint64_t a = slots[0].word;
	uint64_t b = slots[count / 2].word;
	uint64_t c = slots[count - 1].word;

	if (a > b) {
		uint64_t kept = a;

		a = b;
		b = kept;
	}
	return c < a ? a : c > b ? b : c;
}

/* How many have a smaller word than the pivot, and the same one. */
static void
part(struct slot *slots, size_t count, uint64_t pivot, size_t *less_out,
    size_t *same_out)
{
	size_t less = 0;
	size_t more = count;

	for (size_t i = 0; i < more;) {
		if (slots[i].word < pivot) {
			swap(&slots[i++], &slots[less++]);
		} else if (slots[i].word > pivot) {
			swap(&slots[i], &slots[--more]);
		} else {
			i++;
		}
	}
	*less_out = less;
	*same_out = more - less;
}

static int
compare_ended(const void *left, const void *right, void *arg)
{
	const struct slot *a = left;
	const struct slot *b = right;
	size_t a_len = key_of(arg, a).len;
	size_t b_len = key_of(arg, b).len;

	return a_len != b_len ? (a_len > b_len) - (a_len < b_len)
	                      : (a->place > b->place) - (a->place < b->place);
}

/*
 * Slots whose keys are alike up to `at`, those that end there with zeros
 * behind their end: these come first, by length and then as they were added.
 * The others get their next words; how many end.
 */
static size_t
end_or_go_on(uint8_t *data, struct slot *slots, size_t count, size_t at)
{
	size_t ended = 0;

	for (size_t i = 0; i < count; i++) {
		struct bytes key = key_of(data, &slots[i]);

		if (key.len <= at) {
			swap(&slots[i], &slots[ended++]);
		} else {
			slots[i].word = word_at(key, at);
		}
	}
	if (ended > 1) {
		qsort_r(slots, ended, sizeof(*slots), compare_ended, data);
	}
	return ended;
}

/* Slots whose keys are alike up to `at`, where their words are from. */
static void
sort_slots(uint8_t *data, struct slot *slots, size_t count, size_t at)
{
	while (count > FEW) {
		size_t less, same, ended;

		part(slots, count, middle_word(slots, count), &less, &same);
		ended = end_or_go_on(data, slots + less, same, at + 8);
		sort_slots(data, slots + less + ended, same - ended, at + 8);
		/* The smaller part is called, the larger one is gone on with:
		 * so deep only the length of a key and log2(count) go. */
		if (less < count - less - same) {
			sort_slots(data, slots, less, at);
			slots += less + same;
			count -= less + same;
		} else {
			sort_slots(data, slots + less + same,
			    count - less - same, at);
			count = less;
		}
	}
	sort_few(data, slots, count);
}

void
pairs_sort(struct pairs *pairs)
{
	sort_slots(pairs->bytes.data, pairs->slots, pairs->count, 0);
}
