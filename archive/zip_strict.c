/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The writer itself runs again over the entries as they were listed, with
 * their data left out, and its sink compares instead of writing.
 */

#include "archive/zip_strict.h"

#include "archive/zip_out.h"

#include <inttypes.h>

#define PIECE_BYTES 4096u

struct comparing {
	const struct source *source;
	struct zip_out *out;
	const char *entry; /* under way; NULL in the directory */
	const struct zip_in *zip;
	struct findings *findings;
	bool is_different;  /* in this entry: said once */
	uint64_t directory; /* where the directory begins, when known */
};

/* Whose directory record does this byte lie in? */
static const char *
record_at(const struct comparing *comparing, uint64_t offset)
{
	uint64_t place = comparing->directory;

	for (size_t i = 0; i < zip_in_count(comparing->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(comparing->zip, i);

		/* 46 bytes and the name; ZIP64 fields are not counted. */
		place += 46 + strlen(entry->name);
		if (offset < place) {
			return entry->name;
		}
	}
	return NULL;
}

static void
report(struct comparing *comparing, uint64_t offset)
{
	const char *name = comparing->entry != NULL
	                       ? comparing->entry
	                       : record_at(comparing, offset);

	if (!comparing->is_different) {
		findings_add(comparing->findings, FOUND_STRUCTURE_ALTERED, name,
		    "byte %" PRIu64, offset);
	}
	comparing->is_different = true;
}

static int
compare(void *arg, struct bytes bytes, struct fault *fault)
{
	struct comparing *comparing = arg;
	uint64_t offset = zip_out_size(comparing->out) - bytes.len;
	uint8_t piece[PIECE_BYTES];

	while (bytes.len > 0 && !comparing->is_different) {
		size_t len =
		    bytes.len < sizeof(piece) ? bytes.len : sizeof(piece);

		if (offset + len > comparing->source->size) {
			report(comparing, comparing->source->size);
			return 0;
		}
		if (comparing->source->read(comparing->source->arg, offset,
		        piece, len, fault) < 0) {
			return -1;
		}
		for (size_t i = 0; i < len; i++) {
			if (piece[i] != bytes.data[i]) {
				report(comparing, offset + i);
				break;
			}
		}
		offset += len;
		bytes.data += len;
		bytes.len -= len;
	}
	return 0;
}

/*
 * The time that two of the first three entries have; one of them may be the
 * altered one.
 */
static uint32_t
time_of(const struct zip_in *zip)
{
	size_t count = zip_in_count(zip);
	uint32_t first = count > 0 ? zip_in_entry(zip, 0)->time : 0;
	uint32_t second = count > 1 ? zip_in_entry(zip, 1)->time : first;
	uint32_t third = count > 2 ? zip_in_entry(zip, 2)->time : first;

	return first == second || first == third ? first : second;
}

static int
compare_entries(struct comparing *comparing, struct fault *fault)
{
	for (size_t i = 0; i < zip_in_count(comparing->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(comparing->zip, i);
		struct zip_out_entry again = { .name = entry->name,
			.size = entry->size,
			.crc32 = entry->crc32 };

		comparing->entry = entry->name;
		comparing->is_different = false;
		if (entry->is_folder ||
		    entry->offset != zip_out_size(comparing->out)) {
			report(comparing, entry->offset);
			return 0; /* all that follows would differ */
		}
		if (zip_out_begin(comparing->out, &again, fault) < 0) {
			return -1;
		}
		zip_out_skip(comparing->out);
	}
	comparing->entry = NULL;
	comparing->is_different = false;
	comparing->directory = zip_out_size(comparing->out);
	if (zip_out_finish(comparing->out, fault) < 0) {
		return -1;
	}
	if (zip_out_size(comparing->out) != comparing->source->size) {
		report(comparing, zip_out_size(comparing->out));
	}
	return 0;
}

int
zip_strict_check(const struct zip_in *zip, const struct source *source,
    struct findings *findings, struct fault *fault)
{
	struct comparing comparing = { .source = source,
		.zip = zip,
		.findings = findings };
	int rc;

	comparing.out = zip_out_new_at(compare, &comparing, time_of(zip));
	rc = compare_entries(&comparing, fault);
	zip_out_free(comparing.out);
	return rc;
}
