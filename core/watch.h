/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/schema.h"

#include <stdatomic.h>
#include <stdint.h>

/*
 * How long what somebody remembers of the store holds.  Each number is the
 * log's size just behind the last change of its kind, 0 before the first; an
 * answer made on a snapshot with at least so many log entries is still right.
 *
 * It is set before the change is answered, so whoever knows of a change finds
 * no older answer.
 *
 * Thread:  any.
 */
struct watch {
	_Atomic uint64_t units;    /* units and reorganisations */
	_Atomic uint64_t accounts; /* users and tokens */
};

enum watch_kind {
	WATCH_UNITS = 1,
	WATCH_ACCOUNTS = 2,
};

/* What a change of such a record is; 0 nothing that is watched. */
static inline unsigned
watch_of(enum record_kind kind)
{
	switch ((int)kind) {
	case RECORD_UNIT:
	case RECORD_REORGANISATION:
		return WATCH_UNITS;
	case RECORD_USER:
	case RECORD_TOKEN:
		return WATCH_ACCOUNTS;
	default:
		return 0;
	}
}

static inline void
watch_raise(_Atomic uint64_t *mark, uint64_t size)
{
	uint64_t old = atomic_load(mark);

	while (old < size && !atomic_compare_exchange_weak(mark, &old, size)) {
	}
}

/* A change of these kinds (bits) is in the log, which has `size` entries. */
static inline void
watch_changed(struct watch *watch, unsigned kinds, uint64_t size)
{
	if ((kinds & WATCH_UNITS) != 0) {
		watch_raise(&watch->units, size);
	}
	if ((kinds & WATCH_ACCOUNTS) != 0) {
		watch_raise(&watch->accounts, size);
	}
}

#endif
