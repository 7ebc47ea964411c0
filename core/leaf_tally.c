/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A pair is hashed twice to 64 bits by multiplying and folding; the hashes are
 * added up.  By chance two lists have the same sums once in 2^128.
 */

#include "core/leaf_tally.h"

#include "base/arena.h"
#include "base/glance.h"
#include "base/wire.h"
#include "core/record.h"

#define NAME_MAX_BYTES 32u /* of a kind */

/* 2^64 over the golden ratio, and the square root of 3: odd, no pattern. */
static const uint64_t seeds[2] = { UINT64_C(0x9E3779B97F4A7C15),
	UINT64_C(0xBB67AE8584CAA73B) };

static uint64_t
fold(uint64_t hash, uint64_t word, uint64_t seed)
{
	__extension__ unsigned __int128 product =
	    (__extension__(unsigned __int128)(hash ^ word)) * seed;

	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ word;
}

static uint64_t
hash_of(struct bytes id, uint64_t seed, uint64_t rev, uint64_t leaf)
{
	uint64_t hash = seed ^ id.len;
	size_t at = 0;
	uint64_t tail = 0;

	for (; at + 8 <= id.len; at += 8) {
		hash = fold(hash, wire_get_u64be(id.data + at), seed);
	}
	for (; at < id.len; at++) {
		tail = tail << 8 | id.data[at];
	}
	hash = fold(hash, tail, seed);
	hash = fold(hash, rev, seed);
	hash = fold(hash, leaf, seed);
	return fold(hash, seed, seed);
}

void
leaf_tally_add(struct leaf_tally *tally, uint8_t kind, struct bytes id,
    uint64_t rev, uint64_t leaf)
{
	tally->count++;
	for (size_t i = 0; i < 2; i++) {
		tally->sums[i] += hash_of(id, seeds[i] + 2 * kind, rev, leaf);
	}
}

static bool
read_kind(struct bytes name, enum record_kind *kind_out)
{
	char text[NAME_MAX_BYTES];

	if (name.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	return record_kind_parse(kind_out, text);
}

/* "object":"KIND/ID","rev":N */
static void
add_object(struct leaf_tally *tally, struct bytes name, struct bytes rev,
    uint64_t leaf)
{
	const uint8_t *slash =
	    name.len > 2 ? memchr(name.data, '/', name.len) : NULL;
	enum record_kind kind;
	struct bytes id;
	int64_t number;

	if (slash == NULL || !glance_integer(rev, &number) ||
	    !read_kind(bytes_of(name.data + 1, (size_t)(slash - name.data) - 1),
	        &kind)) {
		return;
	}
	id.data = slash + 1;
	id.len = (size_t)(name.data + name.len - 1 - id.data);
	leaf_tally_add(tally, (uint8_t)kind, id, (uint64_t)number, leaf);
}

void
leaf_tally_event(struct leaf_tally *tally, struct bytes event, uint64_t leaf)
{
	static const char *const keys[] = { "also", "object", "rev" };
	struct bytes values[3];
	struct bytes also;
	struct bytes one;

	glance_members(event, keys, 3, values);
	add_object(tally, values[1], values[2], leaf);
	also = values[0];
	for (size_t at = 0; glance_next(also, &at, &one);) {
		glance_members(one, keys, 3, values);
		add_object(tally, values[1], values[2], leaf);
	}
}

void
leaf_tally_join(struct leaf_tally *tally, const struct leaf_tally *other)
{
	tally->count += other->count;
	tally->sums[0] += other->sums[0];
	tally->sums[1] += other->sums[1];
}

bool
leaf_tally_is_same(const struct leaf_tally *a, const struct leaf_tally *b)
{
	return a->count == b->count && a->sums[0] == b->sums[0] &&
	       a->sums[1] == b->sums[1];
}
