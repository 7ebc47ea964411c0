/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_NAME_H
#define ARCHIVE_ZIP_NAME_H

#include "base/arena.h"
#include "base/fault.h"

#define ZIP_NAME_MAX    1024u
#define ZIP_SEGMENT_MAX 255u

/*
 * A name of an entry that is safe on every system: UTF-8 in NFC, relative,
 * segments by slashes, none of them empty or dots, no backslash, drive letter
 * or control character.
 *
 * Errors:  FAULT_INVALID in words.
 */
int zip_name_check(struct bytes name, struct fault *fault);

/*
 * What two names share that a system may hold for one: case folded, in NFC.
 * The name must have passed zip_name_check().
 */
char *zip_name_fold(struct arena *arena, const char *name);

/* A foreign name made fit for a message: what is no text becomes \xHH. */
char *zip_name_show(struct arena *arena, struct bytes name);

#endif
