/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/zip_local.h"

#include "archive/zip_format.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"

#include <inttypes.h>
#include <stdlib.h>

#define HEADER_MAX (ZIP_LOCAL_BYTES + 2u * 0x10000u)

/* The sizes and CRC of the local header against the directory's. */
static int
check_local_sizes(const struct zip_directory *directory,
    const struct zip_entry *entry, const uint8_t *header, struct bytes zip64,
    struct fault *fault)
{
	uint32_t crc32 = wire_get_u32le(header + 14);
	uint64_t packed_size = wire_get_u32le(header + 18);
	uint64_t size = wire_get_u32le(header + 22);
	bool is_later = (entry->flags & ZIP_FLAG_DESCRIPTOR) != 0;

	if (!zip_directory_take_u64(&zip64, &size) ||
	    !zip_directory_take_u64(&zip64, &packed_size)) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "the ZIP64 field of its local header is too short");
	}
	if (is_later && crc32 == 0 && (size == 0 || size == entry->size) &&
	    (packed_size == 0 || packed_size == entry->packed_size)) {
		return 0;
	}
	if (crc32 != entry->crc32 || size != entry->size ||
	    packed_size != entry->packed_size) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "local header and directory give other sizes or CRC");
	}
	return 0;
}

/* The whole local header with name and extra fields, in `bytes`. */
static int
read_local_bytes(const struct zip_directory *directory,
    const struct zip_entry *entry, struct buf *bytes, struct fault *fault)
{
	const struct source *source = directory->source;
	uint8_t *header;
	size_t more;

	buf_reset(bytes);
	if (entry->offset > directory->offset ||
	    directory->offset - entry->offset < ZIP_LOCAL_BYTES) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its local header lies beyond the directory");
	}
	header = buf_reserve(bytes, ZIP_LOCAL_BYTES);
	if (source->read(source->arg, entry->offset, header, ZIP_LOCAL_BYTES,
	        fault) < 0) {
		return -1;
	}
	buf_grow(bytes, ZIP_LOCAL_BYTES);
	if (wire_get_u32le(header) != ZIP_LOCAL) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "there is no local header in its place");
	}
	more =
	    (size_t)wire_get_u16le(header + 26) + wire_get_u16le(header + 28);
	if (directory->offset - entry->offset - ZIP_LOCAL_BYTES < more) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its local header reaches into the directory");
	}
	if (source->read(source->arg, entry->offset + ZIP_LOCAL_BYTES,
	        buf_reserve(bytes, more), more, fault) < 0) {
		return -1;
	}
	buf_grow(bytes, more);
	return 0;
}

static int
check_local(const struct zip_directory *directory, struct zip_entry *entry,
    struct buf *bytes, struct fault *fault)
{
	const uint8_t *header;
	struct bytes zip64;
	struct bytes name;

	if (read_local_bytes(directory, entry, bytes, fault) < 0) {
		return -1;
	}
	header = bytes->data;
	name = bytes_of(header + ZIP_LOCAL_BYTES, wire_get_u16le(header + 26));
	if (!bytes_equal(name, bytes_of_text(entry->name))) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its local header names it otherwise");
	}
	if (wire_get_u16le(header + 6) != entry->flags ||
	    wire_get_u16le(header + 8) != entry->method) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "local header and directory give other flags or methods");
	}
	entry->extra_len = wire_get_u16le(header + 28);
	if (zip_directory_extra(directory, entry->name,
	        bytes_of(name.data + name.len, entry->extra_len), &zip64,
	        fault) < 0 ||
	    check_local_sizes(directory, entry, header, zip64, fault) < 0) {
		return -1;
	}
	entry->data_offset = entry->offset + bytes->len;
	if (entry->packed_size > directory->offset - entry->data_offset) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its bytes reach into the directory");
	}
	return 0;
}

static int
compare_places(const void *a, const void *b)
{
	const struct zip_entry *one = *(const struct zip_entry *const *)a;
	const struct zip_entry *two = *(const struct zip_entry *const *)b;

	return (one->offset > two->offset) - (one->offset < two->offset);
}

/* `len` bytes behind the data, up to the next entry: the descriptor. */
static bool
descriptor_is_fit(const struct zip_entry *entry, const uint8_t *p, size_t len)
{
	if ((len == 16 || len == 24) && wire_get_u32le(p) == ZIP_DESCRIPTOR) {
		p += 4;
		len -= 4;
	}
	if (len == 12) {
		return wire_get_u32le(p) == entry->crc32 &&
		       wire_get_u32le(p + 4) == entry->packed_size &&
		       wire_get_u32le(p + 8) == entry->size;
	}
	return len == 20 && wire_get_u32le(p) == entry->crc32 &&
	       wire_get_u64le(p + 4) == entry->packed_size &&
	       wire_get_u64le(p + 12) == entry->size;
}

/* What lies between an entry's data and the place where the next begins. */
static int
check_gap(const struct zip_directory *directory, const struct zip_entry *entry,
    uint64_t next, struct fault *fault)
{
	uint64_t end = entry->data_offset + entry->packed_size;
	uint8_t descriptor[24];

	if (end > next) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "it overlaps the entry behind it");
	}
	if ((entry->flags & ZIP_FLAG_DESCRIPTOR) == 0) {
		return end == next
		           ? 0
		           : zip_directory_refuse(directory, entry->name, fault,
		                 "%" PRIu64
		                 " bytes behind it belong to nothing",
		                 next - end);
	}
	if (next - end > sizeof(descriptor)) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "bytes behind its descriptor belong to nothing");
	}
	if (directory->source->read(directory->source->arg, end, descriptor,
	        (size_t)(next - end), fault) < 0) {
		return -1;
	}
	if (!descriptor_is_fit(entry, descriptor, (size_t)(next - end))) {
		return zip_directory_refuse(directory, entry->name, fault,
		    "its data descriptor contradicts the directory");
	}
	zip_directory_note(directory, entry->name,
	    "sizes come behind the data");
	return 0;
}

static int
check_places(const struct zip_directory *directory, struct fault *fault)
{
	struct zip_entry **sorted =
	    xzalloc(directory->count * sizeof(struct zip_entry *));
	int rc = 0;

	for (size_t i = 0; i < directory->count; i++) {
		sorted[i] = &directory->entries[i];
	}
	if (directory->count > 0) {
		qsort(sorted, directory->count, sizeof(struct zip_entry *),
		    compare_places);
	}
	if (directory->count > 0 && sorted[0]->offset != 0) {
		rc = zip_directory_refuse(directory, sorted[0]->name, fault,
		    "%" PRIu64 " bytes before the first entry",
		    sorted[0]->offset);
	}
	if (directory->count == 0 && directory->offset != 0) {
		rc = zip_directory_refuse(directory, NULL, fault,
		    "bytes before an empty directory");
	}
	for (size_t i = 0; i < directory->count && rc == 0; i++) {
		rc = check_gap(directory, sorted[i],
		    i + 1 < directory->count ? sorted[i + 1]->offset
		                             : directory->offset,
		    fault);
	}
	free(sorted);
	return rc;
}

int
zip_local_check(const struct zip_directory *directory, struct fault *fault)
{
	struct buf bytes;
	int rc = 0;

	buf_init(&bytes, HEADER_MAX);
	for (size_t i = 0; i < directory->count && rc == 0; i++) {
		rc = check_local(directory, &directory->entries[i], &bytes,
		    fault);
	}
	buf_fini(&bytes);
	return rc < 0 ? -1 : check_places(directory, fault);
}
