/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RECORD_LIST_H
#define CORE_RECORD_LIST_H

#include "core/record.h"

/* Which records of a kind, in order of id. */
struct record_list {
	enum record_kind kind;
	const char *prefix; /* of the id; NULL or "": any */
	const char *after;  /* ids behind this one; NULL: from the first */
};

/*
 * emit() gets each record, parsed in the arena, and stops the walk by another
 * value than 0, which is returned; a negative one with the fault.
 */
int record_list(struct snapshot *snapshot, struct arena *arena,
    const struct record_list *list,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault);

#endif
