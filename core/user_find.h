/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_USER_FIND_H
#define CORE_USER_FIND_H

#include "core/record.h"
#include "core/rows.h"

/*
 * Users by what people call them: the beginning of a name, of any word in it
 * or of the log-in name, in capitals or not, with marks or without.
 *
 *     TABLE_USER_NAME  folded name from one of its words on, user -> nothing
 *
 * "Nguyễn Thị Lan" has the rows "nguyenthilan", "thilan" and "lan", so that
 * "thị lan" finds her by a scan of what begins so and nothing else is read.
 */
struct user_question {
	const char *text;  /* as typed, UTF-8 */
	const char *after; /* id of the last one that was shown, or NULL */
};

/*
 * Users in the order of the names they are found by, each once.  emit() ends
 * the list by anything but 0.
 *
 * Errors:  FAULT_INVALID "after" is no user; the text is no UTF-8.
 */
int user_find(struct snapshot *snapshot, struct arena *arena,
    const struct user_question *question,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault);

/* The rows of a user's record, whose members were checked. */
void user_find_rows(struct rows *rows, const char *id, const json_t *fields);

#endif
