/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SEALING_H
#define CORE_SEALING_H

#include "core/command.h"

struct seal_key;

/*
 * Archive a closed dossier: its record, what it rests on and every file go
 * into one signed container (archive/package.h), which is stored as a blob
 * and named by the dossier's `seal` in the same commit as the step to
 * `archived`.  With time-stamps (core/stamping.h) the seal then waits for its
 * own.
 */
struct sealing_ask {
	const char *dossier;
	const char *reason;       /* of the step, or NULL */
	const struct set_id *set; /* as command_new() */
	uint64_t if_rev;          /* as struct command */
};

/*
 * Errors:  FAULT_DENIED; FAULT_CONFLICT it is not closed, or was changed while
 *          it was packed; FAULT_CORRUPT a file is not what it was; FAULT_BUSY.
 * Thread:  worker; reads every file twice, and the container once.
 */
int sealing_run(struct core *core, const struct actor *actor,
    const struct sealing_ask *ask, struct arena *arena,
    struct command_result *result_out, struct fault *fault);

#endif
