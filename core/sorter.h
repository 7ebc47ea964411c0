/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SORTER_H
#define CORE_SORTER_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Pairs of key and value, added in any order and read back in order of key:
 * more than memory holds.  What does not fit goes to files without a name.
 *
 * Thread:  one at a time.
 */
struct sorter;

enum sorter_kind {
	SORTER_LAST, /* of pairs with one key the last that was added */
	SORTER_ALL,  /* all of them, in the order they were added */
	SORTER_SUM,  /* their sum: values are i64, sorter_add_number() */
};

struct sorter_options {
	enum sorter_kind kind;
	size_t memory_max_bytes; /* of pairs; more goes to files */
	const char *folder;      /* for these files */
};

struct sorter *sorter_new(const struct sorter_options *options);
void sorter_free(struct sorter *sorter);

/* Both are copied.  What fails is remembered for sorter_sort(). */
void sorter_add(struct sorter *sorter, struct bytes key, struct bytes value);
void sorter_add_number(struct sorter *sorter, struct bytes key, int64_t number);

/*
 * Nothing is added after it.
 *
 * Errors:  FAULT_SYSTEM where the folder takes no more.
 */
int sorter_sort(struct sorter *sorter, struct fault *fault);
/* 1 and the next pair, borrowed until the next call; 0 at the end, -1. */
int sorter_next(struct sorter *sorter, struct bytes *key_out,
    struct bytes *value_out, struct fault *fault);
/* The number of a value of SORTER_SUM. */
int64_t sorter_number(struct bytes value);

#endif
