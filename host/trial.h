/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_TRIAL_H
#define HOST_TRIAL_H

#include "base/buf.h"
#include "hoso/plugin.h"

/*
 * One call of a plugin without a server, for its author and its tests:
 *
 *     report   data lines {"KIND": row} answer its questions; the blocks come
 *              out, a JSON object a line
 *     format   data lines are blocks; the bytes of the file come out
 *     ranking  data lines {"TABLE": row}; results come out, an object a line
 *     sink     data lines are events; what it delivers comes out
 *
 * Rows that lack a member which a report asks by are taken to fit.
 */
struct trial {
	const char *kind; /* "report", ... */
	const char *name;
	const char *const *parameters; /* "name=value"; ends with NULL */
	struct bytes data;             /* lines */
	int out;                       /* descriptor; no buffering */
};

/* Errors: FAULT_INVALID in the data; FAULT_PLUGIN with the plugin's reason. */
int trial_run(const struct trial *trial, const struct hoso_plugin *plugin,
    struct fault *fault);

#endif
