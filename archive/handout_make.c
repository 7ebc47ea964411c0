/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SIP and DIP of a container that is open.  All identifiers follow from those
 * of the container and the request: the same at the same second is the same
 * package.
 */

#include "archive/handout_parts.h"
#include "archive/manifest.h"
#include "archive/package_parts.h"
#include "archive/uuid.h"
#include "archive/when.h"

#include <string.h>

#define COPY_WORDS "BẢN SAO"
#define COVER_MAX  (4u << 20)

/* --- what goes into both ------------------------------------------------------ */

static int
pour_document(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct handout_document *document = arg;

	return zip_in_pour(document->zip, document->entry, sink, sink_arg,
	    fault);
}

/*
 * The fields of a level that this kind of package has and does not know by
 * itself, from the first description that has them.
 */
static size_t
take_fields(const struct handout *handout, enum package_kind kind,
    enum schema_level level, const struct ead *ead,
    struct package_field **fields_out)
{
	struct package_field *fields =
	    arena_alloc(handout->arena, EAD_FIELDS_MAX * sizeof(*fields));
	size_t count = 0;

	for (const struct schema_field *field = schema_fields;
	     field->name != NULL && count < EAD_FIELDS_MAX; field++) {
		const char *value = ead_value(ead, field->name);

		if (field->needs[level][kind] == '-' ||
		    (field->known != SCHEMA_GIVEN &&
		        field->known != SCHEMA_DOSSIER_VALUE)) {
			continue;
		}
		if (value == NULL && field->known == SCHEMA_DOSSIER_VALUE) {
			value = ead_value(&handout->ead, field->name);
		}
		if (value != NULL) {
			fields[count++] =
			    (struct package_field){ field->name, value };
		}
	}
	*fields_out = fields;
	return count;
}

static void
take_document(const struct handout *handout, enum package_kind kind,
    struct handout_document *document, struct package_file *file)
{
	const struct mets_file *listed = document->listed;
	struct package_field *fields;

	*file = (struct package_file){
		.content = { pour_document, document },
		.name =
		    listed->owner_id != NULL ? listed->owner_id : listed->name,
		.media_type = listed->media_type,
		.size = listed->size,
		.sha256 = listed->sha256,
		.ordinal = document->ordinal,
	};
	if (listed->created != NULL) {
		when_parse(&file->filed_at, listed->created);
	}
	file->field_count = take_fields(handout, kind, SCHEMA_DOCUMENT,
	    &document->ead, &fields);
	file->fields = fields;
}

/* The manifest and its signature, where they can be found again. */
static int
take_seal(struct handout *handout, struct fault *fault)
{
	static const struct {
		const char *name;
		const char *path;
		const char *media_type;
	} pieces[HANDOUT_SEAL_PIECES] = {
		{ MANIFEST_NAME, "seal/ASiCManifest001.xml", "text/xml" },
		{ MANIFEST_SIGNATURE, "seal/signature001.p7s",
		    "application/pkcs7-signature" },
	};

	for (size_t i = 0; i < HANDOUT_SEAL_PIECES; i++) {
		handout->papers[i] =
		    (struct package_record){ .path = pieces[i].path,
			    .media_type = pieces[i].media_type };
		if (handout_read(handout, pieces[i].name, HANDOUT_PIECE_MAX,
		        &handout->papers[i].bytes, fault) < 0) {
			return -1;
		}
	}
	handout->spec.documents = handout->papers;
	handout->spec.document_count = HANDOUT_SEAL_PIECES;
	return 0;
}

static int
begin(struct handout *handout, enum package_kind kind,
    const struct handout_moment *moment, const char *space, const char *name,
    struct fault *fault)
{
	const char *code = ead_value(&handout->ead, "arcFileCode");
	const char *title = handout_title(handout);
	char uuid[UUID_TEXT];

	uuid_of(uuid, space, name);
	handout->spec = (struct package_spec){ .kind = kind,
		.object_id = arena_format(handout->arena, "uuid-%s", uuid),
		.source_id = handout->mets.object_id,
		.id = handout->mets.object_id,
		.code = code != NULL ? code : handout->mets.object_id,
		.title = title != NULL ? title : "",
		.unit = handout->mets.organization,
		.sealed_at = moment->at,
		.software = moment->software };
	return take_seal(handout, fault);
}

int
handout_sip(struct package **package_out, struct handout *handout,
    const struct handout_moment *moment, struct fault *fault)
{
	struct package_file *files =
	    arena_alloc(handout->arena, (handout->count + 1) * sizeof(*files));
	struct package_field *fields;

	if (begin(handout, PACKAGE_SIP, moment, "hoso:sip",
	        handout->mets.object_id, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < handout->count; i++) {
		take_document(handout, PACKAGE_SIP, &handout->documents[i],
		    &files[i]);
	}
	handout->spec.files = files;
	handout->spec.file_count = handout->count;
	handout->spec.field_count = take_fields(handout, PACKAGE_SIP,
	    SCHEMA_DOSSIER, &handout->ead, &fields);
	handout->spec.fields = fields;
	return package_new(package_out, &handout->spec, fault);
}

/* --- a copy for a user -------------------------------------------------------- */

static bool
is_asked_for(const struct handout_request *request, size_t ordinal)
{
	for (size_t i = 0; i < request->ordinal_count; i++) {
		if (request->ordinals[i] == ordinal) {
			return true;
		}
	}
	return request->ordinals == NULL;
}

/* Each document says that it is a copy, before what else is said of it. */
static void
mark_copy(const struct handout *handout, struct package_file *file)
{
	struct package_field *fields =
	    arena_alloc(handout->arena, EAD_FIELDS_MAX * sizeof(*fields));
	const char *words = COPY_WORDS;
	size_t count = 0;

	for (size_t i = 0; i < file->field_count; i++) {
		if (strcmp(file->fields[i].name, "description") == 0) {
			words = arena_format(handout->arena, COPY_WORDS ". %s",
			    file->fields[i].value);
		} else {
			fields[count++] = file->fields[i];
		}
	}
	fields[count++] = (struct package_field){ "description", words };
	file->fields = fields;
	file->field_count = count;
}

static int
take_copies(struct handout *handout, const struct handout_request *request,
    struct fault *fault)
{
	struct package_file *files =
	    arena_alloc(handout->arena, (handout->count + 1) * sizeof(*files));
	size_t count = 0;

	for (size_t i = 0; i < handout->count; i++) {
		struct handout_document *document = &handout->documents[i];

		if (is_asked_for(request, document->ordinal)) {
			take_document(handout, PACKAGE_DIP, document,
			    &files[count]);
			mark_copy(handout, &files[count++]);
		}
	}
	handout->spec.files = files;
	handout->spec.file_count = count;
	if (count == 0 ||
	    (request->ordinals != NULL && count < request->ordinal_count)) {
		return fault_set(fault, FAULT_ABSENT,
		    "not all documents that are asked for are in the "
		    "container");
	}
	return 0;
}

static const char *
day_words(struct arena *arena, int64_t at)
{
	char words[WHEN_TEXT];

	when_format(words, at);
	return arena_format(arena, "%.2s/%.2s/%.4s", words + 8, words + 5,
	    words);
}

static void
add_cover(struct handout *handout, const struct handout_request *request)
{
	const struct package_spec *spec = &handout->spec;
	struct handout_copy copy = { .request = request,
		.code = spec->object_id,
		.issued = day_words(handout->arena, spec->sealed_at),
		.source_id = spec->source_id,
		.archive_code = spec->code,
		.title = handout_title(handout),
		.manifest = sha256_of(handout->papers[0].bytes),
		.files = spec->files,
		.file_count = spec->file_count };
	struct buf buf;

	buf_init(&buf, COVER_MAX);
	handout_cover_format(&buf, &copy, handout->arena);
	handout->papers[handout->spec.document_count++] =
	    (struct package_record){ .path = "BAN_SAO.html",
		    .media_type = "text/html; charset=utf-8",
		    .bytes = arena_copy(handout->arena, buf_bytes(&buf)) };
	buf_fini(&buf);
}

static const char *
value_of(const struct handout_request *request, const char *name)
{
	for (size_t i = 0; i < request->field_count; i++) {
		if (strcmp(request->fields[i].name, name) == 0) {
			return request->fields[i].value;
		}
	}
	return NULL;
}

/* Who asked, when and what for must be there; all of it as the table says. */
static int
check_request(const struct handout_request *request, struct fault *fault)
{
	for (const struct schema_field *field = schema_fields;
	     field->name != NULL; field++) {
		char need = field->needs[SCHEMA_DOSSIER][PACKAGE_DIP];
		const char *value = value_of(request, field->name);

		if (value == NULL
		        ? need == 'M'
		        : need != '-' && !schema_field_fits(field, value)) {
			return fault_set(fault, FAULT_INVALID,
			    "the request has no %s as the circular wants it",
			    field->name);
		}
	}
	return 0;
}

int
handout_dip(struct package **package_out, struct handout *handout,
    const struct handout_moment *moment, const struct handout_request *request,
    struct fault *fault)
{
	if (check_request(request, fault) < 0 ||
	    begin(handout, PACKAGE_DIP, moment,
	        arena_format(handout->arena, "hoso:dip %s",
	            handout->mets.object_id),
	        value_of(request, "requestID"), fault) < 0 ||
	    take_copies(handout, request, fault) < 0) {
		return -1;
	}
	handout->spec.fields = request->fields;
	handout->spec.field_count = request->field_count;
	handout->spec.title = arena_format(handout->arena, COPY_WORDS ": %s",
	    handout->spec.title);
	add_cover(handout, request);
	return package_new(package_out, &handout->spec, fault);
}
