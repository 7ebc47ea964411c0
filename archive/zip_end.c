/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The end record is looked for at every place of the file's tail from which
 * its comment would reach exactly to the end; two such places are two
 * archives in one file.
 */

#include "archive/zip_end.h"

#include "archive/zip_format.h"
#include "base/memory.h"
#include "base/wire.h"

#include <stdlib.h>

#define U16_MAX     0xFFFFu
#define U32_MAX     0xFFFFFFFFu
#define COMMENT_MAX 0xFFFFu

static bool
comment_is_fit(struct bytes comment)
{
	for (size_t i = 0; i + 1 < comment.len; i++) {
		if (comment.data[i] == 'P' && comment.data[i + 1] == 'K') {
			return false;
		}
	}
	return true;
}

/* The place of the only end record in the file's tail, or SIZE_MAX. */
static size_t
find_end(struct bytes tail, unsigned *count_out)
{
	size_t place = SIZE_MAX;

	*count_out = 0;
	for (size_t i = 0; i + ZIP_END_BYTES <= tail.len; i++) {
		if (tail.data[i] == 'P' &&
		    wire_get_u32le(tail.data + i) == ZIP_END &&
		    i + ZIP_END_BYTES + wire_get_u16le(tail.data + i + 20) ==
		        tail.len) {
			place = i;
			(*count_out)++;
		}
	}
	return place;
}

/* A field of the end record that may stand in the ZIP64 one instead. */
static bool
agrees(uint64_t small, uint64_t saturated, uint64_t big)
{
	return small == saturated ? big >= saturated || big == small
	                          : small == big;
}

static int
read_end64(const struct zip_directory *directory, const uint8_t *record,
    struct zip_end *end, struct fault *fault)
{
	uint8_t locator[ZIP_LOCATOR64_BYTES];
	uint8_t end64[ZIP_END64_BYTES];
	uint64_t place;

	if (end->place < ZIP_LOCATOR64_BYTES) {
		return 0;
	}
	if (directory->source->read(directory->source->arg,
	        end->place - ZIP_LOCATOR64_BYTES, locator, sizeof(locator),
	        fault) < 0) {
		return -1;
	}
	if (wire_get_u32le(locator) != ZIP_LOCATOR64) {
		return 0;
	}
	place = wire_get_u64le(locator + 8);
	if (end->place < ZIP_LOCATOR64_BYTES + ZIP_END64_BYTES ||
	    place != end->place - ZIP_LOCATOR64_BYTES - ZIP_END64_BYTES ||
	    wire_get_u32le(locator + 4) != 0 ||
	    wire_get_u32le(locator + 16) != 1) {
		return zip_directory_refuse(directory, NULL, fault,
		    "the ZIP64 locator does not lead to the record before it");
	}
	if (directory->source->read(directory->source->arg, place, end64,
	        sizeof(end64), fault) < 0) {
		return -1;
	}
	end->entries = wire_get_u64le(end64 + 32);
	end->size = wire_get_u64le(end64 + 40);
	end->offset = wire_get_u64le(end64 + 48);
	end->place = place;
	if (wire_get_u32le(end64) != ZIP_END64 ||
	    wire_get_u64le(end64 + 4) != ZIP_END64_BYTES - 12 ||
	    wire_get_u32le(end64 + 16) != 0 ||
	    wire_get_u32le(end64 + 20) != 0 ||
	    wire_get_u64le(end64 + 24) != end->entries ||
	    !agrees(wire_get_u16le(record + 10), U16_MAX, end->entries) ||
	    !agrees(wire_get_u32le(record + 12), U32_MAX, end->size) ||
	    !agrees(wire_get_u32le(record + 16), U32_MAX, end->offset)) {
		return zip_directory_refuse(directory, NULL, fault,
		    "the ZIP64 end record contradicts the end record");
	}
	return 0;
}

static int
read_end_record(const struct zip_directory *directory, struct bytes tail,
    struct zip_end *end, struct fault *fault)
{
	unsigned count;
	size_t place = find_end(tail, &count);
	const uint8_t *record;
	struct bytes comment;

	if (count == 0) {
		return zip_directory_refuse(directory, NULL, fault,
		    "no ZIP file: there is no end record at its end");
	}
	if (count > 1) {
		return zip_directory_refuse(directory, NULL, fault,
		    "there are %u end records", count);
	}
	record = tail.data + place;
	comment =
	    bytes_of(record + ZIP_END_BYTES, tail.len - place - ZIP_END_BYTES);
	if (!comment_is_fit(comment)) {
		return zip_directory_refuse(directory, NULL, fault,
		    "the comment holds the beginning of a ZIP record");
	}
	if (comment.len > 0) {
		zip_directory_note(directory, NULL,
		    "the ZIP file has a comment");
	}
	if (wire_get_u16le(record + 4) != 0 ||
	    wire_get_u16le(record + 6) != 0 ||
	    wire_get_u16le(record + 8) != wire_get_u16le(record + 10)) {
		return zip_directory_refuse(directory, NULL, fault,
		    "the ZIP file is a part of several");
	}
	*end = (struct zip_end){ .entries = wire_get_u16le(record + 10),
		.size = wire_get_u32le(record + 12),
		.offset = wire_get_u32le(record + 16),
		.place = directory->source->size - tail.len + place };
	if (read_end64(directory, record, end, fault) < 0) {
		return -1;
	}
	if (end->offset > end->place || end->size != end->place - end->offset) {
		return zip_directory_refuse(directory, NULL, fault,
		    "the directory does not end where the end record begins");
	}
	return 0;
}

int
zip_end_read(struct zip_end *end, const struct zip_directory *directory,
    struct fault *fault)
{
	const struct source *source = directory->source;
	uint64_t room = ZIP_END_BYTES + COMMENT_MAX;
	size_t len = (size_t)(source->size < room ? source->size : room);
	uint8_t *tail = xzalloc(len);
	int rc =
	    source->read(source->arg, source->size - len, tail, len, fault);

	if (rc == 0) {
		rc =
		    read_end_record(directory, bytes_of(tail, len), end, fault);
	}
	free(tail);
	return rc;
}
