/* SPDX-License-Identifier: Apache-2.0 */

#include "core/witnesses.h"

#include "base/memory.h"
#include "core/fetch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS      " \t"
#define PROBLEM_MAX 240u

struct witnesses {
	const struct witness_conf *conf;
	struct cosigners policy;
	char *urls[COSIGNERS_MAX]; /* or NULL */
	pthread_mutex_t rows;      /* witnesses_lock() */
	pthread_mutex_t lock;      /* guards problems and figures */
	char problems[COSIGNERS_MAX][PROBLEM_MAX];
	struct witness_figures figures[COSIGNERS_MAX];
	atomic_bool stopped;
};

static const struct cosigners nobody;

/* --- what was chosen ------------------------------------------------------- */

static int
add_url(struct witnesses *witnesses, const char *word, size_t len,
    struct fault *fault)
{
	unsigned place = witnesses->policy.count;

	if (place == 0 || witnesses->urls[place - 1] != NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "an address stands behind the key of its witness");
	}
	witnesses->urls[place - 1] = strndup(word, len);
	return fetch_check_url(witnesses->urls[place - 1], fault);
}

static int
read_list(struct witnesses *witnesses, struct fault *fault)
{
	const char *text = witnesses->conf->list;

	while (*(text += strspn(text, BLANKS)) != '\0') {
		size_t len = strcspn(text, BLANKS);
		int rc = strncmp(text, "http", 4) == 0 &&
		                 memchr(text, ':', len) != NULL
		             ? add_url(witnesses, text, len, fault)
		             : cosigners_add(&witnesses->policy,
		                   bytes_of(text, len), fault);

		if (rc < 0) {
			fault_prefix(fault, "option %s", "witness.list");
			return -1;
		}
		text += len;
	}
	if (witnesses->policy.count > 0 &&
	    witnesses->conf->needed > witnesses->policy.count) {
		return fault_set(fault, FAULT_INVALID,
		    "witness.needed is %llu, and witness.list has %u",
		    (unsigned long long)witnesses->conf->needed,
		    witnesses->policy.count);
	}
	witnesses->policy.needed = (unsigned)witnesses->conf->needed;
	return 0;
}

int
witnesses_new(struct witnesses **witnesses_out, const struct witness_conf *conf,
    struct fault *fault)
{
	struct witnesses *witnesses = xzalloc(sizeof(*witnesses));

	*witnesses_out = NULL;
	witnesses->conf = conf;
	pthread_mutex_init(&witnesses->rows, NULL);
	pthread_mutex_init(&witnesses->lock, NULL);
	if (read_list(witnesses, fault) < 0) {
		witnesses_free(witnesses);
		return -1;
	}
	if (witnesses->policy.count == 0) {
		witnesses_free(witnesses);
	} else {
		*witnesses_out = witnesses;
	}
	return 0;
}

void
witnesses_free(struct witnesses *witnesses)
{
	if (witnesses == NULL) {
		return;
	}
	for (unsigned i = 0; i < witnesses->policy.count; i++) {
		free(witnesses->urls[i]);
	}
	pthread_mutex_destroy(&witnesses->rows);
	pthread_mutex_destroy(&witnesses->lock);
	free(witnesses);
}

const struct witness_conf *
witnesses_conf(const struct witnesses *witnesses)
{
	return witnesses->conf;
}

const struct cosigners *
witnesses_policy(const struct witnesses *witnesses)
{
	return witnesses != NULL ? &witnesses->policy : &nobody;
}

const char *
witnesses_url(const struct witnesses *witnesses, unsigned place)
{
	return witnesses->urls[place];
}

int
witnesses_find(const struct witnesses *witnesses, const char *name,
    unsigned *place_out)
{
	const struct cosigners *policy = witnesses_policy(witnesses);

	for (unsigned i = 0; i < policy->count; i++) {
		if (strcmp(policy->list[i].name, name) == 0) {
			*place_out = i;
			return 1;
		}
	}
	return 0;
}

/* --- how they do ----------------------------------------------------------- */

void
witnesses_measure(struct witnesses *witnesses, unsigned place,
    struct witness_figures *figures_out)
{
	pthread_mutex_lock(&witnesses->lock);
	*figures_out = witnesses->figures[place];
	pthread_mutex_unlock(&witnesses->lock);
	figures_out->name = witnesses->policy.list[place].name;
}

void
witnesses_note_seen(struct witnesses *witnesses, unsigned place, uint64_t size,
    int64_t at)
{
	pthread_mutex_lock(&witnesses->lock);
	witnesses->figures[place].size = size;
	witnesses->figures[place].at = at;
	pthread_mutex_unlock(&witnesses->lock);
}

void
witnesses_note(struct witnesses *witnesses, unsigned place, const char *problem)
{
	struct witness_figures *figures = &witnesses->figures[place];

	pthread_mutex_lock(&witnesses->lock);
	snprintf(witnesses->problems[place], PROBLEM_MAX, "%s", problem);
	figures->failures = problem[0] == '\0' ? 0 : figures->failures + 1;
	pthread_mutex_unlock(&witnesses->lock);
}

const char *
witnesses_problem(struct witnesses *witnesses, unsigned place,
    struct arena *arena)
{
	const char *problem;

	pthread_mutex_lock(&witnesses->lock);
	problem = arena_text(arena, witnesses->problems[place]);
	pthread_mutex_unlock(&witnesses->lock);
	return problem;
}

void
witnesses_lock(struct witnesses *witnesses)
{
	pthread_mutex_lock(&witnesses->rows);
}

void
witnesses_unlock(struct witnesses *witnesses)
{
	pthread_mutex_unlock(&witnesses->rows);
}

void
witnesses_stop(struct witnesses *witnesses)
{
	if (witnesses != NULL) {
		atomic_store(&witnesses->stopped, true);
	}
}

const atomic_bool *
witnesses_stopped(const struct witnesses *witnesses)
{
	return &witnesses->stopped;
}
