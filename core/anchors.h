/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ANCHORS_H
#define CORE_ANCHORS_H

#include "base/buf.h"
#include "base/digest.h"
#include "core/core.h"

/* The trust anchors that the office has in its folder now. */
struct anchors {
	struct buf text;    /* for trust_add(); empty: it believes nobody yet */
	struct bytes bytes; /* of it */
	char hex[SHA256_TEXT];
};

/*
 * Errors:  FAULT_INVALID with file and line; what reading says.  That the
 *          folder is not there is none.
 */
int anchors_read(struct anchors *anchors, const struct core *core,
    struct fault *fault);
void anchors_fini(struct anchors *anchors);

#endif
