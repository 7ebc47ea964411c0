/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two readers of one ZIP may see two archives: one follows the directory, the
 * other the local headers; one takes the first end record, the other the
 * last.  So a file is refused unless all views agree: the directory ends
 * where the only end record begins, each local header says what the directory
 * says, and the entries, sorted by place, fill the file from byte 0 to the
 * directory without gap or overlap.
 *
 * What is only unusual (data descriptors, extra fields, comments) is noted
 * and accepted: most containers of others have some of it.
 */

#include "archive/zip_directory.h"

#include "archive/zip_end.h"
#include "archive/zip_format.h"
#include "archive/zip_local.h"
#include "archive/zip_name.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wire.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define U32_MAX          0xFFFFFFFFu
#define ENTRY_RECORD_MAX 2048u /* of the directory, an entry on average */
#define RATIO_FREE_BYTES (1u << 20)
#define MODE_TYPE        0xF000u
#define MODE_REGULAR     0x8000u
#define MODE_FOLDER      0x4000u
#define MODE_LINK        0xA000u
#define DOS_FOLDER       0x10u /* libarchive goes by it, whatever the name */

int
zip_directory_refuse(const struct zip_directory *directory, const char *name,
    struct fault *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_field_list(fault, "", format, args);
	va_end(args);
	if (directory->findings != NULL) {
		findings_add_fault(directory->findings, FOUND_STRUCTURE_BROKEN,
		    name, fault);
	}
	if (name != NULL) {
		fault_prefix(fault, "entry %s", text_clipped(name));
	}
	return -1;
}

void
zip_directory_note(const struct zip_directory *directory, const char *name,
    const char *text)
{
	if (directory->findings != NULL) {
		findings_add_text(directory->findings, FOUND_STRUCTURE_LOOSE,
		    name, text);
	}
}

int
zip_directory_extra(const struct zip_directory *directory, const char *name,
    struct bytes extra, struct bytes *zip64_out, struct fault *fault)
{
	*zip64_out = NO_BYTES;
	while (extra.len >= 4) {
		uint16_t id = wire_get_u16le(extra.data);
		size_t len = wire_get_u16le(extra.data + 2);
		struct bytes field = bytes_of(extra.data + 4, len);

		if (len > extra.len - 4) {
			return zip_directory_refuse(directory, name, fault,
			    "an extra field is longer than its place");
		}
		if (id == ZIP_EXTRA_ZIP64 && zip64_out->data != NULL) {
			return zip_directory_refuse(directory, name, fault,
			    "there are two ZIP64 fields");
		}
		if (id == ZIP_EXTRA_ZIP64) {
			*zip64_out = field;
		}
		if (id == ZIP_EXTRA_UNICODE &&
		    (len < 5 || !bytes_equal(bytes_of(field.data + 5, len - 5),
		                    bytes_of_text(name)))) {
			return zip_directory_refuse(directory, name, fault,
			    "an extra field gives it another name");
		}
		extra.data += 4 + len;
		extra.len -= 4 + len;
	}
	if (extra.len > 0) {
		zip_directory_note(directory, name,
		    "bytes behind the extra fields");
	}
	return 0;
}

bool
zip_directory_take_u64(struct bytes *zip64, uint64_t *value)
{
	if (*value != U32_MAX) {
		return true;
	}
	if (zip64->len < 8) {
		return zip64->data == NULL; /* no ZIP64: it means itself */
	}
	*value = wire_get_u64le(zip64->data);
	zip64->data += 8;
	zip64->len -= 8;
	return true;
}

static int
check_name(const struct zip_directory *directory, struct zip_entry *entry,
    struct bytes name, struct fault *fault)
{
	struct fault why = { 0 };

	entry->is_folder = name.len > 1 && name.data[name.len - 1] == '/';
	if (entry->is_folder) {
		name.len--;
	}
	if (zip_name_check(name, &why) < 0) {
		entry->name = zip_name_show(directory->arena, name);
		return zip_directory_refuse(directory, entry->name, fault, "%s",
		    why.text);
	}
	if ((entry->flags & ZIP_FLAG_UTF8) == 0) {
		for (size_t i = 0; i < name.len; i++) {
			if (name.data[i] >= 0x80) {
				zip_directory_note(directory, entry->name,
				    "the name is UTF-8 and does not say so");
				break;
			}
		}
	}
	return 0;
}

static int
check_kind(const struct zip_directory *directory, const struct zip_entry *entry,
    const uint8_t *record, struct fault *fault)
{
	uint32_t attributes = wire_get_u32le(record + 38);
	uint32_t mode = attributes >> 16 & MODE_TYPE;
	bool is_unix = record[5] == ZIP_MADE_BY_UNIX;

	if ((entry->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_STRONG |
	                        ZIP_FLAG_MASKED)) != 0) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it is encrypted");
	}
	if ((entry->flags & ZIP_FLAG_PATCHED) != 0) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it is a patch of other data");
	}
	if (entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "compressed by method %u; only stored and deflated are read",
		    entry->method);
	}
	if (mode == MODE_LINK) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it is a symbolic link");
	}
	if (is_unix && mode != 0 && mode != MODE_REGULAR &&
	    mode != MODE_FOLDER) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it is no regular file");
	}
	if (!entry->is_folder && ((is_unix && mode == MODE_FOLDER) ||
	                             (attributes & DOS_FOLDER) != 0)) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it says that it is a folder and has a file's name");
	}
	if (wire_get_u16le(record + 34) != 0) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it lies on another disk");
	}
	return 0;
}

static int
check_sizes(const struct zip_directory *directory,
    const struct zip_entry *entry, struct fault *fault)
{
	if (entry->is_folder && (entry->size > 0 || entry->packed_size > 2)) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "a folder that has bytes");
	}
	if (entry->method == ZIP_STORED && entry->size != entry->packed_size) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "stored, and its two sizes differ");
	}
	if (entry->size > RATIO_FREE_BYTES &&
	    entry->size / directory->limits->ratio_max > entry->packed_size) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "inflates more than %u times",
		    directory->limits->ratio_max);
	}
	return 0;
}

/* Lengths of a record's parts behind its 46 bytes. */
struct central_parts {
	struct bytes name;
	struct bytes extra;
	size_t comment_len;
	size_t len; /* of the whole record */
};

/* Cut one record off the directory, which has room for all of it. */
static int
take_central(const struct zip_directory *directory, struct bytes *rest,
    struct central_parts *parts, struct fault *fault)
{
	const uint8_t *record = rest->data;

	if (rest->len < ZIP_CENTRAL_BYTES ||
	    wire_get_u32le(record) != ZIP_CENTRAL) {
		return zip_directory_refuse(directory, NULL, fault,
		    "record %zu of the directory is not one",
		    directory->count + 1);
	}
	parts->name =
	    bytes_of(record + ZIP_CENTRAL_BYTES, wire_get_u16le(record + 28));
	parts->extra = bytes_of(parts->name.data + parts->name.len,
	    wire_get_u16le(record + 30));
	parts->comment_len = wire_get_u16le(record + 32);
	parts->len = ZIP_CENTRAL_BYTES + parts->name.len + parts->extra.len +
	             parts->comment_len;
	if (rest->len < parts->len) {
		return zip_directory_refuse(directory, NULL, fault,
		    "record %zu is longer than the directory",
		    directory->count + 1);
	}
	rest->data += parts->len;
	rest->len -= parts->len;
	return 0;
}

/* One record of the directory; *rest moves behind it. */
static int
read_central(struct zip_directory *directory, struct bytes *rest,
    struct zip_entry *entry, struct fault *fault)
{
	const uint8_t *record = rest->data;
	struct central_parts parts = { .len = 0 };
	struct bytes zip64;

	if (take_central(directory, rest, &parts, fault) < 0) {
		return -1;
	}
	*entry = (struct zip_entry){
		.name = arena_text_of(directory->arena, parts.name),
		.flags = wire_get_u16le(record + 8),
		.method = wire_get_u16le(record + 10),
		.time = wire_get_u32le(record + 12),
		.crc32 = wire_get_u32le(record + 16),
		.packed_size = wire_get_u32le(record + 20),
		.size = wire_get_u32le(record + 24),
		.offset = wire_get_u32le(record + 42),
	};
	if (check_name(directory, entry, parts.name, fault) < 0 ||
	    zip_directory_extra(directory, entry->name, parts.extra, &zip64,
	        fault) < 0) {
		return -1;
	}
	if (!zip_directory_take_u64(&zip64, &entry->size) ||
	    !zip_directory_take_u64(&zip64, &entry->packed_size) ||
	    !zip_directory_take_u64(&zip64, &entry->offset) || zip64.len != 0) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its ZIP64 field does not fit its sizes");
	}
	if (parts.comment_len > 0) {
		zip_directory_note(directory, entry->name, "it has a comment");
	}
	if (check_kind(directory, entry, record, fault) < 0) {
		return -1;
	}
	return check_sizes(directory, entry, fault);
}

static int
check_total(const struct zip_directory *directory,
    const struct zip_entry *entry, uint64_t *total, struct fault *fault)
{
	if (entry->size > directory->limits->total_max_bytes ||
	    *total > directory->limits->total_max_bytes - entry->size) {
		zip_directory_refuse(directory, entry->name, fault,
		    "with it there are more than %" PRIu64 " bytes",
		    directory->limits->total_max_bytes);
		fault->code = FAULT_LIMIT;
		return -1;
	}
	*total += entry->size;
	return 0;
}

static int
read_records(struct zip_directory *directory, struct bytes rest,
    uint64_t entries, struct fault *fault)
{
	uint64_t total = 0;

	directory->entries =
	    xzalloc((size_t)entries * sizeof(*directory->entries));
	while (directory->count < entries) {
		struct zip_entry *entry = &directory->entries[directory->count];

		if (read_central(directory, &rest, entry, fault) < 0 ||
		    check_total(directory, entry, &total, fault) < 0) {
			return -1;
		}
		directory->count++;
	}
	if (rest.len > 0) {
		return zip_directory_refuse(directory, NULL, fault,
		    "%zu bytes of the directory belong to no record", rest.len);
	}
	return 0;
}

static int
read_directory(struct zip_directory *directory, const struct zip_end *end,
    struct fault *fault)
{
	const struct source *source = directory->source;
	struct buf bytes;
	uint8_t *place;
	int rc = -1;

	if (end->entries > directory->limits->entries_max ||
	    end->size >
	        (uint64_t)directory->limits->entries_max * ENTRY_RECORD_MAX) {
		zip_directory_refuse(directory, NULL, fault,
		    "%" PRIu64 " entries; at most %zu are read", end->entries,
		    directory->limits->entries_max);
		fault->code = FAULT_LIMIT;
		return -1;
	}
	buf_init(&bytes, (size_t)end->size + 1);
	place = buf_reserve(&bytes, (size_t)end->size);
	if (place == NULL) {
		buf_check(&bytes, fault);
		goto out;
	}
	if (source->read(source->arg, end->offset, place, (size_t)end->size,
	        fault) < 0) {
		goto out;
	}
	directory->offset = end->offset;
	rc = read_records(directory, bytes_of(place, (size_t)end->size),
	    end->entries, fault);
out:
	buf_fini(&bytes);
	return rc;
}

struct folded_name {
	const char *folded; /* without the slash of a folder */
	const char *name;
};

static int
compare_folded(const void *a, const void *b)
{
	return strcmp(((const struct folded_name *)a)->folded,
	    ((const struct folded_name *)b)->folded);
}

static int
refuse_twin(const struct zip_directory *directory,
    const struct folded_name *one, const struct folded_name *two,
    struct fault *fault)
{
	if (strcmp(one->name, two->name) == 0) {
		return zip_directory_refuse(directory, two->name, fault,
		    "two entries have this name");
	}
	return zip_directory_refuse(directory, two->name, fault,
	    "some systems hold its name for that of %s",
	    text_clipped(one->name));
}

static int
check_unique(const struct zip_directory *directory, struct fault *fault)
{
	struct folded_name *names = xzalloc(directory->count * sizeof(*names));
	int rc = 0;

	for (size_t i = 0; i < directory->count; i++) {
		const struct zip_entry *entry = &directory->entries[i];
		char *folded = zip_name_fold(directory->arena, entry->name);

		if (entry->is_folder) {
			folded[strlen(folded) - 1] = '\0';
		}
		names[i] = (struct folded_name){ folded, entry->name };
	}
	if (directory->count > 0) {
		qsort(names, directory->count, sizeof(*names), compare_folded);
	}
	for (size_t i = 1; i < directory->count && rc == 0; i++) {
		if (strcmp(names[i - 1].folded, names[i].folded) == 0) {
			rc = refuse_twin(directory, &names[i - 1], &names[i],
			    fault);
		}
	}
	free(names);
	return rc;
}

int
zip_directory_read(struct zip_directory *directory, struct fault *fault)
{
	struct zip_end end = { 0 };

	if (zip_end_read(&end, directory, fault) < 0 ||
	    read_directory(directory, &end, fault) < 0 ||
	    zip_local_check(directory, fault) < 0) {
		return -1;
	}
	return check_unique(directory, fault);
}
