/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_OUT_H
#define ARCHIVE_ZIP_OUT_H

#include "archive/stream.h"

/*
 * Writes a ZIP whose bytes depend on names, contents, order and one time
 * alone: stored entries, sizes and CRC in front, no extra fields but ZIP64
 * where it is needed.  libarchive cannot do this: it always adds extra fields
 * and a data descriptor.
 *
 * Thread:  one at a time.
 */
struct zip_out;

/* `at`: UTC microseconds, the time of every entry (ZIP keeps 1980-2107). */
struct zip_out *zip_out_new(sink_fn sink, void *sink_arg, int64_t at);
/* The same for a time as ZIP writes it: date above, time below. */
struct zip_out *zip_out_new_at(sink_fn sink, void *sink_arg, uint32_t dos_time);
void zip_out_free(struct zip_out *zip);

struct zip_out_entry {
	const char *name; /* as zip_name_check() wants it */
	uint64_t size;
	uint32_t crc32;
};

/*
 * Begin an entry, give its bytes, end it.  The first failure is the end of
 * the container; what the sink got must be thrown away.
 *
 * Errors:  FAULT_INVALID a bad name, or data that is not what was announced;
 *          what the sink says.
 */
int zip_out_begin(struct zip_out *zip, const struct zip_out_entry *entry,
    struct fault *fault);
/* A sink_fn: arg is the struct zip_out. */
int zip_out_data(void *zip, struct bytes bytes, struct fault *fault);
int zip_out_end(struct zip_out *zip, struct fault *fault);

/*
 * End an entry without its data, as if it had been given: for comparing what
 * stands around the data with a container that is there already.
 */
void zip_out_skip(struct zip_out *zip);

/* A whole small entry. */
int zip_out_add(struct zip_out *zip, const char *name, struct bytes bytes,
    struct fault *fault);

/* Write the directory.  Errors: also FAULT_INVALID for a name used twice. */
int zip_out_finish(struct zip_out *zip, struct fault *fault);

/* Bytes given to the sink so far. */
uint64_t zip_out_size(const struct zip_out *zip);

/* Bytes a container of these entries will have. */
uint64_t zip_out_size_of(const struct zip_out_entry *entries, size_t count);

#endif
