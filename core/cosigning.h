/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_COSIGNING_H
#define CORE_COSIGNING_H

#include "base/json.h"
#include "core/core.h"

/*
 * Checkpoints with the cosignatures that witnesses gave, and what a witness is
 * asked.  Of all there ever were these are kept: the newest one with enough
 * cosignatures, the newest one of each witness, and those that somebody is
 * carrying to a witness; the cosignatures of the others lose nothing, since a
 * witness that signs a later state vouches for the earlier.
 *
 * Thread:  worker, never the writer.
 */

/*
 * What a witness is to be shown, as the body of add-checkpoint: the newest
 * checkpoint, or the newest one that others have cosigned already where it has
 * not, so that their cosignatures meet.  `old_size` is what the witness has
 * seen, or COSIGNING_REMEMBERED.
 *
 * Errors:  FAULT_ABSENT no such witness; FAULT_CONFLICT it has seen more
 *          entries than this log has.
 */
#define COSIGNING_REMEMBERED UINT64_MAX

int cosigning_request(struct core *core, struct arena *arena, const char *name,
    uint64_t old_size, struct bytes *body_out, struct fault *fault);

/*
 * The body for exactly this checkpoint of `size` entries; nothing is kept.
 *
 * Errors:  FAULT_CONFLICT as above.
 */
int cosigning_body(struct core *core, struct buf *out, uint64_t old_size,
    struct bytes checkpoint, uint64_t size, struct fault *fault);

/*
 * Take a checkpoint of this log with cosignatures under it; those of the
 * chosen witnesses are kept, `*count_out` says how many of them there are by
 * now.
 *
 * Errors:  FAULT_INVALID no checkpoint of this log; FAULT_DENIED a false
 *          cosignature, or none of a chosen witness.
 */
int cosigning_take(struct core *core, struct bytes note, unsigned *count_out,
    struct fault *fault);

/*
 * The newest checkpoint with enough cosignatures, and them.  1, 0 where there
 * is none or no witness is needed, -1.
 */
int cosigning_newest(struct core *core, struct arena *arena,
    struct bytes *note_out, uint64_t *size_out, struct fault *fault);

/*
 * The receipt of any entry: by the newest checkpoint with enough cosignatures,
 * and with them, where that has the entry; else by the newest of all.
 */
int cosigning_receipt(struct core *core, struct arena *arena, uint64_t index,
    struct bytes *receipt_out, struct fault *fault);

/*
 * Tell the figures of the witnesses what is stored of each; done by itself
 * where something is taken.
 */
int cosigning_measure(struct core *core, struct fault *fault);

/* How many entries the witness has cosigned as far as is known; 0: none. */
int cosigning_seen(struct core *core, unsigned place, uint64_t *size_out,
    struct fault *fault);

/*
 * {"needed":n,"size":of the newest with enough,"witnesses":[{"name","size",
 * "at" where it cosigned,"url","vkey","problem"}]}
 */
int cosigning_show(struct core *core, struct arena *arena, json_t **show_out,
    struct fault *fault);

#endif
