/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PAIRS_H
#define CORE_PAIRS_H

#include "base/buf.h"

/*
 * Pairs of key and value in memory, which come into the order of their keys;
 * those of one key stay in the order they were added.
 *
 * Thread:  one at a time.
 */
#define PAIR_HEAD_BYTES 6u

struct slot;

struct pairs {
	struct buf bytes;   /* see pairs.c; buf_check() says what failed */
	struct slot *slots; /* one a pair */
	size_t count;
	size_t room;
};

struct pair {
	struct bytes key;
	struct bytes value;
};

void pairs_init(struct pairs *pairs);
void pairs_fini(struct pairs *pairs);
/* Forget the pairs, keep the memory. */
void pairs_reset(struct pairs *pairs);

/* Both are copied. */
void pairs_add(struct pairs *pairs, struct bytes key, struct bytes value);
void pairs_sort(struct pairs *pairs);
/* The pair of a number below `count`, borrowed. */
struct pair pairs_get(const struct pairs *pairs, size_t number);

/* The pair whose bytes begin here, and all the bytes of one. */
struct pair pair_at(const uint8_t *at);
struct bytes pair_bytes(const struct pair *pair);

#endif
