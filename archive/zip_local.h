/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_LOCAL_H
#define ARCHIVE_ZIP_LOCAL_H

#include "archive/zip_directory.h"

/*
 * Every local header says what the directory says, and the entries fill the
 * file from byte 0 to the directory without gap or overlap.  Sets each
 * entry's data_offset and extra_len.
 */
int zip_local_check(const struct zip_directory *directory, struct fault *fault);

#endif
