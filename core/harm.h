/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HARM_H
#define CORE_HARM_H

#include "base/digest.h"
#include "base/json.h"
#include "storage/key.h"

/*
 * Whom damage harms: ranges of lost keys, entries of the log and files go in,
 * each of a finding; names of records come out ("dossier/ID", "document/ID").
 * core/harm_walk.h is who reads the store and says what a record names.
 */
struct harm;

struct harm *harm_new(void);
void harm_free(struct harm *harm);
/* Nothing was added since harm_tell(). */
bool harm_is_empty(const struct harm *harm);

/* --- what is damaged ------------------------------------------------------ */

/* What is added from now on is of this finding; before the first: of "". */
void harm_begin(struct harm *harm, const char *finding);
/* Keys from <= key < to; an empty bound is none. */
void harm_add_range(struct harm *harm, struct bytes from, struct bytes to);
/* Entries of the log from `from` on, before `to`. */
void harm_add_log(struct harm *harm, uint64_t from, uint64_t to);
void harm_add_file(struct harm *harm, const struct sha256 *sum);

/* --- whether it harms somebody -------------------------------------------- */

/* Is any range there? */
bool harm_has_ranges(const struct harm *harm);
/*
 * Each of these harms the record of `row`, a row of records or of older
 * revisions, where one of the keys from `first` to `last` may be lost, the
 * file, or the entry of the log.
 */
void harm_by_keys(struct harm *harm, const struct key *first,
    const struct key *last, struct bytes row);
void harm_by_file(struct harm *harm, const char *hex, struct bytes row);
void harm_by_log(struct harm *harm, uint64_t index, struct bytes row);
/* Who was harmed by these findings harms the record of `row` as well. */
void harm_by(struct harm *harm, const json_t *findings, struct bytes row);
/* "kind/id" -> the findings that harm it; borrowed until something is added. */
const json_t *harm_names(const struct harm *harm);

/* --- the end -------------------------------------------------------------- */

typedef void (*harm_named_fn)(void *arg, const char *finding, const char *name);

/* Tell each record and what harms it, in order of name, and begin anew. */
void harm_tell(struct harm *harm, harm_named_fn named, void *arg);

#endif
