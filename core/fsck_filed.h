/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_FILED_H
#define CORE_FSCK_FILED_H

#include "core/fsck_expect.h"

/*
 * The rows of dossiers: most of an archive.  Their records are looked at, not made trees of; `record->bytes`
 * are canonical.
 *
 * Errors:  as fsck_expect_record() has.
 */
int fsck_filed_dossier(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault);
/* What an older revision has left. */
int fsck_filed_older(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault);

#endif
