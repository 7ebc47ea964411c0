/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_END_H
#define ARCHIVE_ZIP_END_H

#include "archive/zip_directory.h"

/* What the end records of a ZIP file say together. */
struct zip_end {
	uint64_t entries;
	uint64_t size;   /* of the directory */
	uint64_t offset; /* of the directory */
	uint64_t place;  /* where the directory ends: checked */
};

/*
 * Exactly one end record at the file's end, no disk but the first, and ZIP64
 * records that agree with it.
 */
int zip_end_read(struct zip_end *end_out, const struct zip_directory *directory,
    struct fault *fault);

#endif
