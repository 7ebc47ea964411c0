/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "base/buf.h"
#include "core/actor.h"
#include "core/core.h"

#include <jansson.h>

/* A report of a unit over a period, in a format: both are plugins. */
struct report_ask {
	const char *name;   /* "half-year" */
	const char *format; /* "docx" */
	const char *unit;
	const json_t *parameters; /* from, to and what the report declares */
	size_t rows_max; /* of each table, beside its totals; SIZE_MAX: all */
	int64_t now;
};

struct report {
	struct buf bytes;       /* buf_fini() it */
	const char *media_type; /* in the arena, as is: */
	const char *file_name;  /* "half-year-tinh-kon-tum.docx" */
};

#define REPORT_MAX_BYTES (64u << 20)

/*
 * All that it says comes from one snapshot and is what this actor may see.
 *
 * Errors:  FAULT_ABSENT no such report, format or unit; FAULT_DENIED;
 *          FAULT_INVALID a parameter; FAULT_PLUGIN names the plugin and why.
 * Thread:  worker; runs two hosts, one after the other.
 */
int report_build(const struct core *core, const struct actor *actor,
    const struct report_ask *ask, struct arena *arena,
    struct report *report_out, struct fault *fault);

#endif
