/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_TRAIL_H
#define CORE_TRAIL_H

#include "core/history.h"

/*
 * Who did what, when: the entries of the log that tell of a record and of what
 * belongs to it, newest first.
 *
 *     of a dossier    its decision and what belongs to that; what was found in
 *                     its files
 *     of a decision   its document and what belongs to that; its grants, and
 *                     what undid them
 *     of a document   what was found in its files
 *
 * An entry that tells of several of them stands once, under the first.  What
 * the reader may not read is left out.
 *
 * A page costs a look at each of these records (a decision has at most 390
 * grants, a dossier 1,000 files), whatever else the log holds, and the rows of
 * the page.  Entries never go, so pages that were read stay what they were.
 */
struct trail;

/*
 * Gather what the trail of `of->record` tells of.
 *
 * Owner:   lies in the arena; `of` is borrowed as long as it.
 * Thread:  worker.
 */
int trail_open(struct trail **trail_out, const struct history *of,
    struct arena *arena, struct fault *fault);

/*
 * Lines as history_line() makes them, from the entry `from` on to older ones,
 * at most `max`.  Those of other records than the trail's own have, where they
 * are there, members of theirs as "about": award, decision, good, name,
 * reference, subject, verdict.  *is_last_out: that was all; else *next_out is
 * the entry that comes then.  The list lies in the arena.
 */
int trail_list(struct trail *trail, uint64_t from, uint64_t max,
    json_t **list_out, bool *is_last_out, uint64_t *next_out,
    struct fault *fault);

/* The record of it that is called so ("grant/ID"), or NULL. */
const struct history *trail_find(const struct trail *trail, const char *object);

#endif
