/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_WITNESSES_H
#define CORE_WITNESSES_H

#include "archive/cosigners.h"
#include "base/json.h"

#include <stdatomic.h>

/* Section [witness] of the options: who watches this log from outside. */
struct witness_conf {
	const char *list;    /* "VKEY [URL] VKEY [URL] ..."; "" none */
	uint64_t needed;     /* cosignatures that make a checkpoint witnessed */
	uint64_t ask_ms;     /* how often the growing log is shown on line */
	uint64_t timeout_ms; /* of one exchange */
};

/*
 * The chosen witnesses and how each of them answered last.  One with a URL is
 * asked on line; to one without somebody carries requests on a stick.
 *
 * Thread:  constant after witnesses_new() but for what has its own lock.
 */
struct witnesses;

/*
 * `*witnesses_out` is NULL where none is chosen.
 *
 * Owner:   conf is borrowed until witnesses_free().
 * Errors:  FAULT_INVALID or FAULT_LIMIT, naming what is wrong with the list.
 */
int witnesses_new(struct witnesses **witnesses_out,
    const struct witness_conf *conf, struct fault *fault);
void witnesses_free(struct witnesses *witnesses);

const struct witness_conf *witnesses_conf(const struct witnesses *witnesses);
/* NULL works here: nobody is known and nobody needed. */
const struct cosigners *witnesses_policy(const struct witnesses *witnesses);
/* Of the witness at a place of the policy's list; NULL: by stick alone. */
const char *witnesses_url(const struct witnesses *witnesses, unsigned place);
/* The place of a name.  1 found, 0 absent. */
int witnesses_find(const struct witnesses *witnesses, const char *name,
    unsigned *place_out);

/* How a witness does. */
struct witness_figures {
	const char *name;  /* borrowed */
	uint64_t size;     /* entries that it cosigned last; 0: none */
	int64_t at;        /* when it did, UTC microseconds; 0: never */
	unsigned failures; /* to ask it, in a row; 0: it answers */
};

/* Thread: any, all four. */
void witnesses_measure(struct witnesses *witnesses, unsigned place,
    struct witness_figures *figures_out);
void witnesses_note_seen(struct witnesses *witnesses, unsigned place,
    uint64_t size, int64_t at);
/* What hindered it when it was asked; "" nothing. */
void witnesses_note(struct witnesses *witnesses, unsigned place,
    const char *problem);
const char *witnesses_problem(struct witnesses *witnesses, unsigned place,
    struct arena *arena);

/* Held while stored cosignatures are read and written anew. */
void witnesses_lock(struct witnesses *witnesses);
void witnesses_unlock(struct witnesses *witnesses);

/* Every exchange ends within a second.  NULL does nothing.  Thread: any. */
void witnesses_stop(struct witnesses *witnesses);
const atomic_bool *witnesses_stopped(const struct witnesses *witnesses);

#endif
