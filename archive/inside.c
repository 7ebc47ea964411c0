/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SHA256SUMS, which the container's signature covers, tells the digest of each
 * attachment.  By that are named the file of what proves it and the record of
 * its examination, which knows what a signature of its own is about.
 */

#include "archive/inside.h"

#include "archive/indication.h"
#include "archive/validation_material.h"
#include "archive/zip_format.h"
#include "archive/zip_in.h"
#include "base/digest.h"
#include "base/json.h"

#include <string.h>

#define SUMS       "SHA256SUMS"
#define SUMS_MAX   (16u << 20)
#define DATA       "/representations/rep1/data/"
#define RECORD     "%.*s/metadata/other/records/examination-%s.json"
#define MATERIAL   "%.*s/metadata/other/validation/%s.p7c"
#define RECORD_MAX (4u << 20)
#define HEX        (2 * SHA256_BYTES)

struct inside {
	const struct source *container;
	const struct verify_options *options;
	int64_t existed_at;
	struct zip_in *zip;
	struct arena *arena; /* of the container */
	struct bytes sums;
	inside_fn told;
	void *arg;
};

/* One attachment; its arena is its own. */
struct member {
	const struct inside *inside;
	struct arena *arena;
	const struct zip_entry *entry;
	const char *hex; /* its SHA-256 */
	int folder;      /* length of the package's name */
	struct source_part part;
};

/* --- SHA256SUMS: "HEX  NAME\n" --------------------------------------------------- */

/* The next line in its two parts; false: there is none of this form. */
static bool
take_line(struct bytes *rest, struct bytes *hex_out, struct bytes *name_out)
{
	const uint8_t *end =
	    rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->data) : 0;

	if (len < HEX + 2) {
		return false;
	}
	*hex_out = bytes_of(rest->data, HEX);
	*name_out = bytes_of(rest->data + HEX + 2, len - HEX - 2);
	*rest = bytes_of(end + 1, rest->len - len - 1);
	return true;
}

/* NULL: the list has no such name. */
static const char *
digest_of(const struct inside *inside, struct arena *arena, const char *name)
{
	struct bytes rest = inside->sums;
	struct bytes hex, listed;

	while (take_line(&rest, &hex, &listed)) {
		if (bytes_equal(listed, bytes_of_text(name))) {
			return arena_text_of(arena, hex);
		}
	}
	return NULL;
}

/* The attachment of this digest; NULL: there is none. */
static const struct zip_entry *
find_by_digest(const struct inside *inside, struct arena *arena,
    const char *wanted)
{
	struct bytes rest = inside->sums;
	struct bytes hex, listed;

	while (take_line(&rest, &hex, &listed)) {
		const char *name;

		if (!bytes_equal(hex, bytes_of_text(wanted))) {
			continue;
		}
		name = arena_text_of(arena, listed);
		if (strstr(name, DATA) != NULL) {
			return zip_in_find(inside->zip, name);
		}
	}
	return NULL;
}

/* --- what belongs to an attachment ------------------------------------------------- */

/* A small member that may be missing: 1, 0, -1. */
static int
read_beside(const struct member *member, const char *name, size_t max,
    struct bytes *bytes_out, struct fault *fault)
{
	const struct zip_entry *entry = zip_in_find(member->inside->zip, name);
	struct buf bytes;
	int rc;

	if (entry == NULL) {
		return 0;
	}
	buf_init(&bytes, max);
	rc = zip_in_read(member->inside->zip, entry, &bytes, fault);
	if (rc == 0) {
		*bytes_out = arena_copy(member->arena, buf_bytes(&bytes));
	}
	buf_fini(&bytes);
	return rc < 0 ? -1 : 1;
}

static int
add_material(struct validation_material *material, const struct member *member,
    struct fault *fault)
{
	const char *name = arena_format(member->arena, MATERIAL, member->folder,
	    member->entry->name, member->hex);
	struct bytes file;
	int rc = read_beside(member, name, VALIDATION_FILE_MAX, &file, fault);

	if (rc <= 0) {
		return rc;
	}
	if (validation_material_add_file(material, file, fault) < 0) {
		fault_prefix(fault, "%s", name);
		return -1;
	}
	return 0;
}

/* What a signature of its own is about: 1, 0, -1. */
static int
find_content(struct source_part *content_out, const struct member *member,
    struct fault *fault)
{
	const struct inside *inside = member->inside;
	const struct zip_entry *entry = NULL;
	const char *hex = NULL;
	struct bytes record;
	int rc = read_beside(member,
	    arena_format(member->arena, RECORD, member->folder,
	        member->entry->name, member->hex),
	    RECORD_MAX, &record, fault);

	if (rc == 1) {
		hex = json_text_at(
		    json_object_get(json_read(member->arena, record, fault),
		        "content"),
		    "sha256");
	}
	if (hex != NULL) {
		entry = find_by_digest(inside, member->arena, hex);
	}
	if (entry == NULL) {
		return rc < 0 ? -1 : 0;
	}
	*content_out = (struct source_part){ inside->container,
		entry->data_offset, entry->size };
	return 1;
}

/* --- one attachment ------------------------------------------------------------------ */

static int
examine_member(const struct member *member,
    const struct validation_material *material, struct fault *fault)
{
	const struct inside *inside = member->inside;
	struct verify_options options = *inside->options;
	struct source_part part = { .whole = NULL };
	struct source source;
	struct source file = source_part(&member->part);
	struct content content = content_of_source(&source);
	struct examine_question question = { .file = &file,
		.objects = &content,
		.options = &options };
	struct findings findings;
	enum examined kind;
	int found = find_content(&part, member, fault);
	int rc = -1;

	if (found < 0) {
		return -1;
	}
	question.object_count = (size_t)found;
	source = source_part(&part);
	options.existed_at = inside->existed_at;
	options.material = material;
	findings_init(&findings, member->arena);
	if (examine(&kind, &findings, &question, fault) == 0) {
		rc = inside->told(inside->arg, member->entry->name, kind,
		    &findings, fault);
	}
	findings_fini(&findings);
	return rc;
}

static int
prove_member(const struct member *member, struct fault *fault)
{
	struct validation_material material;
	int rc;

	validation_material_init(&material);
	rc = add_material(&material, member, fault);
	if (rc == 0) {
		rc = examine_member(member, &material, fault);
	}
	validation_material_fini(&material);
	return rc;
}

static int
look_at(const struct inside *inside, const struct zip_entry *entry,
    const char *data, struct fault *fault)
{
	struct member member = { .inside = inside,
		.arena = arena_new(),
		.entry = entry,
		.folder = (int)(data - entry->name),
		.part = { inside->container, entry->data_offset,
		    entry->size } };
	struct source source;
	enum examined kind;
	int rc = -1;

	member.hex = digest_of(inside, member.arena, entry->name);
	source = source_part(&member.part);
	if (entry->method != ZIP_STORED || member.hex == NULL) {
		fault_set(fault, FAULT_INVALID,
		    "%s is not kept as we keep attachments", entry->name);
	} else if (examine_find_kind(&kind, &source, fault) == 0) {
		rc =
		    kind == EXAMINED_NOTHING ? 0 : prove_member(&member, fault);
	}
	arena_free(member.arena);
	return rc;
}

/* --- all of them --------------------------------------------------------------------- */

int64_t
inside_existed_at(const struct findings *container)
{
	const char *passed = indication_name(TOTAL_PASSED);
	const json_t *signature;
	int64_t at = 0;
	size_t i;

	json_array_foreach(container->signatures, i, signature)
	{
		const char *indication = json_text_at(signature, "indication");
		int64_t proven = json_integer_at(signature, "proven_at");

		/* Anybody may countersign, and is not who sealed. */
		if (json_object_get(signature, "countersigns") != NULL) {
			continue;
		}
		if (indication != NULL && strcmp(indication, passed) == 0 &&
		    proven > at) {
			at = proven; /* the last covers all that is in it */
		}
	}
	return findings_is_good(container) ? at : 0;
}

static int
read_sums(struct inside *inside, struct fault *fault)
{
	const struct zip_entry *entry = zip_in_find(inside->zip, SUMS);
	struct buf bytes;
	int rc;

	if (entry == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "it is no container of this archive: it has no " SUMS);
	}
	buf_init(&bytes, SUMS_MAX);
	rc = zip_in_read(inside->zip, entry, &bytes, fault);
	inside->sums = arena_copy(inside->arena, buf_bytes(&bytes));
	buf_fini(&bytes);
	return rc;
}

static int
examine_all(struct inside *inside, struct fault *fault)
{
	int rc = read_sums(inside, fault);

	for (size_t i = 0; rc == 0 && i < zip_in_count(inside->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(inside->zip, i);
		const char *data = strstr(entry->name, DATA);

		if (data != NULL && !entry->is_folder) {
			rc = look_at(inside, entry, data, fault);
		}
	}
	return rc;
}

int
inside_examine(const struct source *container,
    const struct verify_options *options, int64_t existed_at, inside_fn told,
    void *arg, struct fault *fault)
{
	struct zip_limits limits = zip_in_presets;
	struct inside inside = { .container = container,
		.options = options,
		.existed_at = existed_at,
		.told = told,
		.arg = arg };
	int rc;

	limits.total_max_bytes = container->size;
	limits.entries_max = 4 * zip_in_presets.entries_max;
	if (zip_in_open(&inside.zip, container, &limits, NULL, fault) < 0) {
		return -1;
	}
	inside.arena = arena_new();
	rc = examine_all(&inside, fault);
	arena_free(inside.arena);
	zip_in_free(inside.zip);
	return rc;
}
