/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_DIRECTORY_H
#define ARCHIVE_ZIP_DIRECTORY_H

#include "archive/zip_in.h"

/*
 * The structural check behind zip_in_open().  Every rule is one function; the
 * order is: the end, the directory, each local header, what lies between.
 */
struct zip_directory {
	const struct source *source;
	const struct zip_limits *limits;
	struct findings *findings; /* or NULL */
	struct arena *arena;       /* holds names */
	struct zip_entry *entries; /* free() */
	size_t count;
	uint64_t offset; /* of the directory: where the last entry ends */
};

/* Fills entries and count.  Errors: as zip_in_open(). */
int zip_directory_read(struct zip_directory *directory, struct fault *fault);

/*
 * For the rules: FAULT_INVALID and FOUND_STRUCTURE_BROKEN; `name` is NULL
 * where no entry is at fault.  Returns -1.
 */
int zip_directory_refuse(const struct zip_directory *directory,
    const char *name, struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* FOUND_STRUCTURE_LOOSE. */
void zip_directory_note(const struct zip_directory *directory, const char *name,
    const char *text);
/*
 * Walk the extra fields of a header: `zip64_out` is the content of the ZIP64
 * one (data NULL where there is none), and no second name may stand there.
 */
int zip_directory_extra(const struct zip_directory *directory, const char *name,
    struct bytes extra, struct bytes *zip64_out, struct fault *fault);
/* Replace a saturated 32-bit value by the next of the ZIP64 field. */
bool zip_directory_take_u64(struct bytes *zip64, uint64_t *value);

#endif
