/* SPDX-License-Identifier: Apache-2.0 */

#include "core/package_filling.h"

#include "base/hex.h"
#include "core/record.h"

#define ROOM_MIN 32u /* of the lists, which grow */

struct blob *
package_filling_blob(const struct package_filling *filling, const char *hex,
    const char *name, struct fault *fault)
{
	struct sha256 sum;
	struct blob *blob;
	int found;

	if (!hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		fault_set(fault, FAULT_CORRUPT,
		    "a file is named by %s, which is no SHA-256", hex);
		return NULL;
	}
	found =
	    blob_find(filling->snapshot, &sum, filling->arena, &blob, fault);
	if (found == 0) {
		fault_set(fault, FAULT_CORRUPT,
		    "the bytes of %s are not stored", name);
	}
	return found == 1 ? blob : NULL;
}

int
package_filling_read(const struct package_filling *filling, const char *hex,
    struct bytes *bytes_out, struct fault *fault)
{
	struct blob *blob = package_filling_blob(filling, hex, hex, fault);
	uint8_t *data;
	size_t size;

	if (blob == NULL) {
		return -1;
	}
	size = (size_t)blob_size(blob);
	data = arena_alloc(filling->arena, size);
	*bytes_out = bytes_of(data, size);
	return blob_read(blob, 0, data, size, fault);
}

void *
package_filling_grown(const struct package_filling *filling, const void *list,
    size_t count, size_t *room, size_t max, size_t size)
{
	void *more;

	*room = *room == 0 ? ROOM_MIN : 2 * *room;
	*room = *room < max ? *room : max;
	more = arena_alloc(filling->arena, *room * size);
	if (count > 0) {
		memcpy(more, list, count * size);
	}
	return more;
}

int
package_filling_add(struct package_filling *filling,
    const struct package_record *record, struct fault *fault)
{
	struct package_spec *spec = filling->spec;

	size_t room = filling->record_room;

	if (spec->record_count == PACKAGE_RECORDS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a container holds at most %u records and receipts",
		    PACKAGE_RECORDS_MAX);
	}
	if (spec->record_count == room) {
		filling->sources =
		    package_filling_grown(filling, filling->sources, room,
		        &room, PACKAGE_RECORDS_MAX, sizeof(*filling->sources));
		filling->records = package_filling_grown(filling,
		    filling->records, spec->record_count, &filling->record_room,
		    PACKAGE_RECORDS_MAX, sizeof(*filling->records));
	}
	filling->records[spec->record_count++] = *record;
	return 0;
}

int
package_filling_record(struct package_filling *filling,
    const struct record *record, const char *path, const char *title,
    struct fault *fault)
{
	struct package_record entry = { .path = path,
		.title = title,
		.at = json_integer_at(record->value, "at"),
		.bytes = record->bytes };

	if (package_filling_add(filling, &entry, fault) < 0) {
		return -1;
	}
	filling->sources[filling->spec->record_count - 1] = *record;
	return 0;
}
