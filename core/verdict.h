/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_VERDICT_H
#define CORE_VERDICT_H

#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

/*
 * What was allowed before: this actor, this act, this revision of this record.
 * A revision never changes, an actor with a serial is read anew when his
 * roles do or the day ends, and units are watched (core/watch.h); so the same
 * question has the same answer, and a record that is read again needs no look
 * into it.  Refusals are not kept.
 */
struct verdicts;

struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *verdicts);

struct verdict {
	uint64_t serial; /* of the actor; 0: nothing is kept */
	const char *act; /* the same pointer each time: a route's */
	enum record_kind kind;
	const char *id;
	uint64_t rev;
};

/* Was it allowed?  Thread: any. */
bool verdict_find(const struct core *core, const struct verdict *verdict);
/* It was, on this snapshot; nothing is kept where the log's end is damaged. */
void verdict_put(const struct core *core, struct snapshot *snapshot,
    const struct verdict *verdict);

#endif
