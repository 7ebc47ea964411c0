/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Entries are given out from a directory that zip_directory.c has found
 * sound: stored ones, and all of our own containers are, from where they
 * stand, packed ones by libarchive.
 */

#include "archive/zip_in.h"

#include "archive/zip_directory.h"
#include "archive/zip_format.h"
#include "archive/zip_packed.h"
#include "archive/zip_stored.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

const struct zip_limits zip_in_presets = {
	.entries_max = 10000,
	.total_max_bytes = UINT64_C(4) << 30,
	.ratio_max = 200,
};

struct zip_in {
	struct source source;
	struct zip_limits limits;
	struct zip_directory directory;
	const struct zip_entry **by_name; /* sorted */
};

static int
compare_names(const void *a, const void *b)
{
	const struct zip_entry *one = *(const struct zip_entry *const *)a;
	const struct zip_entry *two = *(const struct zip_entry *const *)b;

	return strcmp(one->name, two->name);
}

static void
sort_names(struct zip_in *zip)
{
	size_t count = zip->directory.count;

	zip->by_name = xzalloc(count * sizeof(*zip->by_name));
	for (size_t i = 0; i < count; i++) {
		zip->by_name[i] = &zip->directory.entries[i];
	}
	if (count > 0) {
		qsort(zip->by_name, count, sizeof(*zip->by_name),
		    compare_names);
	}
}

int
zip_in_open(struct zip_in **zip_out, const struct source *source,
    const struct zip_limits *limits, struct findings *findings,
    struct fault *fault)
{
	struct zip_in *zip = xzalloc(sizeof(*zip));

	zip->source = *source;
	zip->limits = *limits;
	zip->directory = (struct zip_directory){ .source = &zip->source,
		.limits = &zip->limits,
		.findings = findings,
		.arena = arena_new() };
	if (zip_directory_read(&zip->directory, fault) < 0) {
		zip_in_free(zip);
		return -1;
	}
	zip->directory.findings = NULL;
	sort_names(zip);
	*zip_out = zip;
	return 0;
}

void
zip_in_free(struct zip_in *zip)
{
	if (zip != NULL) {
		arena_free(zip->directory.arena);
		free(zip->directory.entries);
		free(zip->by_name);
		free(zip);
	}
}

size_t
zip_in_count(const struct zip_in *zip)
{
	return zip->directory.count;
}

const struct zip_entry *
zip_in_entry(const struct zip_in *zip, size_t index)
{
	return &zip->directory.entries[index];
}

const struct zip_entry *
zip_in_find(const struct zip_in *zip, const char *name)
{
	struct zip_entry wanted = { .name = name };
	const struct zip_entry *key = &wanted;
	const struct zip_entry **found = NULL;

	if (zip->directory.count > 0) {
		found = bsearch(&key, zip->by_name, zip->directory.count,
		    sizeof(*zip->by_name), compare_names);
	}
	return found != NULL ? *found : NULL;
}

int
zip_in_pour(const struct zip_in *zip, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	int rc;

	if (entry->method == ZIP_STORED) {
		rc =
		    zip_stored_pour(&zip->source, entry, sink, sink_arg, fault);
	} else {
		rc =
		    zip_packed_pour(&zip->source, entry, sink, sink_arg, fault);
	}
	if (rc < 0) {
		fault_prefix(fault, "entry %s", text_clipped(entry->name));
	}
	return rc;
}

int
zip_in_read(const struct zip_in *zip, const struct zip_entry *entry,
    struct buf *out, struct fault *fault)
{
	return zip_in_pour(zip, entry, stream_to_buf, out, fault);
}
