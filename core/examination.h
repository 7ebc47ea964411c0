/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EXAMINATION_H
#define CORE_EXAMINATION_H

#include "core/command.h"

#include <stdatomic.h>

/*
 * What was found when a file that came in was examined for signatures: a
 * record of kind `examination` whose id is the file's SHA-256.  The file is
 * read in a process of its own (core/host_examine.h) after the command that
 * brought it; until then it waits (core/errand.h).
 *
 * A signature of its own is examined over the file that it is about
 * (core/named_file.h), and again when that file comes later.
 */

/* Files that wait, as the last run found them when it began. */
struct examination_backlog {
	_Atomic uint64_t count;
	_Atomic int64_t oldest; /* when the first began to; 0: none waits */
};

/* Where examining finds what it needs. */
struct examination_conf {
	const char *program; /* path of hoso-examine */
	const char *trust;   /* path of the folder of trust anchors */
	bool asks_issuers;   /* whether certificates were revoked */
	atomic_bool stopped; /* set by any thread: no more is examined */
	struct examination_backlog unexamined; /* by examination_run() */
	struct examination_backlog unproved;   /* by examination_prove() */
};

/*
 * Let the files wait that the record names and its last revision `old` (NULL:
 * none) did not.  One that came with the request and is of no kind that can be
 * signed is left out.
 */
void examination_wait(struct command *command, enum record_kind kind,
    const char *id, const json_t *old, const json_t *fields);

/*
 * Examine what is due; a rounds_fn of the core.
 *
 * Errors:  the rows cannot be read; a file's own trouble is logged
 *          (examine.waiting) and kept in its row.
 * Thread:  worker, one round at a time.
 */
int examination_run(void *core, struct fault *fault);

/*
 * Ask who issued the certificates in examined files, and examine those with
 * what they say; likewise.  Apart, since it waits for others.
 */
int examination_prove(void *core, struct fault *fault);

/*
 * Examine now what of this record still waits, for whoever needs it complete.
 * Issuers that failed before are not waited for.  What fails is left to wait:
 * a report that is missing stops nobody.
 *
 * Thread:  worker.
 */
void examination_finish(struct core *core, enum record_kind kind,
    const char *id);

/*
 * A rounds_fn of the core: the anchors may have changed, and if so, whatever is
 * INDETERMINATE waits again.
 *
 * Errors:  the anchors cannot be read (with file and line); what the store
 *          says.
 * Thread:  worker.
 */
int examination_recall(void *core, struct fault *fault);

/*
 * The files of a record with what is known of each, as a list of
 *
 *     {"name", "sha256", "component", "state", "reason", "examination"}
 *
 * where the state is "examined", "proving" (who issued its certificates is
 * asked yet), "waiting", both with the reason why they still are, if there is
 * one, or "none": it is of no kind that can be signed, or was not looked at.
 *
 * Owner:  lies in the arena.
 */
int examination_list(struct snapshot *snapshot, struct arena *arena,
    const struct record *of, json_t **list_out, struct fault *fault);

#endif
