/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FIXITY_PLACE_H
#define CORE_FIXITY_PLACE_H

#include "core/fixity.h"
#include "storage/key.h"

/*
 * Where the running check stands: what a restart goes on from, kept in a file.
 */
struct fixity_place {
	struct key key; /* in this pass all before it was read */
	bool in_log;    /* the rows were all read; else it is in them */
	struct fixity_figures figures; /* the times, and canary_missed */
	json_t *findings;              /* "where" -> finding; the caller's */
};

/*
 * What the file says; findings are added to place->findings.  False: no such
 * file, or it cannot be read; then nothing is touched and a check begins anew.
 */
bool fixity_place_read(struct fixity_place *place, const char *path);
/* Replace the file as a whole.  Errors:  FAULT_SYSTEM, FAULT_LIMIT. */
int fixity_place_write(const struct fixity_place *place, const char *path,
    struct fault *fault);

#endif
