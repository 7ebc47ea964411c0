/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WAITING_H
#define CORE_WAITING_H

#include "core/core.h"

/*
 * The rows of dossiers that are archived and wait for their time-stamp or for
 * what proves it.
 *
 * Row:  TABLE_JOB, "stamp", dossier -> {"next":at,"since":at,"tries":n} and
 *       the reason (reason.h); with a time-stamp that came "token" (base64)
 *       and "token_at", too.
 */
struct waiting {
	const char *dossier;
	int64_t since;    /* when it was sealed; UTC microseconds as all here */
	int64_t next;     /* when it is tried again */
	int64_t tries;    /* in vain; a time-stamp that came begins anew */
	int64_t token_at; /* when the time-stamp came; 0: not yet */
	struct bytes token;
};

/* `why` not yet; NULL: it was not tried. */
void waiting_put(struct writes *writes, const struct waiting *waiting,
    const struct fault *why);
void waiting_delete(struct writes *writes, const char *dossier);

/* The dossiers that are due, the oldest first, without their tokens. */
struct waiting_list {
	struct waiting *due;
	size_t count;
	size_t all;     /* those that are not due, too */
	int64_t oldest; /* `since` of all; 0: there are none */
};

/* Owner: what is due lies in the arena. */
int waiting_read(struct waiting_list *list_out, const struct core *core,
    struct arena *arena, struct fault *fault);
/* One row with its token, if it has one; it lies in the arena. */
int waiting_find(struct waiting *waiting_out, struct snapshot *snapshot,
    struct arena *arena, const char *dossier, struct fault *fault);

#endif
