/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_TRIALS_H
#define TESTS_UNIT_TRIALS_H

#include "base/bytes.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * Damaged images of a file, and for each a process that lives on it: it must
 * not die of it, and tells by its exit status how it went.
 *
 * HOSO_SEED=N repeats a run, HOSO_ROTS=N makes it longer.
 */
struct trials {
	uint64_t seed; /* of this image */
	uint64_t first_seed;
	unsigned number;
	unsigned refused; /* as damaged, in this process */
	bool is_first;    /* reading: what is damaged is noted */
};

enum trials_end { ALL_WELL, A_LIE, NOT_OPENED, SOME_REFUSED };

static inline void
trials_begin(struct trials *trials)
{
	const char *seed = getenv("HOSO_SEED");

	*trials = (struct trials){ 0 };
	trials->first_seed =
	    seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)20261121;
	trials->seed = trials->first_seed;
	print_message("# HOSO_SEED=%" PRIu64 "\n", trials->first_seed);
}

/* In a process of its own: something is wrong. */
_Noreturn static inline void
trials_blame(const struct trials *trials, const char *what, unsigned number)
{
	print_error("HOSO_SEED=%" PRIu64 ", trial %u: %s %u\n",
	    trials->first_seed, trials->number, what, number);
	_exit(A_LIE);
}

/* The end of a process that found nothing wrong. */
_Noreturn static inline void
trials_end(const struct trials *trials)
{
	_exit(trials->refused > 0 ? SOME_REFUSED : ALL_WELL);
}

static inline void
trials_write(const char *path, struct bytes bytes)
{
	int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(file >= 0);
	assert_int_equal(write(file, bytes.data, bytes.len), bytes.len);
	close(file);
}

static inline enum trials_end
trials_try(const struct trials *trials, void (*live)(void *arg), void *arg)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		alarm(60);
		live(arg);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status)) {
		fail_msg("HOSO_SEED=%" PRIu64 ", trial %u: died of signal %d",
		    trials->first_seed, trials->number, WTERMSIG(status));
	}
	if (WEXITSTATUS(status) > SOME_REFUSED ||
	    WEXITSTATUS(status) == A_LIE) {
		fail_msg("trial %u ended with %d", trials->number,
		    WEXITSTATUS(status));
	}
	return (enum trials_end)WEXITSTATUS(status);
}

/*
 * `damage` makes an image with so many damaged pages, up to `pages`; the first
 * has none.  More than one of `part` images must refuse something.
 */
static inline void
trials_run(struct trials *trials, unsigned count, unsigned pages, unsigned part,
    void (*damage)(void *arg, unsigned pages), void (*live)(void *arg),
    void *arg)
{
	const char *text = getenv("HOSO_ROTS");
	unsigned ends[4] = { 0 };

	count = text != NULL ? (unsigned)strtoul(text, NULL, 10) : count;
	for (unsigned i = 0; i < count; i++) {
		enum trials_end end;

		trials->number = i;
		trials->seed =
		    trials->first_seed + UINT64_C(0x9E3779B97F4A7C15) * (i + 1);
		damage(arg, i == 0 ? 0 : 1 + i % pages);
		end = trials_try(trials, live, arg);
		if (i == 0) {
			assert_int_equal(end, ALL_WELL);
		}
		ends[end]++;
	}
	print_message("# of %u: %u wrote all, %u refused some, %u did not "
	              "open\n",
	    count, ends[ALL_WELL], ends[SOME_REFUSED], ends[NOT_OPENED]);
	assert_true(ends[SOME_REFUSED] > count / part);
}

#endif
