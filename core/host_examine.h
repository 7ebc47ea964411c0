/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_EXAMINE_H
#define CORE_HOST_EXAMINE_H

#include "archive/stream.h"
#include "core/host_call.h"

#include <stdatomic.h>

/* What hoso-examine is asked; files are numbered as host/examination.h says. */
struct host_examine {
	const char *program; /* path of hoso-examine */
	int64_t now;         /* UTC microseconds: for what no stamp proves */
	const struct source *files;
	size_t count;
	const atomic_bool *stopped; /* once true it ends with FAULT_BUSY */
};

/*
 * Examine a file in a process of its own.  The report is what that process
 * says: an object in our subset of JSON, otherwise not yet checked.
 *
 * Errors:  FAULT_PLUGIN "the examiner of files: REASON" where it failed at the
 *          file ("crashed with signal 11 ...", "ran longer than 60 s");
 *          FAULT_SYSTEM where the server could not run it; what a file says
 *          that cannot be read.
 * Thread:  worker; seconds, or minutes for gigabytes.
 */
int host_examine(const struct host_call_setup *setup,
    const struct host_examine *ask, struct arena *arena, json_t **report_out,
    struct fault *fault);

#endif
