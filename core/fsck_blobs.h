/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_BLOBS_H
#define CORE_FSCK_BLOBS_H

#include "core/fsck_inside.h"

/*
 * Every file that a record names is there, of the size it says and with all
 * its chunks; so is every other blob, and what was uploaded so far.  With
 * `deep` every byte is read and hashed.
 */
int fsck_blobs_check(struct fsck *fsck, struct fault *fault);

#endif
