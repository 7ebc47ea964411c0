/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_IN_H
#define ARCHIVE_ZIP_IN_H

#include "archive/findings.h"
#include "archive/stream.h"

/*
 * Reads ZIP files of others.  The whole structure is checked before the first
 * entry is given out: one directory, local and central headers that agree, no
 * gap, no overlap, no byte that belongs to nothing, no two names that a
 * system could take for one, only stored and deflated regular files.  Nothing
 * is ever extracted by its name.
 *
 * Thread:  one at a time.
 */
struct zip_in;

struct zip_limits {
	size_t entries_max;
	uint64_t total_max_bytes; /* of all entries, inflated */
	unsigned ratio_max;       /* inflated to packed, beyond 1 MiB */
};

extern const struct zip_limits zip_in_presets; /* 10,000; 4 GiB; 200 */

struct buf;

struct zip_entry {
	const char *name; /* a folder's ends with a slash */
	bool is_folder;
	uint16_t flags;
	uint16_t method;    /* ZIP_STORED or ZIP_DEFLATED */
	uint16_t extra_len; /* of the local header */
	uint32_t time;      /* DOS date and time */
	uint32_t crc32;
	uint64_t size;
	uint64_t packed_size;
	uint64_t offset;      /* of the local header */
	uint64_t data_offset; /* of the packed bytes */
};

/*
 * Check the structure and list the entries, in the order of the directory.
 *
 * Owner:   the source must stay until zip_in_free().
 * Errors:  FAULT_INVALID naming the entry, FAULT_LIMIT; what the source says.
 *          `findings` (may be NULL) gets the same as FOUND_STRUCTURE_BROKEN,
 *          and what is only unusual as FOUND_STRUCTURE_LOOSE.
 */
int zip_in_open(struct zip_in **zip_out, const struct source *source,
    const struct zip_limits *limits, struct findings *findings,
    struct fault *fault);
void zip_in_free(struct zip_in *zip);

size_t zip_in_count(const struct zip_in *zip);
/* Borrowed until zip_in_free(). */
const struct zip_entry *zip_in_entry(const struct zip_in *zip, size_t index);
/* NULL where there is none of this name. */
const struct zip_entry *zip_in_find(const struct zip_in *zip, const char *name);

/*
 * Give an entry's bytes to a sink.  What came is good only when this returns
 * 0: length and CRC are known at the end.
 *
 * Errors:  FAULT_INVALID naming the entry; what sink and source say.
 */
int zip_in_pour(const struct zip_in *zip, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault);
/* A whole small entry, appended to `out` up to its limit. */
int zip_in_read(const struct zip_in *zip, const struct zip_entry *entry,
    struct buf *out, struct fault *fault);

#endif
