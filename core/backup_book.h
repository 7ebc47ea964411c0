/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BACKUP_BOOK_H
#define CORE_BACKUP_BOOK_H

#include "base/json.h"

/*
 * What the tools did to keep the archive safe, for the server beside them:
 * `hosod backup` and `hosod drill` write it down, the server reads it.  A
 * note and no proof: whoever may write into the folder may write it, too.
 *
 * File:  DATA/backups.json, {"backups":[...],"drills":[...]}, the newest first,
 *        BACKUP_BOOK_KEPT of each.
 */
#define BACKUP_BOOK_FILE "backups.json"
#define BACKUP_BOOK_KEPT 20u

/* One backup, or one drill of a backup. */
struct backup_note {
	bool is_drill;
	bool is_good;
	int64_t at;              /* when it ended */
	int64_t took_us;         /* all of it */
	const char *place;       /* the backup's path, "-" a stream; or NULL */
	const struct fault *why; /* it failed; NULL */
	uint64_t entries;        /* of the log that are in the backup */
	/* of a drill */
	int64_t made_at;       /* the backup was made; 0 unknown */
	uint64_t lost_entries; /* that the archive had besides */
	uint64_t findings;
	int64_t restore_us;
};

/*
 * Write one down, as the newest.  A book that cannot be read begins anew.
 *
 * Errors:  FAULT_SYSTEM: the folder may not be written.
 */
int backup_book_add(const char *folder, const struct backup_note *note,
    struct fault *fault);

/* What the book says on one moment, each told apart from what is missing. */
struct backup_figures {
	int64_t backup_at;       /* the newest good backup; 0: none */
	uint64_t backup_entries; /* of the log that are in it */
	int64_t drill_at;        /* the newest drill that was good; 0: none */
	bool has_failed;         /* the newest backup or the newest drill */
};

/*
 * {"backups":[{"at","took_us","good","entries",...}],"drills":[...],
 *  "unreadable":n}: rows that are none are left out and counted; a file that
 * is no book is one of them, and none is an empty book.
 *
 * Owner:   the tree is the arena's.
 * Thread:  any: one look at a small file.
 */
json_t *backup_book_read(const char *folder, struct arena *arena,
    struct backup_figures *figures_out);

#endif
