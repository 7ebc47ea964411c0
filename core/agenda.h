/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_AGENDA_H
#define CORE_AGENDA_H

#include "core/command.h"
#include "core/rules.h"

/*
 * The dossiers that somebody has still something to do with: two rows each, by
 * its unit and by who made it, then its status, its procedure and how long it
 * has been so.  One that came to a sealed status has none, so that the rows are
 * as many as there is work and not as the archive holds.  docs/store.md draws
 * them.
 *
 * A row comes of the dossier's record alone.  Whose work it is follows from
 * the tree of units as it stands when somebody asks (core/inbox.h): what a
 * merged unit had left to do is its heir's on the day of the merger.
 */
struct agenda_place {
	const char *unit;
	const char *maker; /* user id of its first step; NULL unknown */
	const char *status;
	const char *procedure; /* "full", "simple" */
	int64_t since;         /* its last step; 0 where it knows none */
};

/* Where a dossier waits; false where nothing is left to be done. */
bool agenda_place_of(struct agenda_place *place_out, const struct rules *rules,
    const json_t *fields);

/* The rows of one status and procedure, of a unit or of a maker. */
void agenda_prefix(struct key *key, enum table table, const char *holder,
    const char *status, const char *procedure);
/* TABLE_AGENDA: its row by unit; TABLE_AGENDA_OF: by its maker, who is known. */
void agenda_key(struct key *key, enum table table,
    const struct agenda_place *place, const char *dossier);

/* The rows of a dossier that is made (`old` NULL) or changed. */
int agenda_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields, struct fault *fault);

/*
 * Do the rows tell of every dossier?  Those of a store that was written before
 * there were any do not, until `hosod reindex`.  1, 0, -1.
 */
int agenda_is_kept(struct snapshot *snapshot, struct fault *fault);

#endif
