/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_TEMPO_H
#define TESTS_TORTURE_TEMPO_H

#include "tests/tools/asker.h"
#include "tests/torture/beside.h"

#include <stdatomic.h>
#include <sys/mman.h>

/*
 * How fast several processes work together: operation n is due at its time,
 * by a clock, however long the ones before it took; and all of them can be
 * held, to look at a server while nothing is under way.
 *
 *     number = tempo_next(tempo);
 *     if (tempo_begin(tempo, number)) {
 *             ...
 *             tempo_end(tempo);
 *     }
 *
 * Where they come more than TEMPO_LATE_MAX_US too late the clock is put back:
 * who was kept waiting by a busy machine does not make up for it at full speed.
 */
#define TEMPO_LATE_MAX_US 1000000
#define TEMPO_NAP_US      100000 /* at most, to notice the end */

struct tempo {
	atomic_uint busy; /* operations under way */
	atomic_bool hold; /* nobody begins one */
	atomic_uint_fast64_t next;
	atomic_uint_fast64_t done;
	atomic_uint_fast64_t sent;    /* bytes of files */
	atomic_int_fast64_t each_ns;  /* from one to the next; 0: no clock */
	atomic_int_fast64_t start_us; /* when operation `first` is due */
	atomic_uint_fast64_t first;
	atomic_int_fast64_t late_us; /* the latest since tempo_take_late() */
};

/* Shared with the processes that are forked from here on. */
static inline struct tempo *
tempo_new(void)
{
	struct tempo *tempo = mmap(NULL, sizeof(*tempo), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (tempo == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return tempo;
}

static inline void
tempo_sleep_us(int64_t us)
{
	nanosleep(&(struct timespec){ .tv_sec = us / 1000000,
	              .tv_nsec = us % 1000000 * 1000 },
	    NULL);
}

/* --- one who works ---------------------------------------------------------- */

static inline uint64_t
tempo_next(struct tempo *tempo)
{
	return atomic_fetch_add(&tempo->next, 1);
}

/* `start_us` is what it was judged by: only one of many puts the clock back. */
static inline void
tempo_note_late(struct tempo *tempo, int64_t late_us, int64_t start_us)
{
	int64_t known = atomic_load(&tempo->late_us);

	while (late_us > known && !atomic_compare_exchange_weak(&tempo->late_us,
	                              &known, late_us)) {
	}
	if (late_us > TEMPO_LATE_MAX_US) {
		atomic_compare_exchange_strong(&tempo->start_us, &start_us,
		    start_us + late_us - TEMPO_LATE_MAX_US / 2);
	}
}

/* Waits until it is due and nobody holds; false at the end. */
static inline bool
tempo_begin(struct tempo *tempo, uint64_t number)
{
	bool is_late = true;

	while (!asker_is_stopping()) {
		int64_t each_ns = atomic_load(&tempo->each_ns);
		int64_t start_us = atomic_load(&tempo->start_us);
		int64_t after = (int64_t)(number - atomic_load(&tempo->first));
		int64_t early_us =
		    each_ns == 0
		        ? 0
		        : start_us + after * each_ns / 1000 - beside_us();

		if (early_us > 0) {
			is_late = false;
			tempo_sleep_us(
			    early_us < TEMPO_NAP_US ? early_us : TEMPO_NAP_US);
			continue;
		}
		atomic_fetch_add(&tempo->busy, 1);
		if (!atomic_load(&tempo->hold)) {
			if (is_late && each_ns > 0) {
				tempo_note_late(tempo, -early_us, start_us);
			}
			return true;
		}
		atomic_fetch_sub(&tempo->busy, 1);
		tempo_sleep_us(1000);
	}
	return false;
}

static inline void
tempo_end(struct tempo *tempo)
{
	atomic_fetch_add(&tempo->done, 1);
	atomic_fetch_sub(&tempo->busy, 1);
}

/* --- one who leads ----------------------------------------------------------- */

/* From now on, while all are held: so many a second; 0: no clock. */
static inline void
tempo_set(struct tempo *tempo, double rate)
{
	atomic_store(&tempo->first, atomic_load(&tempo->next));
	atomic_store(&tempo->start_us, beside_us());
	atomic_store(&tempo->each_ns, rate > 0 ? (int64_t)(1e9 / rate) : 0);
}

static inline uint64_t
tempo_take_late_ms(struct tempo *tempo)
{
	return (uint64_t)atomic_exchange(&tempo->late_us, 0) / 1000;
}

#endif
