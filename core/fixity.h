/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FIXITY_H
#define CORE_FIXITY_H

#include "base/json.h"
#include "core/core.h"

/*
 * The running fixity check: everything that is stored is read again and again,
 * slowly, and compared with its sums: rows, entries of the log, files.  What
 * is damaged is named with the dossiers that it harms, in the log and here.
 * Where it stands is kept in a file, so that a restart goes on from there.
 *
 * Once in a while a canary (core/canary.h) is put in its way: a check that
 * passes it by is broken, and says so.
 */
struct fixity;

struct fixity_options {
	const char *path;         /* of the file that says where it stands */
	uint64_t bytes_a_second;  /* 0: it does not run */
	uint64_t canary_every_ms; /* between two canaries */
};

/* `core` with its store and workers outlives all of it but fixity_free(). */
struct fixity *fixity_new(struct core *core,
    const struct fixity_options *options);
/* Nothing of it is under way, or its loop is freed. */
void fixity_free(struct fixity *fixity);

/*
 * Submit the work of the time since the last call; call it every second or so.
 *
 * Thread:  always the same loop, which `loop` is.
 */
void fixity_tick(struct fixity *fixity, struct loop *loop);
/* The server stops: end early.  Thread: any. */
void fixity_stop(struct fixity *fixity);

/* Times are clock_now(), 0 where it was not yet.  Thread: any. */
struct fixity_figures {
	uint64_t bytes;   /* read since the start */
	uint64_t damaged; /* findings that stand */
	uint64_t passes;  /* ended since the start; one may have begun before */
	int64_t pass_began;     /* the one under way */
	int64_t last_began;     /* the last whole one */
	int64_t last_ended;     /* likewise */
	int64_t canary_planted; /* the last */
	int64_t canary_found;   /* likewise */
	bool canary_missed;     /* somebody must look */
	/* nothing stored is unchecked for longer than since then */
	int64_t oldest_unchecked;
};

void fixity_measure(struct fixity *fixity, struct fixity_figures *figures_out);
/* The findings that stand, as GET /fixity shows them.  Thread: any. */
json_t *fixity_findings(struct fixity *fixity, struct arena *arena);

#endif
