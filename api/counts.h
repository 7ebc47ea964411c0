/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_COUNTS_H
#define API_COUNTS_H

#include "base/buf.h"

#include <stdatomic.h>

#define COUNTS_BUCKETS 12u /* the last has no upper bound */

/*
 * What one loop has served.  Its loop alone writes; anybody may read at any
 * time, so the numbers are atomic, and adding them up takes no lock.
 */
struct counts {
	_Atomic uint64_t requests[6]; /* by the status' first digit; 0 unused */
	_Atomic uint64_t durations[COUNTS_BUCKETS]; /* head read to sent */
	_Atomic uint64_t duration_us;
	_Atomic uint64_t bytes_in;
	_Atomic uint64_t bytes_out;
	_Atomic uint64_t accepted;
	_Atomic uint64_t closed;
	_Atomic uint64_t gone; /* clients that left before the answer was out */
	_Atomic uint64_t late; /* closed by a deadline */
	_Atomic uint64_t handshakes_failed;
};

/* Thread: the loop that owns the counter. */
static inline void
counts_add(_Atomic uint64_t *counter, uint64_t amount)
{
	atomic_store_explicit(counter,
	    atomic_load_explicit(counter, memory_order_relaxed) + amount,
	    memory_order_relaxed);
}

void counts_request(struct counts *counts, int status, uint64_t us);
/* sum += counts.  Thread: any. */
void counts_sum(struct counts *sum, const struct counts *counts);
/* Append Prometheus' text format. */
void counts_format(struct buf *out, const struct counts *counts);

#endif
