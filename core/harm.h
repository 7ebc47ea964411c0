/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HARM_H
#define CORE_HARM_H

#include "base/digest.h"
#include "storage/store.h"

/*
 * Whom damage harms: ranges of lost keys, entries of the log and files go in,
 * the names of records come out ("dossier/ID", "document/ID"), and of the
 * dossiers that name one of them.
 *
 * What was in a lost range is known from all that names it elsewhere: the log,
 * older revisions, the lists of dossiers.
 */
struct harm;

struct harm *harm_new(void);
void harm_free(struct harm *harm);
/* Nothing was added since harm_name(). */
bool harm_is_empty(const struct harm *harm);

/* Keys from <= key < to; an empty bound is none. */
void harm_add_range(struct harm *harm, struct bytes from, struct bytes to);
/* Entries of the log from `from` on, before `to`. */
void harm_add_log(struct harm *harm, uint64_t from, uint64_t to);
void harm_add_file(struct harm *harm, const struct sha256 *sum);

typedef void (*harm_named_fn)(void *arg, const char *name);

/*
 * Tell each record that is harmed, in order of name, and begin anew.  Reads
 * all records and what names them: for when there is damage, not before.
 *
 * Thread:  worker or tool.
 */
int harm_name(struct harm *harm, struct snapshot *snapshot, harm_named_fn named,
    void *arg, struct fault *fault);

#endif
