/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_QUESTIONS_H
#define CORE_QUESTIONS_H

#include "core/core.h"
#include "core/host_call.h"

/*
 * Answers what a report asks (the table "Questions" of hoso/plugin.h), all
 * from one snapshot and no more than the caller may see.
 */
struct questions {
	const struct core *core;
	struct snapshot *snapshot;
	const struct actor *actor;
	int64_t now;
};

/* Owner: `questions` is borrowed for the life of what is returned. */
struct host_data questions_data(struct questions *questions);

#endif
