/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EAD_H
#define ARCHIVE_EAD_H

#include "archive/package.h"

/*
 * Reading the descriptions of a package, EAD.xml and EAD_doc_*.xml: a list of
 * fields under one root, of any name and in any order, as other programs and
 * earlier versions of hoso write them.
 */
#define EAD_MAX        (64u << 10) /* bytes; the longest has some 10,000 */
#define EAD_FIELDS_MAX 64u

struct ead {
	struct package_field fields[EAD_FIELDS_MAX];
	size_t count;
};

/*
 * Owner:   texts live in the arena.
 * Errors:  FAULT_INVALID: no list of fields; FAULT_LIMIT too many.
 */
int ead_parse(struct ead *ead_out, struct arena *arena, struct bytes xml,
    struct fault *fault);

/* NULL where it is absent or empty. */
const char *ead_value(const struct ead *ead, const char *name);

#endif
