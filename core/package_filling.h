/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PACKAGE_FILLING_H
#define CORE_PACKAGE_FILLING_H

#include "archive/package.h"
#include "base/date.h"
#include "core/core.h"
#include "core/record.h"
#include "storage/blob.h"

/*
 * A package in the making: its lists of files and records, which grow in the
 * arena, and what those who fill them share.
 */
struct package_filling {
	struct package_spec *spec;
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	struct package_file *files;
	size_t file_room; /* the lists grow in the arena */
	struct package_record *records;
	struct record *sources; /* what each of them was in the store */
	size_t record_room;
	size_t signature_count; /* of all files */
	const char *decided;    /* by which document, in words; or NULL */
	date_t day; /* the dossier's: what codes mean is asked for it */
};

/* The blob of this SHA-256; NULL with a fault.  Owner: the arena's. */
struct blob *package_filling_blob(const struct package_filling *filling,
    const char *hex, const char *name, struct fault *fault);
/* All of a small one. */
int package_filling_read(const struct package_filling *filling, const char *hex,
    struct bytes *bytes_out, struct fault *fault);

/* A list of `count` that is full: twice its room, at most `max`. */
void *package_filling_grown(const struct package_filling *filling,
    const void *list, size_t count, size_t *room, size_t max, size_t size);

/* Errors: FAULT_LIMIT more than a container holds. */
int package_filling_add(struct package_filling *filling,
    const struct package_record *record, struct fault *fault);
/* A record of the store, which is noted beside it. */
int package_filling_record(struct package_filling *filling,
    const struct record *record, const char *path, const char *title,
    struct fault *fault);

#endif
