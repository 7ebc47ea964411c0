/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Entries are given out from a directory that zip_directory.c has found
 * sound.  Sizes are claims until the data was read: not one byte more than
 * announced is given out, and length, end of the packed stream and CRC must
 * meet at the end.
 */

#include "archive/zip_in.h"

#include "archive/zip_directory.h"
#include "archive/zip_format.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

#define PIECE_BYTES (256u << 10)

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

/* An entry on its way out. */
struct pouring {
	const struct source *source;
	const struct zip_entry *entry;
	sink_fn sink;
	void *sink_arg;
	uint64_t taken; /* packed bytes read */
	uint64_t given; /* bytes given out */
	uint32_t crc32;
	uint8_t *in;
	uint8_t *out;
};

/* The next packed piece; *len_out is 0 at the end. */
static int
take(struct pouring *pouring, size_t *len_out, struct fault *fault)
{
	const struct zip_entry *entry = pouring->entry;
	uint64_t left = entry->packed_size - pouring->taken;
	size_t len = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;

	*len_out = len;
	if (len > 0 && pouring->source->read(pouring->source->arg,
	                   entry->data_offset + pouring->taken, pouring->in,
	                   len, fault) < 0) {
		return -1;
	}
	pouring->taken += len;
	return 0;
}

static int
give(struct pouring *pouring, const uint8_t *data, size_t len,
    struct fault *fault)
{
	if (len > pouring->entry->size - pouring->given) {
		return fault_set(fault, FAULT_INVALID,
		    "more bytes than the %" PRIu64 " of the directory",
		    pouring->entry->size);
	}
	pouring->given += len;
	pouring->crc32 = (uint32_t)crc32_z(pouring->crc32, data, len);
	return len > 0 ? pouring->sink(pouring->sink_arg, bytes_of(data, len),
	                     fault)
	               : 0;
}

static int
pour_stored(struct pouring *pouring, struct fault *fault)
{
	size_t len;

	do {
		if (take(pouring, &len, fault) < 0 ||
		    give(pouring, pouring->in, len, fault) < 0) {
			return -1;
		}
	} while (len > 0);
	return 0;
}

/* Inflate one packed piece; *state_out is what inflate() said last. */
static int
inflate_piece(struct pouring *pouring, z_stream *stream, size_t len,
    int *state_out, struct fault *fault)
{
	stream->next_in = pouring->in;
	stream->avail_in = (uInt)len;
	do {
		stream->next_out = pouring->out;
		stream->avail_out = PIECE_BYTES;
		*state_out = inflate(stream, Z_NO_FLUSH);
		if (*state_out != Z_OK && *state_out != Z_STREAM_END &&
		    *state_out != Z_BUF_ERROR) {
			return fault_set(fault, FAULT_INVALID,
			    "its packed bytes are damaged");
		}
		if (give(pouring, pouring->out, PIECE_BYTES - stream->avail_out,
		        fault) < 0) {
			return -1;
		}
	} while (*state_out == Z_OK && stream->avail_out == 0);
	return 0;
}

static int
inflate_all(struct pouring *pouring, z_stream *stream, struct fault *fault)
{
	int state = Z_OK;
	size_t len;

	while (state != Z_STREAM_END) {
		if (take(pouring, &len, fault) < 0) {
			return -1;
		}
		if (len == 0) {
			return fault_set(fault, FAULT_INVALID,
			    "its packed bytes end too early");
		}
		if (inflate_piece(pouring, stream, len, &state, fault) < 0) {
			return -1;
		}
	}
	if (stream->avail_in > 0 ||
	    pouring->taken != pouring->entry->packed_size) {
		return fault_set(fault, FAULT_INVALID,
		    "bytes behind the end of its packed data");
	}
	return 0;
}

static int
pour_deflated(struct pouring *pouring, struct fault *fault)
{
	z_stream stream = { 0 };
	int rc;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
		return fault_set(fault, FAULT_SYSTEM, "zlib does not start");
	}
	pouring->out = xzalloc(PIECE_BYTES);
	rc = inflate_all(pouring, &stream, fault);
	free(pouring->out);
	inflateEnd(&stream);
	return rc;
}

int
zip_in_pour(const struct zip_in *zip, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct pouring pouring = { .source = &zip->source,
		.entry = entry,
		.sink = sink,
		.sink_arg = sink_arg,
		.in = xzalloc(entry->packed_size < PIECE_BYTES
		                  ? (size_t)entry->packed_size
		                  : PIECE_BYTES) };
	int rc = entry->method == ZIP_STORED ? pour_stored(&pouring, fault)
	                                     : pour_deflated(&pouring, fault);

	free(pouring.in);
	if (rc == 0 && pouring.given != entry->size) {
		rc = fault_set(fault, FAULT_INVALID,
		    "%" PRIu64 " bytes where the directory says %" PRIu64,
		    pouring.given, entry->size);
	}
	if (rc == 0 && pouring.crc32 != entry->crc32) {
		rc = fault_set(fault, FAULT_INVALID, "its CRC is wrong");
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
