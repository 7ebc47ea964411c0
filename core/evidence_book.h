/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_BOOK_H
#define CORE_EVIDENCE_BOOK_H

#include "core/evidence_rows.h"

/*
 * All batches and which of them renews which, to be asked again and again;
 * and a walk over what they prove.
 *
 * Owner:   all lies in the arena.
 */
struct evidence_book {
	struct evidence_batch *batches; /* in order of their numbers */
	size_t count;
	size_t *renewed_by; /* place of the batch that does; or NOT_RENEWED */
};

#define EVIDENCE_NOT_RENEWED SIZE_MAX

int evidence_book_read(struct evidence_book *book_out, struct arena *arena,
    struct store *store, struct fault *fault);
/* The place of a batch, SIZE_MAX where there is none. */
size_t evidence_book_find(const struct evidence_book *book, uint64_t number);
/* The place of the batch whose time-stamp is the last over this one. */
size_t evidence_book_head(const struct evidence_book *book, size_t place);
/* The one that is open; NULL: none is. */
const struct evidence_batch *evidence_book_open(
    const struct evidence_book *book);

/* One container that is proved: the leaves of its record, oldest first. */
struct evidence_proved {
	const struct evidence_leaf *leaves;
	const size_t *places; /* of their batches */
	size_t count;         /* at least 1 */
};

/* 0 on, 1 enough, -1; all is borrowed for the call.  A snapshot is open. */
typedef int (*evidence_proved_fn)(void *arg,
    const struct evidence_proved *proved, struct fault *fault);

/*
 * Every container behind `after` ("": all of them), in order of their
 * dossiers.  It may take longer than a snapshot lives: then what comes later
 * is of a later one.
 */
int evidence_book_walk(const struct evidence_book *book, struct store *store,
    const char *after, evidence_proved_fn proved, void *arg,
    struct fault *fault);

#endif
