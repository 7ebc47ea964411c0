/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_GATHER_H
#define CORE_EVIDENCE_GATHER_H

#include "core/evidence_book.h"
#include "core/evidence_draft.h"
#include "core/evidence_policy.h"

/* What a run has brought about. */
struct evidence_done {
	uint64_t taken;     /* containers that have a record now */
	uint64_t rehashed;  /* containers under a stronger digest */
	uint64_t restamped; /* time-stamps that another one renews */
};

/*
 * Bringing containers under time-stamps, one batch after the other: what
 * core/evidence_new.h and core/evidence_weak.h share.
 *
 * Thread:  worker, one at a time.
 */
struct evidence_gathering {
	struct core *core;
	const struct evidence_conf *conf;
	int64_t now;
	uint64_t next;  /* number of the next batch */
	int64_t newest; /* time of the last time-stamp of all */
	/* Digests that an authority has stamped already. */
	bool is_known[DIGEST_KIND_COUNT];
	struct evidence_draft *draft; /* NULL: none is in the making */
	struct evidence_done done;    /* of the whole run */
};

/* `core` has its authorities; it and `conf` are borrowed.  What is `done`
 * stays. */
void evidence_gather_init(struct evidence_gathering *gathering,
    struct core *core, const struct evidence_conf *conf,
    const struct evidence_book *book);
/* The server stops: end early. */
bool evidence_gather_is_stopped(const struct evidence_gathering *gathering);

/*
 * Begin a batch; of `like` count what it is and where it goes on.  Errors: no
 * authority takes its digest.
 */
int evidence_gather_begin(struct evidence_gathering *gathering,
    const struct evidence_batch *like, struct fault *fault);
/* Add a container; a batch that is full is finished and another begun. */
int evidence_gather_add(struct evidence_gathering *gathering,
    const struct evidence_leaf *leaf, struct fault *fault);
/* Get its time-stamp.  Whatever comes of it, no draft is there any more. */
int evidence_gather_finish(struct evidence_gathering *gathering,
    struct fault *fault);
/* Let go of it: what is written is gone on with by the next run. */
void evidence_gather_leave(struct evidence_gathering *gathering);

/* Let a dossier wait for its container to be taken, from the commit on. */
void evidence_gather_wait(struct writes *writes, const char *dossier,
    const struct fault *why);
/* The same with a line in the log. */
int evidence_gather_refuse(const struct evidence_gathering *gathering,
    const char *dossier, const struct fault *why, struct fault *fault);

#endif
