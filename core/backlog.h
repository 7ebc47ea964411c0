/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BACKLOG_H
#define CORE_BACKLOG_H

#include "base/json.h"
#include "core/core.h"

/*
 * All work that waits, whatever its kind: the rows of TABLE_JOB in pages, by
 * kind and id, for whoever looks after the server.
 */
struct backlog_page {
	const char *kind;  /* "stamp", "examine"; NULL: all kinds */
	const char *after; /* "stamp/ID": the last row before; NULL */
	size_t limit;
};

/*
 * Append the page's rows:
 *
 *     {"kind", "id", "for", "since", "tries", "next", "due", "reason",
 *      "vietnamese"}
 *
 * `for` names the record ("dossier/ID"); what a kind does not keep is absent.
 * *next_out is what the next page comes after; NULL: there is none.
 *
 * Owner:   rows and *next_out are the arena's.
 * Errors:  FAULT_INVALID `after` is no place.
 * Thread:  any; as many rows are read as are told.
 */
int backlog_read(struct snapshot *snapshot, struct arena *arena,
    const struct backlog_page *page, json_t *rows, const char **next_out,
    struct fault *fault);

#endif
