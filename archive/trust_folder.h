/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TRUST_FOLDER_H
#define ARCHIVE_TRUST_FOLDER_H

#include "base/buf.h"

#define TRUST_TEXT_MAX (16u << 20)

/*
 * Append the anchors that an office keeps: a PEM file, or every file of a
 * folder whose name ends in .pem or .crt, in order of name.  The text is for
 * trust_add(); nothing is appended of a folder without such files.
 *
 * Errors:  FAULT_ABSENT; FAULT_INVALID with file and line (trust_add()); what
 *          reading says.
 */
int trust_folder_read(struct buf *pem_out, const char *path,
    struct fault *fault);

#endif
