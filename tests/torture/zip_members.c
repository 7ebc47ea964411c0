/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/torture/zip_members.h"

#include "archive/manifest.h"
#include "base/buf.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define MEMBER_MAX (16u << 20)

/* Its bytes, whole or not; what libarchive says of them. */
static int
read_member(struct zip_member *member, struct archive *zip,
    struct archive_entry *entry, struct arena *arena)
{
	struct buf bytes;
	const void *data;
	size_t len;
	la_int64_t offset;
	int rc;

	member->name = arena_text(arena, archive_entry_pathname(entry) != NULL
	                                     ? archive_entry_pathname(entry)
	                                     : "");
	buf_init(&bytes, MEMBER_MAX);
	while ((rc = archive_read_data_block(zip, &data, &len, &offset)) ==
	       ARCHIVE_OK) {
		buf_add(&bytes, data, len);
	}
	member->bytes = arena_copy(arena, buf_bytes(&bytes));
	buf_fini(&bytes);
	return rc;
}

void
zip_members_read(struct zip_members *members, struct arena *arena,
    struct bytes file)
{
	const size_t room = 512;
	struct archive *zip = archive_read_new();
	struct archive_entry *entry;
	int rc = ARCHIVE_FATAL;

	*members = (struct zip_members){
		.list = arena_alloc(arena, room * sizeof(*members->list)),
	};
	archive_read_support_format_zip_seekable(zip);
	members->is_read =
	    archive_read_open_memory(zip, file.data, file.len) == ARCHIVE_OK;
	while (members->is_read && members->count < room &&
	       (rc = archive_read_next_header(zip, &entry)) == ARCHIVE_OK) {
		if (read_member(&members->list[members->count++], zip, entry,
		        arena) != ARCHIVE_EOF) {
			members->has_damage = true;
		}
	}
	members->is_read = members->is_read && rc == ARCHIVE_EOF;
	archive_read_free(zip);
}

const struct zip_member *
zip_members_find(const struct zip_members *members, const char *name)
{
	for (size_t i = 0; i < members->count; i++) {
		if (strcmp(members->list[i].name, name) == 0) {
			return &members->list[i];
		}
	}
	return NULL;
}

/* The manifest that says that this signature is its own. */
static struct bytes
manifest_of(const struct zip_members *members, const char *name)
{
	static const char tag[] = "SigReference";

	for (size_t i = 0; i < members->count; i++) {
		struct bytes text = members->list[i].bytes;
		const uint8_t *at =
		    manifest_role_of(members->list[i].name) != MANIFEST_NONE &&
		            text.len > 0
		        ? memmem(text.data, text.len, tag, strlen(tag))
		        : NULL;
		const uint8_t *end =
		    at != NULL
		        ? memchr(at, '>', (size_t)(text.data + text.len - at))
		        : NULL;

		if (end != NULL && holds(bytes_of(at, (size_t)(end - at)),
		                       bytes_of_text(name))) {
			return text;
		}
	}
	return NO_BYTES;
}

bool
zip_members_is_signed(const char *name)
{
	return !manifest_is_evidence(name) &&
	       manifest_role_of(name) == MANIFEST_NONE &&
	       strcmp(name, "mimetype") != 0;
}

static bool
is_folder(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && name[len - 1] == '/';
}

const struct zip_member *
zip_members_object(const struct zip_members *members)
{
	const struct zip_member *object = NULL;

	for (size_t i = 0; i < members->count; i++) {
		const char *name = members->list[i].name;

		if (zip_members_is_signed(name) && !is_folder(name) &&
		    strncmp(name, "META-INF/", 9) != 0) {
			if (object != NULL) {
				return NULL;
			}
			object = &members->list[i];
		}
	}
	return object;
}

bool
zip_members_is_simple(const struct zip_members *members)
{
	bool is = false;

	for (size_t i = 0; i < members->count; i++) {
		const char *name = members->list[i].name;

		if (manifest_role_of(name) == MANIFEST_SIGNING) {
			return false;
		}
		is = is || manifest_is_simple(name);
	}
	return is && zip_members_object(members) != NULL;
}

struct bytes
zip_members_about(const struct zip_members *members, const char *name,
    bool is_simple)
{
	const struct zip_member *object = zip_members_object(members);

	if (!is_simple || !manifest_is_simple(name)) {
		return manifest_of(members, name);
	}
	return object != NULL ? object->bytes : NO_BYTES;
}
