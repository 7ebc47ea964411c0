/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_METS_H
#define ARCHIVE_METS_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/fault.h"

/*
 * Reading METS: which files it lists, with which digests.
 */
struct mets_file {
	const char *name;       /* relative to the METS file */
	const char *owner_id;   /* what its owner calls it; NULL */
	const char *media_type; /* NULL: not told */
	const char *created;    /* as it stands there; NULL */
	uint64_t size;
	struct sha256 sha256;
};

struct mets {
	const char *object_id;
	const char *organization; /* the first that is an agent; NULL */
	struct mets_file *files;
	size_t count;
};

/*
 * Owner:   all lives in the arena.
 * Errors:  FAULT_INVALID: no METS, a file without size or SHA-256, a
 *          reference that leads outside.
 */
int mets_parse(struct mets *mets_out, struct arena *arena, struct bytes xml,
    struct fault *fault);

#endif
