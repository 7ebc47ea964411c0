/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every entry is stored.  Its local header holds sizes and CRC, so they are
 * known before the data comes; the data is counted and summed again and must
 * agree.  The directory is gathered in memory (46 bytes and the name an
 * entry) and written last.
 *
 *   local:    need 10 (45 with ZIP64), flags 0 or 0800 (a name with a byte
 *             above 7F), method 0, extra none or ZIP64 {size, packed size}
 *   central:  made by Unix (with FAT, unzip 6.0 recodes UTF-8 names), mode
 *             0100644, extra none or ZIP64 {what overflows}
 */

#include "archive/zip_out.h"

#include "archive/zip_format.h"
#include "archive/zip_name.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

#define NEED          10u
#define NEED_ZIP64    45u
#define MADE_BY_20    20u
#define U32_MAX       0xFFFFFFFFu
#define U16_MAX       0xFFFFu
#define MODE_0100644  0x81A40000u
#define DIRECTORY_MAX (UINT64_C(1) << 32)

struct zip_out {
	sink_fn sink;
	void *sink_arg;
	uint32_t time;
	uint64_t offset;
	uint64_t entries;
	struct buf directory;
	struct arena *names;
	const char **seen; /* all names, for the check of duplicates */
	size_t seen_room;
	/* the entry under way; name is NULL between entries */
	struct zip_out_entry entry;
	uint64_t got;
	uint32_t crc32;
};

/* Two seconds are ZIP's resolution.  Computed, never by localtime(). */
static uint32_t
dos_time(int64_t at)
{
	int64_t seconds = at / 1000000;
	int second;
	int year;
	int month;
	int day;

	if (seconds < INT64_C(315532800)) { /* 1980-01-01 */
		seconds = INT64_C(315532800);
	}
	if (seconds > INT64_C(4354819198)) { /* 2107-12-31T23:59:58 */
		seconds = INT64_C(4354819198);
	}
	date_split((date_t)(seconds / 86400), &year, &month, &day);
	second = (int)(seconds % 86400);
	return (uint32_t)(year - 1980) << 25 | (uint32_t)month << 21 |
	       (uint32_t)day << 16 | (uint32_t)(second / 3600) << 11 |
	       (uint32_t)(second / 60 % 60) << 5 | (uint32_t)(second % 60 / 2);
}

struct zip_out *
zip_out_new_at(sink_fn sink, void *sink_arg, uint32_t time)
{
	struct zip_out *zip = xzalloc(sizeof(*zip));

	zip->sink = sink;
	zip->sink_arg = sink_arg;
	zip->time = time;
	zip->names = arena_new();
	buf_init(&zip->directory, DIRECTORY_MAX);
	return zip;
}

struct zip_out *
zip_out_new(sink_fn sink, void *sink_arg, int64_t at)
{
	return zip_out_new_at(sink, sink_arg, dos_time(at));
}

void
zip_out_free(struct zip_out *zip)
{
	if (zip != NULL) {
		buf_fini(&zip->directory);
		arena_free(zip->names);
		free(zip->seen);
		free(zip);
	}
}

static int
give(struct zip_out *zip, const void *data, size_t len, struct fault *fault)
{
	zip->offset += len;
	return zip->sink(zip->sink_arg, bytes_of(data, len), fault);
}

static uint16_t
flags_of(const char *name)
{
	for (const char *c = name; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80) {
			return ZIP_FLAG_UTF8;
		}
	}
	return 0;
}

static uint32_t
capped(uint64_t value)
{
	return value >= U32_MAX ? U32_MAX : (uint32_t)value;
}

/* The fields that local and central header share, from `need` on. */
static void
put_common(const struct zip_out *zip, uint8_t *p,
    const struct zip_out_entry *entry, bool is_zip64)
{
	uint32_t size = is_zip64 ? U32_MAX : (uint32_t)entry->size;

	wire_put_u16le(p, is_zip64 ? NEED_ZIP64 : NEED);
	wire_put_u16le(p + 2, flags_of(entry->name));
	wire_put_u16le(p + 4, ZIP_STORED);
	wire_put_u32le(p + 6, zip->time);
	wire_put_u32le(p + 10, entry->crc32);
	wire_put_u32le(p + 14, size);
	wire_put_u32le(p + 18, size);
	wire_put_u16le(p + 22, (uint16_t)strlen(entry->name));
}

static void
add_central(struct zip_out *zip, const struct zip_out_entry *entry)
{
	bool is_big = entry->size >= U32_MAX;
	bool is_far = zip->offset >= U32_MAX;
	uint8_t header[ZIP_CENTRAL_BYTES] = { 0 };
	uint8_t extra[4 + 24];
	uint16_t len = 4;

	if (is_big) {
		wire_put_u64le(extra + len, entry->size);
		wire_put_u64le(extra + len + 8, entry->size);
		len += 16;
	}
	if (is_far) {
		wire_put_u64le(extra + len, zip->offset);
		len += 8;
	}
	wire_put_u16le(extra, ZIP_EXTRA_ZIP64);
	wire_put_u16le(extra + 2, (uint16_t)(len - 4));

	wire_put_u32le(header, ZIP_CENTRAL);
	put_common(zip, header + 6, entry, is_big);
	if (is_far) {
		wire_put_u16le(header + 6, NEED_ZIP64);
	}
	header[4] = is_big || is_far ? NEED_ZIP64 : MADE_BY_20;
	header[5] = ZIP_MADE_BY_UNIX;
	wire_put_u16le(header + 30, len > 4 ? len : 0);
	wire_put_u32le(header + 38, MODE_0100644);
	wire_put_u32le(header + 42, capped(zip->offset));
	buf_add(&zip->directory, header, sizeof(header));
	buf_add_text(&zip->directory, entry->name);
	buf_add(&zip->directory, extra, len > 4 ? len : 0);
}

static void
remember(struct zip_out *zip, const char *name)
{
	if (zip->entries == zip->seen_room) {
		size_t room = zip->seen_room > 0 ? zip->seen_room * 2 : 64;
		const char **seen = xzalloc(room * sizeof(*seen));

		if (zip->entries > 0) {
			memcpy(seen, zip->seen, zip->entries * sizeof(*seen));
		}
		free(zip->seen);
		zip->seen = seen;
		zip->seen_room = room;
	}
	zip->seen[zip->entries++] = arena_text(zip->names, name);
}

int
zip_out_begin(struct zip_out *zip, const struct zip_out_entry *entry,
    struct fault *fault)
{
	bool is_zip64 = entry->size >= U32_MAX;
	uint8_t header[ZIP_LOCAL_BYTES] = { 0 };
	uint8_t extra[20];

	assert(zip->entry.name == NULL);
	if (zip_name_check(bytes_of_text(entry->name), fault) < 0) {
		fault_prefix(fault, "entry %s", text_clipped(entry->name));
		return -1;
	}
	add_central(zip, entry);
	if (buf_check(&zip->directory, fault) < 0) {
		return -1;
	}
	remember(zip, entry->name);
	zip->entry = *entry;
	zip->entry.name = zip->seen[zip->entries - 1];
	zip->got = 0;
	zip->crc32 = (uint32_t)crc32(0, NULL, 0);

	wire_put_u32le(header, ZIP_LOCAL);
	put_common(zip, header + 4, entry, is_zip64);
	wire_put_u16le(header + 28, is_zip64 ? sizeof(extra) : 0);
	if (give(zip, header, sizeof(header), fault) < 0 ||
	    give(zip, entry->name, strlen(entry->name), fault) < 0) {
		return -1;
	}
	wire_put_u16le(extra, ZIP_EXTRA_ZIP64);
	wire_put_u16le(extra + 2, 16);
	wire_put_u64le(extra + 4, entry->size);
	wire_put_u64le(extra + 12, entry->size);
	return is_zip64 ? give(zip, extra, sizeof(extra), fault) : 0;
}

int
zip_out_data(void *arg, struct bytes bytes, struct fault *fault)
{
	struct zip_out *zip = arg;

	assert(zip->entry.name != NULL);
	if (bytes.len > zip->entry.size - zip->got) {
		return fault_set(fault, FAULT_INVALID,
		    "entry %s: more than the %" PRIu64
		    " bytes that were announced",
		    text_clipped(zip->entry.name), zip->entry.size);
	}
	zip->got += bytes.len;
	zip->crc32 = (uint32_t)crc32_z(zip->crc32, bytes.data, bytes.len);
	return bytes.len > 0 ? give(zip, bytes.data, bytes.len, fault) : 0;
}

int
zip_out_end(struct zip_out *zip, struct fault *fault)
{
	assert(zip->entry.name != NULL);
	if (zip->got != zip->entry.size) {
		return fault_set(fault, FAULT_INVALID,
		    "entry %s: %" PRIu64 " bytes came, %" PRIu64
		    " were announced",
		    text_clipped(zip->entry.name), zip->got, zip->entry.size);
	}
	if (zip->crc32 != zip->entry.crc32) {
		return fault_set(fault, FAULT_INVALID,
		    "entry %s: other bytes came than were announced",
		    text_clipped(zip->entry.name));
	}
	zip->entry.name = NULL;
	return 0;
}

void
zip_out_skip(struct zip_out *zip)
{
	assert(zip->entry.name != NULL);
	zip->offset += zip->entry.size;
	zip->entry.name = NULL;
}

int
zip_out_add(struct zip_out *zip, const char *name, struct bytes bytes,
    struct fault *fault)
{
	struct zip_out_entry entry = { .name = name,
		.size = bytes.len,
		.crc32 = (uint32_t)crc32_z(0, bytes.data, bytes.len) };

	if (bytes.len == 0) {
		entry.crc32 = 0;
	}
	if (zip_out_begin(zip, &entry, fault) < 0 ||
	    zip_out_data(zip, bytes, fault) < 0) {
		return -1;
	}
	return zip_out_end(zip, fault);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
check_duplicates(struct zip_out *zip, struct fault *fault)
{
	if (zip->entries > 0) {
		qsort(zip->seen, zip->entries, sizeof(*zip->seen),
		    compare_names);
	}
	for (uint64_t i = 1; i < zip->entries; i++) {
		if (strcmp(zip->seen[i - 1], zip->seen[i]) == 0) {
			return fault_set(fault, FAULT_INVALID,
			    "two entries are named %s",
			    text_clipped(zip->seen[i]));
		}
	}
	return 0;
}

static bool
ends_in_zip64(uint64_t offset, uint64_t directory_size, uint64_t entries)
{
	return offset >= U32_MAX || directory_size >= U32_MAX ||
	       entries >= U16_MAX;
}

static int
give_end64(struct zip_out *zip, uint64_t directory_offset, struct fault *fault)
{
	uint8_t end[ZIP_END64_BYTES + ZIP_LOCATOR64_BYTES] = { 0 };
	uint8_t *locator = end + ZIP_END64_BYTES;

	wire_put_u32le(end, ZIP_END64);
	wire_put_u64le(end + 4, ZIP_END64_BYTES - 12);
	end[12] = NEED_ZIP64;
	end[13] = ZIP_MADE_BY_UNIX;
	wire_put_u16le(end + 14, NEED_ZIP64);
	wire_put_u64le(end + 24, zip->entries);
	wire_put_u64le(end + 32, zip->entries);
	wire_put_u64le(end + 40, zip->directory.len);
	wire_put_u64le(end + 48, directory_offset);
	wire_put_u32le(locator, ZIP_LOCATOR64);
	wire_put_u64le(locator + 8, zip->offset);
	wire_put_u32le(locator + 16, 1);
	return give(zip, end, sizeof(end), fault);
}

int
zip_out_finish(struct zip_out *zip, struct fault *fault)
{
	uint64_t directory_offset = zip->offset;
	uint8_t end[ZIP_END_BYTES] = { 0 };
	uint16_t entries = zip->entries >= U16_MAX ? (uint16_t)U16_MAX
	                                           : (uint16_t)zip->entries;

	assert(zip->entry.name == NULL);
	if (check_duplicates(zip, fault) < 0) {
		return -1;
	}
	if (zip->directory.len > 0 &&
	    give(zip, zip->directory.data, zip->directory.len, fault) < 0) {
		return -1;
	}
	if (ends_in_zip64(directory_offset, zip->directory.len, zip->entries) &&
	    give_end64(zip, directory_offset, fault) < 0) {
		return -1;
	}
	wire_put_u32le(end, ZIP_END);
	wire_put_u16le(end + 8, entries);
	wire_put_u16le(end + 10, entries);
	wire_put_u32le(end + 12, capped(zip->directory.len));
	wire_put_u32le(end + 16, capped(directory_offset));
	return give(zip, end, sizeof(end), fault);
}

uint64_t
zip_out_size(const struct zip_out *zip)
{
	return zip->offset;
}

uint64_t
zip_out_size_of(const struct zip_out_entry *entries, size_t count)
{
	uint64_t offset = 0;
	uint64_t directory = 0;

	for (size_t i = 0; i < count; i++) {
		size_t name_len = strlen(entries[i].name);
		bool is_big = entries[i].size >= U32_MAX;
		bool is_far = offset >= U32_MAX;

		directory += ZIP_CENTRAL_BYTES + name_len +
		             (is_big || is_far ? 4u : 0u) +
		             (is_big ? 16u : 0u) + (is_far ? 8u : 0u);
		offset += ZIP_LOCAL_BYTES + name_len + (is_big ? 20u : 0u) +
		          entries[i].size;
	}
	if (ends_in_zip64(offset, directory, count)) {
		directory += ZIP_END64_BYTES + ZIP_LOCATOR64_BYTES;
	}
	return offset + directory + ZIP_END_BYTES;
}
