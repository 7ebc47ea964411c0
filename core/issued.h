/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ISSUED_H
#define CORE_ISSUED_H

#include "base/date.h"
#include "base/digest.h"
#include "core/command.h"
#include "core/rows.h"

/*
 * What anybody may ask of the archive: whether it holds exactly this file, or
 * a decision of this number and day.  There are rows for sealed dossiers
 * alone, so that what is drafted, waits or was never there is one and the
 * same: nothing is found, by the same steps.
 *
 * Row:  TABLE_ISSUED, 's' or 'n', SHA-256, dossier -> kind u8, since i64
 */
enum issued_kind {
	ISSUED_CONTAINER = 'c',
	ISSUED_FILE = 'f',     /* of a decision's document */
	ISSUED_DECISION = 'd', /* by its number and day */
	ISSUED_RECEIPT = 'r',  /* never in a row */
};

struct issued {
	enum issued_kind kind;
	int64_t
	    since; /* when it was sealed, the first time; UTC microseconds */
};

#define ISSUED_RECEIPT_MAX (1u << 20)

/*
 * Member `issued` of a dossier, for its seal: number and files of its
 * decision, as digests.  NULL where it has no decision.  In the arena.
 */
int issued_describe(json_t **issued_out, struct snapshot *snapshot,
    struct arena *arena, const json_t *dossier, struct fault *fault);

/* Write the rows of a dossier that was changed.  Fields are the record's. */
void issued_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields);

/* 1 it is held, 0, -1 failed. */
int issued_find_file(struct snapshot *snapshot, const struct sha256 *sum,
    struct issued *issued_out, struct fault *fault);
/* The number is compared as document_find_reference() does. */
int issued_find_number(struct snapshot *snapshot, struct arena *arena,
    const char *number, date_t date, struct issued *issued_out,
    struct fault *fault);

struct audit;
/*
 * Is the entry that a receipt tells of the log's own, byte for byte, in its
 * place?  Its proof and checkpoint are of no matter: the log itself is asked.
 * `since` is the entry's time.
 *
 * Errors:  FAULT_INVALID: it is no receipt.
 */
int issued_find_receipt(struct audit *audit, struct arena *arena,
    struct bytes text, struct issued *issued_out, struct fault *fault);

#endif
