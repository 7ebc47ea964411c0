/* SPDX-License-Identifier: Apache-2.0 */

/*
 * ASiC-S: one file at the root, and in META-INF what vouches for it, each
 * over the bytes of that file:
 *
 *     META-INF/signature.p7s          CAdES, detached, any number of signers
 *     META-INF/timestamp.tst          a token
 *     META-INF/evidencerecord.ers     an evidence record
 *
 * A token is renewed by archive manifests, as in ASiC-E; a record may have
 * a manifest, which then says what it is about.
 *
 * Source:  EN 319 162-1, 4.3.3.
 */

#include "archive/judgement.h"
#include "archive/signers.h"
#include "archive/verify_parts.h"

#define FOLDER      "META-INF/"
#define OBJECT_HEAD 512u /* a manifest says what it is in its first bytes */

/* --- the object ---------------------------------------------------------- */

/* Of META-INF; what is no part of the container there is no content either. */
static void
tell_beside(struct verifying *verifying, const char *name)
{
	findings_add_text(verifying->findings,
	    strcmp(name, MANIFEST_ODF) == 0 ? FOUND_FILE_BESIDE
	                                    : FOUND_FILE_UNPROTECTED,
	    name, "");
}

/* The only file, at the root; NULL where it is not the only one. */
static struct verified_file *
find_object(struct verifying *verifying)
{
	struct verified_file *object = NULL;
	bool is_only = true;

	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const char *name = verifying->files[i].entry->name;

		if (strcmp(name, FOLDER) == 0 ||
		    verify_is_part(verifying, name)) {
			continue;
		}
		if (strncmp(name, FOLDER, strlen(FOLDER)) == 0) {
			tell_beside(verifying, name);
		} else if (strchr(name, '/') != NULL || object != NULL) {
			findings_add_text(verifying->findings,
			    FOUND_OBJECT_SURPLUS, name, "");
			is_only = false;
		} else {
			object = &verifying->files[i];
		}
	}
	if (object == NULL) {
		findings_add_text(verifying->findings, FOUND_OBJECT_MISSING,
		    NULL, "");
	}
	return is_only ? object : NULL;
}

/* Takes the first bytes and wants no more. */
static int
take_head(void *arg, struct bytes bytes, struct fault *fault)
{
	struct buf *head = arg;
	const size_t room = OBJECT_HEAD - head->len;

	buf_add_bytes(head,
	    bytes_of(bytes.data, bytes.len < room ? bytes.len : room));
	fault->code = FAULT_LIMIT;
	return head->len < OBJECT_HEAD ? 0 : -1;
}

/*
 * Whoever holds a sealed container can put its manifest and its signature
 * into an ASiC-S: what is signed then is a list of files that are not there.
 */
static void
check_object(struct verifying *verifying, const struct verified_file *object)
{
	struct fault ignored = { 0 };
	struct buf head;

	buf_init(&head, OBJECT_HEAD);
	zip_in_pour(verifying->zip, object->entry, take_head, &head, &ignored);
	if (manifest_begins(buf_bytes(&head))) {
		findings_add_text(verifying->findings, FOUND_OBJECT_LIST,
		    object->entry->name, "");
	}
	buf_fini(&head);
}

/* --- what vouches for it ------------------------------------------------- */

/* What there is to compare with; its functions have one form. */
struct vouching {
	struct verifying *verifying;
	const char *name;
	struct bytes bytes;
	const struct content *object; /* NULL: nobody knows which it is */
};

static int
check_signature(const struct vouching *by, struct fault *fault)
{
	const struct judgement_question question = {
		.place = by->name,
		.cms = { .signature = by->bytes,
		    .may = CMS_MAY_HAVE_OTHERS,
		    .has_no_content = by->object == NULL,
		    .poured = by->object },
		.options = by->verifying->options,
	};

	(void)fault;
	signers_judge(by->verifying->findings, &question);
	return 0;
}

static int
tell_unproved(const struct vouching *by)
{
	findings_add_text(by->verifying->findings, FOUND_SIGNATURE_UNPROVED,
	    by->name, "what it signs was not given");
	return 0;
}

static int
check_token(const struct vouching *by, struct fault *fault)
{
	int64_t at;

	if (by->object == NULL) {
		return tell_unproved(by);
	}
	return judge_timestamp_poured(&at, by->verifying->findings, by->name,
	           by->bytes, by->object, by->verifying->options, fault) < 0
	           ? -1
	           : 0;
}

static int
check_record(const struct vouching *by, struct fault *fault)
{
	const struct evidence_question question = { .record = by->bytes,
		.objects = by->object,
		.object_count = 1 };

	if (by->object == NULL) {
		return tell_unproved(by);
	}
	return judge_evidence(by->verifying->findings, by->name, &question,
	    by->verifying->options, fault);
}

static const struct {
	const char *name;
	int (*check)(const struct vouching *by, struct fault *fault);
} kinds[] = {
	{ MANIFEST_SIMPLE_SIGNATURE, check_signature },
	{ MANIFEST_SIMPLE_TIMESTAMP, check_token },
	{ MANIFEST_SIMPLE_RECORD, check_record },
};

/* Then that manifest says what the record is about. */
static bool
has_manifest(const struct verifying *verifying, const char *name)
{
	for (const struct verified_manifest *one = verifying->manifests;
	     one != NULL; one = one->next) {
		if (manifest_role_of(one->name) == MANIFEST_EVIDENCE &&
		    strcmp(one->manifest.signature_name, name) == 0) {
			return true;
		}
	}
	return false;
}

bool
verify_is_direct(const struct verifying *verifying, const char *name)
{
	return verifying->is_simple && manifest_is_simple(name) &&
	       strcmp(name, MANIFEST_SIMPLE_RECORD_XML) != 0 &&
	       !has_manifest(verifying, name);
}

/* Nothing was examined that protects it. */
static void
tell_unprotected(struct verifying *verifying,
    const struct verified_file *object)
{
	const bool has_unexamined =
	    verifying->has_xades || object->is_vouched ||
	    zip_in_find(verifying->zip, MANIFEST_SIMPLE_RECORD_XML) != NULL;

	findings_add_text(verifying->findings,
	    has_unexamined ? FOUND_FILE_UNEXAMINED : FOUND_FILE_UNPROTECTED,
	    object->entry->name, "");
}

/* 1 there is such a thing, 0 there is not, -1 the source failed. */
static int
check_by(struct verifying *verifying, size_t kind, const struct content *object,
    struct fault *fault)
{
	struct vouching by = { .verifying = verifying,
		.name = kinds[kind].name,
		.object = object };
	const struct zip_entry *entry = zip_in_find(verifying->zip, by.name);
	int rc;

	if (entry == NULL || !verify_is_direct(verifying, by.name)) {
		return 0;
	}
	rc = verify_read(verifying, entry, EVIDENCE_RECORD_MAX, &by.bytes,
	    fault);
	if (rc < 0 || (rc > 0 && kinds[kind].check(&by, fault) < 0)) {
		return -1;
	}
	return 1;
}

static int
check_all(struct verifying *verifying, struct verified_file *object,
    struct fault *fault)
{
	struct content content;
	bool is_protected = false;

	if (object != NULL) {
		content = verify_content_of(verifying, object);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const int rc = check_by(verifying, i,
		    object != NULL ? &content : NULL, fault);

		if (rc < 0) {
			return -1;
		}
		is_protected = is_protected || rc > 0;
	}
	if (object != NULL && !object->is_protected && !is_protected) {
		tell_unprotected(verifying, object);
	}
	return 0;
}

int
verify_simple(struct verifying *verifying, struct fault *fault)
{
	struct verified_file *object = find_object(verifying);

	if (object != NULL && !object->is_read) {
		object = NULL; /* which was told */
	}
	if (object != NULL) {
		check_object(verifying, object);
	}
	return check_all(verifying, object, fault);
}
