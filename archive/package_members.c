/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Members are made from the inside out, each after those that it lists:
 * attachments, descriptions, PREMIS, METS of the representation, METS,
 * README, SHA256SUMS, manifest.
 */

#include "archive/manifest.h"
#include "archive/package_parts.h"
#include "archive/zip_name.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define MEMBER_MAX    (64u << 20) /* of what we make: METS, manifest */
#define PATH_MAX_OURS 180u        /* of an inner path */
#define CODE_MAX      100u

/* --- spellings ---------------------------------------------------------- */

const char *
package_code(const struct package *package)
{
	const struct package_spec *spec = package->spec;

	return spec->code != NULL ? spec->code : spec->id;
}

const char *
package_inner(const struct package *package, const char *name)
{
	return name + strlen(package->folder) + 1;
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* The dossier's code with "-" for what no file name of a package may have. */
static const char *
plain_code(const struct package *package)
{
	const char *code = package_code(package);
	char *plain = arena_text(package->arena, code);
	size_t len = 0;

	for (const char *c = code; *c != '\0' && len < CODE_MAX; c++) {
		/* One "-" for a character of several bytes. */
		if (((unsigned char)*c & 0xC0) != 0x80) {
			plain[len++] = is_plain(*c) ? *c : '-';
		}
	}
	plain[len] = '\0';
	if (plain[0] == '.') {
		plain[0] = '-';
	}
	return plain;
}

/* ".pdf" of "Quyết định.PDF"; ".bin" where there is none of this kind. */
static void
extension_of(char extension[10], const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t len = dot != NULL ? strlen(dot + 1) : 0;

	snprintf(extension, 10, ".bin");
	if (len < 1 || len > 8) {
		return;
	}
	for (size_t i = 1; i <= len; i++) {
		char c = dot[i];

		if (c >= 'A' && c <= 'Z') {
			c = (char)(c - 'A' + 'a');
		}
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
			snprintf(extension, 10, ".bin");
			return;
		}
		extension[i] = c;
		extension[i + 1] = '\0';
	}
}

const char *
package_stem(const struct package *package, const struct package_member *member)
{
	return arena_format(package->arena, "%s.%zu", plain_code(package),
	    member->ordinal);
}

/* --- members ------------------------------------------------------------ */

static struct package_member *
new_member(struct package *package, enum package_role role, const char *name,
    const char *media_type)
{
	struct package_member *member;

	if (package->count == package->room) {
		size_t room = package->room > 0 ? package->room * 2 : 64;
		struct package_member *members =
		    xzalloc(room * sizeof(*members));

		if (package->count > 0) {
			memcpy(members, package->members,
			    package->count * sizeof(*members));
		}
		free(package->members);
		package->members = members;
		package->room = room;
	}
	member = &package->members[package->count++];
	*member = (struct package_member){ .role = role,
		.name = name,
		.media_type = media_type };
	return member;
}

/* A member of which all bytes are there. */
static void
add_bytes(struct package *package, enum package_role role, const char *name,
    const char *media_type, struct bytes bytes)
{
	struct package_member *member =
	    new_member(package, role, name, media_type);

	member->bytes = bytes;
	member->size = bytes.len;
	member->sha256 = sha256_of(bytes);
	member->crc32 =
	    bytes.len > 0 ? (uint32_t)crc32_z(0, bytes.data, bytes.len) : 0;
}

static int
add_buf(struct package *package, enum package_role role, const char *inner,
    struct buf *buf, struct fault *fault)
{
	const char *name =
	    role == PACKAGE_OUTSIDE
	        ? inner
	        : arena_format(package->arena, "%s/%s", package->folder, inner);
	const char *dot = strrchr(inner, '.');
	const char *type = dot == NULL || strcmp(dot, ".txt") == 0
	                       ? "text/plain; charset=utf-8"
	                   : strcmp(dot, ".html") == 0
	                       ? "text/html; charset=utf-8"
	                       : "text/xml";

	if (buf_check(buf, fault) < 0) {
		fault_prefix(fault, "%s", inner);
		return -1;
	}
	add_bytes(package, role, name, type,
	    arena_copy(package->arena, buf_bytes(buf)));
	buf_reset(buf);
	return 0;
}

/* The first reading of an attachment. */
struct measuring {
	struct sha256_stream *stream; /* NULL: its sum is believed */
	uint64_t size;
	uint32_t crc32;
};

static int
measure_piece(void *arg, struct bytes bytes, struct fault *fault)
{
	struct measuring *measuring = arg;

	(void)fault;
	measuring->size += bytes.len;
	measuring->crc32 =
	    (uint32_t)crc32_z(measuring->crc32, bytes.data, bytes.len);
	if (measuring->stream != NULL) {
		sha256_stream_add(measuring->stream, bytes);
	}
	return 0;
}

static int
measure(struct package_member *member, bool is_believed, struct fault *fault)
{
	const struct package_file *file = member->file;
	struct measuring measuring = {
		.stream = is_believed ? NULL : sha256_stream_new(),
	};
	int rc = file->content.pour(file->content.arg, measure_piece,
	    &measuring, fault);

	member->sha256 =
	    is_believed ? file->sha256 : sha256_stream_end(measuring.stream);
	member->size = measuring.size;
	member->crc32 = measuring.crc32;
	sha256_stream_free(measuring.stream);
	if (rc == 0 && (member->size != file->size ||
	                   memcmp(member->sha256.bytes, file->sha256.bytes,
	                       SHA256_BYTES) != 0)) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "its bytes are not those that were filed");
	}
	if (rc < 0) {
		fault_prefix(fault, "attachment %s", text_clipped(file->name));
	}
	return rc;
}

static int
add_files(struct package *package, struct fault *fault)
{
	const struct package_spec *spec = package->spec;
	const char *code = plain_code(package);
	char extension[10];

	for (size_t i = 0; i < spec->file_count; i++) {
		const struct package_file *file = &spec->files[i];
		size_t ordinal = file->ordinal > 0 ? file->ordinal : i + 1;
		struct package_member *member;

		extension_of(extension, file->name);
		member = new_member(package, PACKAGE_DATA,
		    arena_format(package->arena,
		        "%s/" PACKAGE_DATA_PREFIX "%s.%zu%s", package->folder,
		        code, ordinal, extension),
		    file->media_type != NULL ? file->media_type
		                             : "application/octet-stream");
		member->file = file;
		member->content = file->content;
		member->ordinal = ordinal;
		if (measure(member, spec->is_proved_later, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Records below metadata/other/, or documents below documentation/. */
static int
add_given(struct package *package, enum package_role role,
    const struct package_record *records, size_t count, struct fault *fault)
{
	const char *folder =
	    role == PACKAGE_OTHER ? "metadata/other" : "documentation";

	for (size_t i = 0; i < count; i++) {
		const struct package_record *record = &records[i];
		struct bytes path = bytes_of_text(record->path);

		if (path.len > PATH_MAX_OURS ||
		    strspn(record->path,
		        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		        "0123456789._-/") != path.len ||
		    zip_name_check(path, fault) < 0) {
			return fault_set(fault, FAULT_INVALID,
			    "the record's path %s is not fit for a package",
			    text_clipped(record->path));
		}
		add_bytes(package, role,
		    arena_format(package->arena, "%s/%s/%s", package->folder,
		        folder, record->path),
		    record->media_type != NULL ? record->media_type
		                               : "application/json",
		    record->bytes);
	}
	return 0;
}

static int
add_descriptions(struct package *package, struct buf *buf, struct fault *fault)
{
	/* The list grows while it is walked: only attachments are asked. */
	for (size_t i = 0; i < package->spec->file_count; i++) {
		struct package_member member = package->members[i];
		const char *inner;

		inner = arena_format(package->arena,
		    PACKAGE_REPRESENTATION_PREFIX
		    "metadata/descriptive/EAD_doc_%s.xml",
		    package_stem(package, &member));
		if (ead_format_document(buf, package, &member, fault) < 0 ||
		    add_buf(package, PACKAGE_DESCRIPTIVE, inner, buf, fault) <
		        0) {
			return -1;
		}
	}
	if (ead_format_dossier(buf, package, fault) < 0) {
		return -1;
	}
	return add_buf(package, PACKAGE_DESCRIPTIVE,
	    "metadata/descriptive/EAD.xml", buf, fault);
}

/* Made once for all packages, and hashed then. */
static void
add_schemas(struct package *package)
{
	size_t count;
	const struct schema *schemas = schemas_of(package->spec->kind, &count);

	for (size_t i = 0; i < count; i++) {
		const struct schema *schema = &schemas[i];
		struct package_member *member =
		    new_member(package, PACKAGE_SCHEMA,
		        arena_format(package->arena, "%s/%s", package->folder,
		            schema->name),
		        "text/xml");

		member->bytes = schema->bytes;
		member->size = schema->bytes.len;
		member->sha256 = schema->sha256;
		member->crc32 = schema->crc32;
	}
}

/* What lists what was made before it, innermost first. */
static const struct {
	enum package_role role;
	const char *inner;
	void (*format)(struct buf *out, const struct package *package);
	const char *kinds; /* "ASD", those that have it */
} own_files[] = {
	{ PACKAGE_PRESERVATION,
	    PACKAGE_REPRESENTATION_PREFIX
	    "metadata/preservation/PREMIS_rep1.xml",
	    premis_format_representation, "A" },
	{ PACKAGE_PRESERVATION, "metadata/preservation/PREMIS.xml",
	    premis_format_package, "AD" },
	{ PACKAGE_DOCUMENTATION, "documentation/cover.html", cover_format,
	    "A" },
	{ PACKAGE_REPRESENTATION, PACKAGE_REPRESENTATION_PREFIX "METS.xml",
	    mets_format_representation, "ASD" },
	{ PACKAGE_OUTSIDE, "METS.xml", mets_format_root, "ASD" },
	{ PACKAGE_OUTSIDE, "README.txt", readme_format, "A" },
};

static int
add_own(struct package *package, struct buf *buf, struct fault *fault)
{
	const char letter = "ASD"[package->spec->kind];

	add_schemas(package);
	for (size_t i = 0; i < sizeof(own_files) / sizeof(own_files[0]); i++) {
		const char *inner = own_files[i].inner;

		if (strchr(own_files[i].kinds, letter) == NULL) {
			continue;
		}
		own_files[i].format(buf, package);
		/* METS.xml lies in the folder and is in no METS. */
		if (own_files[i].format == mets_format_root) {
			inner = arena_format(package->arena, "%s/%s",
			    package->folder, inner);
		}
		if (add_buf(package, own_files[i].role, inner, buf, fault) <
		    0) {
			return -1;
		}
	}
	return 0;
}

static int
compare_members(const void *a, const void *b)
{
	return strcmp(((const struct package_member *)a)->name,
	    ((const struct package_member *)b)->name);
}

static void
sort_members(struct package *package)
{
	qsort(package->members, package->count, sizeof(*package->members),
	    compare_members);
}

static int
add_sums(struct package *package, struct buf *buf, struct fault *fault)
{
	sort_members(package);
	for (size_t i = 0; i < package->count; i++) {
		char hex[SHA256_TEXT];

		sha256_format(hex, &package->members[i].sha256);
		buf_add_format(buf, "%s  %s\n", hex, package->members[i].name);
	}
	return add_buf(package, PACKAGE_OUTSIDE, "SHA256SUMS", buf, fault);
}

/* In the order in which they are written, each name once. */
static int
put_in_order(struct package *package, struct fault *fault)
{
	sort_members(package);
	for (size_t i = 1; i < package->count; i++) {
		if (strcmp(package->members[i - 1].name,
		        package->members[i].name) == 0) {
			return fault_set(fault, FAULT_INVALID,
			    "two files of the package are named %s",
			    text_clipped(package->members[i].name));
		}
	}
	return 0;
}

static int
make_manifest(struct package *package, struct buf *buf, struct fault *fault)
{
	struct manifest manifest = { .signature_name = MANIFEST_SIGNATURE,
		.signature_type = "application/pkcs7-signature",
		.references =
		    xzalloc(package->count * sizeof(struct manifest_reference)),
		.count = package->count,
		.is_stamped = package->spec->is_stamped };

	for (size_t i = 0; i < package->count; i++) {
		struct manifest_reference *reference = &manifest.references[i];

		reference->name = package->members[i].name;
		reference->media_type = package->members[i].media_type;
		reference->kind = DIGEST_SHA256;
		memcpy(reference->digest, package->members[i].sha256.bytes,
		    SHA256_BYTES);
	}
	manifest_format(buf, &manifest);
	free(manifest.references);
	if (buf_check(buf, fault) < 0) {
		fault_prefix(fault, "manifest");
		return -1;
	}
	package->manifest = arena_copy(package->arena, buf_bytes(buf));
	return 0;
}

static int
make_files(struct package *package, struct buf *buf, struct fault *fault)
{
	const struct package_spec *spec = package->spec;

	if (add_files(package, fault) < 0 ||
	    add_given(package, PACKAGE_OTHER, spec->records, spec->record_count,
	        fault) < 0 ||
	    add_given(package, PACKAGE_DOCUMENTATION, spec->documents,
	        spec->document_count, fault) < 0 ||
	    add_descriptions(package, buf, fault) < 0) {
		return -1;
	}
	return add_own(package, buf, fault);
}

int
package_make(struct package *package, struct fault *fault)
{
	bool is_sealed = package->spec->kind == PACKAGE_AIP;
	struct buf buf;
	int rc = -1;

	buf_init(&buf, MEMBER_MAX);
	if (make_files(package, &buf, fault) < 0 ||
	    (is_sealed && add_sums(package, &buf, fault) < 0) ||
	    put_in_order(package, fault) < 0) {
		goto out;
	}
	rc = is_sealed ? make_manifest(package, &buf, fault) : 0;
out:
	buf_fini(&buf);
	return rc;
}
