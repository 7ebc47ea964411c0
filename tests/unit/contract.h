/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_CONTRACT_H
#define TESTS_UNIT_CONTRACT_H

#include "tests/unit/engine.h"

/*
 * What the tests share of what every engine behind storage/store.h promises of
 * write sets.  test_store_reads.c has the reading half.
 */
static inline struct bytes
text(const char *words)
{
	return engine_text(words);
}

/* Outcomes of sets that were handed over without waiting. */
struct told {
	enum outcome outcome;
	bool repeated;
	uint64_t log_index;
	char memo[16];
	void *group;
	unsigned order; /* the how many-th that was told, from 1 */
	unsigned *counter;
	sem_t *done;
};

static inline void
note_outcome(void *arg, const struct writes_result *result)
{
	struct told *told = arg;

	told->outcome = result->outcome;
	told->repeated = result->repeated;
	told->log_index = result->log_index;
	told->group = result->group;
	snprintf(told->memo, sizeof(told->memo), "%.*s", (int)result->memo.len,
	    (const char *)result->memo.data);
	told->order = ++*told->counter;
	if (told->done != NULL) {
		sem_post(told->done);
	}
}

#define contract(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

#endif
