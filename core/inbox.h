/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_INBOX_H
#define CORE_INBOX_H

#include "base/date.h"
#include "core/actor.h"
#include "core/core.h"
#include "core/duty.h"
#include "core/record.h"

/*
 * What waits for somebody: by each role that he holds and each status from
 * which that role may do something, the dossiers of the units he answers for,
 * oldest first (core/agenda.h).
 *
 * A dossier waits where its unit's papers are today (core/reach.h without a
 * day, as a step is judged), so what a merged unit left undone waits for its
 * heir.  Where a role may act on what its holder made himself alone (scope
 * `mine`), those wait for him, of whatever unit; where the work is to judge
 * (duty.h), those that he made wait for others.
 */
#define INBOX_PAGE_MAX  100u
#define INBOX_COUNT_MAX 1000u /* more are not counted */

struct inbox_ask {
	const char *role; /* these three: NULL any */
	const char *unit; /* of the role */
	const char *status;
	unsigned limit;     /* dossiers of each group; 0 is 20 */
	const char *cursor; /* where a group's page ended, or NULL */
};

struct inbox_row {
	const char *id;
	uint64_t rev;
	int64_t since; /* its last step */
	date_t date;
	const char *title;
	const char *kind;
	const char *unit;
	const char *unit_name; /* on that date */
	const char *now_text;  /* "nay là …", or NULL */
};

/* One role, one status. */
struct inbox_group {
	const struct binding *binding;
	struct duty duty;
	unsigned count; /* how many wait; 0 of a page behind a cursor */
	bool has_more;  /* than INBOX_COUNT_MAX */
	int64_t since;  /* of the oldest; 0 behind a cursor */
	struct inbox_row *rows;
	size_t row_count;
	const char *next; /* cursor, or NULL */
};

struct inbox {
	struct inbox_group *groups; /* by role as he holds them, then by status
	                               as the rules have them; none is empty */
	size_t count;
};

/*
 * Errors:  FAULT_INVALID names the member of the ask.  All lies in the arena.
 */
int inbox_read(struct inbox *inbox_out, const struct core *core,
    struct snapshot *snapshot, struct arena *arena, const struct actor *actor,
    const struct inbox_ask *ask, struct fault *fault);

#endif
