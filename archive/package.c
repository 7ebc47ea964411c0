/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A container of a sealed package (AIP) holds, in this order:
 *
 *     mimetype
 *     README.txt, SHA256SUMS, <folder>/...        sorted by name
 *     META-INF/ASiCManifest001.xml, META-INF/signature001.p7s
 *
 * and the folder is an E-ARK package whose name is its object id with "_" for
 * ":".  Every file is named by the manifest; every file of the folder but
 * METS.xml is named by METS.xml too; every file but SHA256SUMS itself is in
 * SHA256SUMS, for people with a shell.  A SIP or DIP is a ZIP of the folder
 * alone.
 */

#include "archive/package.h"

#include "archive/manifest.h"
#include "archive/package_parts.h"
#include "archive/uuid.h"
#include "archive/zip_out.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

static int
check_spec(const struct package_spec *spec, struct fault *fault)
{
	if (spec->id == NULL || spec->id[0] == '\0' || spec->title == NULL ||
	    spec->software == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "a package needs an id, a title and the software's name");
	}
	if (spec->file_count > PACKAGE_FILES_MAX ||
	    spec->record_count > PACKAGE_RECORDS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a package holds at most %u attachments and %u records",
		    PACKAGE_FILES_MAX, PACKAGE_RECORDS_MAX);
	}
	for (size_t i = 0; i < spec->file_count; i++) {
		if (spec->files[i].name == NULL ||
		    !text_is_utf8(bytes_of_text(spec->files[i].name))) {
			return fault_set(fault, FAULT_INVALID,
			    "attachment %zu has no name in UTF-8", i + 1);
		}
	}
	return 0;
}

static void
set_identity(struct package *package)
{
	char uuid[UUID_TEXT];
	char *folder;

	package->object_id = package->spec->object_id;
	if (package->object_id == NULL) {
		uuid_of(uuid, "hoso:dossier", package->spec->id);
		package->object_id =
		    arena_format(package->arena, "urn:uuid:%s", uuid);
	}
	folder = arena_text(package->arena, package->object_id);
	for (char *c = folder; *c != '\0'; c++) {
		if (*c == ':') {
			*c = '_';
		}
	}
	package->folder = folder;
}

int
package_new(struct package **package_out, const struct package_spec *spec,
    struct fault *fault)
{
	struct package *package = xzalloc(sizeof(*package));

	package->spec = spec;
	package->arena = arena_new();
	if (check_spec(spec, fault) < 0) {
		package_free(package);
		return -1;
	}
	set_identity(package);
	if (package_make(package, fault) < 0) {
		package_free(package);
		return -1;
	}
	*package_out = package;
	return 0;
}

void
package_free(struct package *package)
{
	if (package != NULL) {
		arena_free(package->arena);
		free(package->members);
		free(package);
	}
}

struct bytes
package_manifest(const struct package *package)
{
	return package->manifest;
}

const char *
package_object_id(const struct package *package)
{
	return package->object_id;
}

const char *
package_folder(const struct package *package)
{
	return package->folder;
}

const char *
package_path(const struct package *package, size_t i)
{
	for (size_t j = 0; j < package->count; j++) {
		if (package->members[j].file == &package->spec->files[i]) {
			return package->members[j].name;
		}
	}
	return NULL;
}

uint64_t
package_size(const struct package *package, size_t signature_len)
{
	struct zip_out_entry *entries =
	    xzalloc((package->count + 3) * sizeof(*entries));
	size_t count = 0;
	uint64_t size;

	entries[count++] = (struct zip_out_entry){ .name = "mimetype",
		.size = strlen(MANIFEST_MIMETYPE) };
	for (size_t i = 0; i < package->count; i++) {
		entries[count++] =
		    (struct zip_out_entry){ .name = package->members[i].name,
			    .size = package->members[i].size };
	}
	entries[count++] = (struct zip_out_entry){ .name = MANIFEST_NAME,
		.size = package->manifest.len };
	entries[count++] = (struct zip_out_entry){ .name = MANIFEST_SIGNATURE,
		.size = signature_len };
	size = zip_out_size_of(entries, count);
	free(entries);
	return size;
}

static int
write_member(struct zip_out *zip, const struct package_member *member,
    struct fault *fault)
{
	struct zip_out_entry entry = { .name = member->name,
		.size = member->size,
		.crc32 = member->crc32 };

	if (member->file == NULL) {
		return zip_out_add(zip, member->name, member->bytes, fault);
	}
	if (zip_out_begin(zip, &entry, fault) < 0 ||
	    member->content.pour(member->content.arg, zip_out_data, zip,
	        fault) < 0) {
		fault_prefix(fault, "attachment %s",
		    text_clipped(member->file->name));
		return -1;
	}
	if (zip_out_end(zip, fault) < 0) {
		fault->code = FAULT_CORRUPT; /* it was whole a moment ago */
		return -1;
	}
	return 0;
}

static int
write_members(struct zip_out *zip, const struct package *package,
    struct fault *fault)
{
	for (size_t i = 0; i < package->count; i++) {
		if (write_member(zip, &package->members[i], fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
package_write_plain(const struct package *package, sink_fn sink, void *sink_arg,
    struct fault *fault)
{
	struct zip_out *zip =
	    zip_out_new(sink, sink_arg, package->spec->sealed_at);
	int rc = write_members(zip, package, fault);

	if (rc == 0) {
		rc = zip_out_finish(zip, fault);
	}
	zip_out_free(zip);
	return rc;
}

int
package_write(const struct package *package, struct bytes signature,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct zip_out *zip =
	    zip_out_new(sink, sink_arg, package->spec->sealed_at);
	int rc = -1;

	if (zip_out_add(zip, "mimetype", bytes_of_text(MANIFEST_MIMETYPE),
	        fault) < 0 ||
	    write_members(zip, package, fault) < 0 ||
	    zip_out_add(zip, MANIFEST_NAME, package->manifest, fault) < 0 ||
	    zip_out_add(zip, MANIFEST_SIGNATURE, signature, fault) < 0) {
		goto out;
	}
	rc = zip_out_finish(zip, fault);
out:
	zip_out_free(zip);
	return rc;
}
