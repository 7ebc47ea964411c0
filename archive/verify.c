/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every entry is read exactly once: its digests are taken in all the
 * algorithms that manifests want, and SHA-256 for the lists.  What was read
 * is then compared with each list.
 */

#include "archive/verify.h"

#include "archive/digester.h"
#include "archive/manifest.h"
#include "archive/verify_parts.h"
#include "archive/zip_in.h"
#include "archive/zip_strict.h"
#include "base/buf.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>

#define INFLATED_MAX (UINT64_C(4) << 30)
#define BESIDE_MIN   (1u << 20) /* below it, waking a thread costs more */

/* --- reading the entries ------------------------------------------------ */

/* Where the bytes of an entry go. */
struct digesting {
	struct digest_set *set;
	struct digester *digester; /* NULL: this thread does it */
};

static int
digest_piece(void *arg, struct bytes bytes, struct fault *fault)
{
	const struct digesting *digesting = arg;

	(void)fault;
	if (digesting->digester != NULL) {
		digester_add(digesting->digester, digesting->set, bytes);
	} else {
		digest_set_add(digesting->set, bytes);
	}
	return 0;
}

/* The first large entry starts it; NULL where no thread can be had. */
static struct digester *
get_digester(struct verifying *verifying)
{
	struct fault ignored;

	if (verifying->digester == NULL) {
		digester_new(&verifying->digester, &ignored);
	}
	return verifying->digester;
}

/*
 * Give an entry's bytes to the set: those of a large one on a thread of its
 * own, since the CRC that goes with them takes a quarter of SHA-256's time.
 */
static int
digest_entry(struct verifying *verifying, const struct zip_entry *entry,
    struct digest_set *set, struct fault *fault)
{
	struct digesting digesting = { .set = set };
	int rc;

	if (entry->size >= BESIDE_MIN) {
		digesting.digester = get_digester(verifying);
	}
	rc =
	    zip_in_pour(verifying->zip, entry, digest_piece, &digesting, fault);
	if (digesting.digester != NULL) {
		digester_wait(digesting.digester);
	}
	return rc;
}

/* Trouble of the source ends the verification; all else is a finding. */
static bool
is_fatal(const struct fault *fault)
{
	return fault->code == FAULT_SYSTEM;
}

static int
read_entry(struct verifying *verifying, struct verified_file *file,
    struct fault *fault)
{
	struct digest_set *set = digest_set_new();
	struct fault why = { 0 };
	int rc = 0;

	digest_set_want(set, DIGEST_SHA256);
	for (size_t i = 0; i < file->reference_count; i++) {
		digest_set_want(set, file->references[i]->kind);
	}
	if (digest_entry(verifying, file->entry, set, &why) < 0) {
		findings_add_fault(verifying->findings, FOUND_FILE_UNREADABLE,
		    file->entry->name, &why);
		*fault = why;
		rc = is_fatal(&why) ? -1 : 0;
		goto out;
	}
	digest_set_end(set);
	file->is_read = true;
	memcpy(file->sha256.bytes, digest_set_get(set, DIGEST_SHA256).data,
	    SHA256_BYTES);
	for (size_t i = 0; i < file->reference_count; i++) {
		const struct manifest_reference *reference =
		    file->references[i];

		if (memcmp(digest_set_get(set, reference->kind).data,
		        reference->digest,
		        digest_kind_bytes(reference->kind)) != 0) {
			findings_add(verifying->findings, FOUND_FILE_CHANGED,
			    file->entry->name, "%s",
			    digest_kind_name(reference->kind));
			file->is_changed = true;
		}
	}
out:
	digest_set_free(set);
	return rc;
}

/* A small member as a whole; 1, 0 with a finding, -1 the source failed. */
int
verify_read(struct verifying *verifying, const struct zip_entry *entry,
    size_t max, struct bytes *bytes_out, struct fault *fault)
{
	struct fault why = { 0 };
	struct buf bytes;
	int rc = 1;

	buf_init(&bytes, max);
	if (zip_in_read(verifying->zip, entry, &bytes, &why) < 0) {
		findings_add_fault(verifying->findings, FOUND_FILE_UNREADABLE,
		    entry->name, &why);
		*fault = why;
		rc = is_fatal(&why) ? -1 : 0;
	} else {
		*bytes_out = arena_copy(verifying->arena, buf_bytes(&bytes));
	}
	buf_fini(&bytes);
	return rc;
}

/* --- manifests ---------------------------------------------------------- */

struct verified_file *
verify_find(struct verifying *verifying, const char *name)
{
	const struct zip_entry *entry = zip_in_find(verifying->zip, name);

	return entry != NULL
	           ? &verifying->files[entry - zip_in_entry(verifying->zip, 0)]
	           : NULL;
}

static void
add_reference(struct verifying *verifying, struct verified_file *file,
    const struct manifest_reference *reference)
{
	size_t count = file->reference_count;

	/* Manifests are few; most files stand in one. */
	if ((count & (count - 1)) == 0) {
		const struct manifest_reference **more =
		    arena_alloc(verifying->arena,
		        (count > 0 ? 2 * count : 1) *
		            sizeof(const struct manifest_reference *));

		if (count > 0) {
			memcpy(more, file->references,
			    count * sizeof(const struct manifest_reference *));
		}
		file->references = more;
	}
	file->references[file->reference_count++] = reference;
}

/* Where nobody signs, a record protects what its manifest names. */
static void
protect(const struct verifying *verifying, struct verified_file *file,
    enum manifest_role role, const char *by)
{
	const bool is_record =
	    role == MANIFEST_EVIDENCE && !verifying->is_signed;

	file->is_protected = file->is_protected || role == MANIFEST_SIGNING ||
	                     (is_record && manifest_is_record(by));
	file->is_vouched =
	    file->is_vouched || (is_record && manifest_is_record_xml(by));
}

static void
note_references(struct verifying *verifying, const struct manifest *manifest,
    enum manifest_role role)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct manifest_reference *reference =
		    &manifest->references[i];
		struct verified_file *file =
		    verify_find(verifying, reference->name);

		if (file == NULL) {
			file = verify_find(verifying, reference->uri);
		}
		if (file == NULL) {
			findings_add_text(verifying->findings,
			    FOUND_FILE_MISSING, reference->name, "");
			continue;
		}
		if (digest_kind_is_weak(reference->kind)) {
			findings_add(verifying->findings, FOUND_DIGEST_WEAK,
			    reference->name, "%s",
			    digest_kind_name(reference->kind));
		}
		add_reference(verifying, file, reference);
		protect(verifying, file, role, manifest->signature_name);
	}
}

static int
read_manifest(struct verifying *verifying, const struct zip_entry *entry,
    enum manifest_role role, struct fault *fault)
{
	struct verified_manifest *manifest;
	struct fault why = { 0 };
	struct bytes bytes;
	int rc = verify_read(verifying, entry, XML_MAX, &bytes, fault);

	if (rc <= 0) {
		return rc;
	}
	manifest = arena_alloc(verifying->arena, sizeof(*manifest));
	manifest->name = entry->name;
	manifest->bytes = bytes;
	if (manifest_parse(&manifest->manifest, verifying->arena, bytes, &why) <
	    0) {
		findings_add_fault(verifying->findings, FOUND_MANIFEST_BROKEN,
		    entry->name, &why);
		return 0;
	}
	manifest->next = verifying->manifests;
	verifying->manifests = manifest;
	note_references(verifying, &manifest->manifest, role);
	return 0;
}

static int
read_manifests(struct verifying *verifying, struct fault *fault)
{
	bool has_one = verifying->is_simple || verifying->has_xades;

	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(verifying->zip, i);
		const enum manifest_role role = manifest_role_of(entry->name);

		has_one = has_one || role == MANIFEST_SIGNING ||
		          (role == MANIFEST_EVIDENCE && verifying->is_foreign);
		if (role != MANIFEST_NONE &&
		    read_manifest(verifying, entry, role, fault) < 0) {
			return -1;
		}
	}
	if (!has_one) {
		findings_add_text(verifying->findings, FOUND_MANIFEST_MISSING,
		    NULL, "");
	}
	return 0;
}

/* --- files -------------------------------------------------------------- */

/* In a sealed dossier XAdES is a file as any. */
bool
verify_is_part(const struct verifying *verifying, const char *name)
{
	return strcmp(name, "mimetype") == 0 ||
	       manifest_role_of(name) != MANIFEST_NONE ||
	       manifest_is_evidence(name) ||
	       (verifying->has_xades && manifest_is_xades(name));
}

/* Of ASiC-E; what XAdES covers is not known. */
static void
tell_unprotected(struct verifying *verifying, const struct verified_file *file)
{
	const char *name = file->entry->name;
	const bool is_xades = verifying->has_xades && !verifying->is_signed;

	if (file->is_protected || file->entry->is_folder ||
	    verify_is_part(verifying, name)) {
		return;
	}
	findings_add_text(verifying->findings,
	    is_xades && strcmp(name, MANIFEST_ODF) == 0 ? FOUND_FILE_BESIDE
	    : is_xades || file->is_vouched              ? FOUND_FILE_UNEXAMINED
	                                   : FOUND_FILE_UNPROTECTED,
	    name, "");
}

static int
read_files(struct verifying *verifying, struct fault *fault)
{
	struct findings *findings = verifying->findings;
	size_t failed = findings->counts[FINDINGS_FAILED];
	uint64_t bytes = 0;
	size_t count = 0;

	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		struct verified_file *file = &verifying->files[i];

		if (read_entry(verifying, file, fault) < 0) {
			return -1;
		}
		if (!verifying->is_simple) {
			tell_unprotected(verifying, file);
		}
		if (file->reference_count == 0) {
			continue;
		}
		bytes += file->entry->size;
		count++;
	}
	if (count > 0 && findings->counts[FINDINGS_FAILED] == failed) {
		findings_add(findings, FOUND_FILES_INTACT, NULL,
		    "%zu; %" PRIu64 " byte", count, bytes);
	}
	return 0;
}

/* --- all of it ---------------------------------------------------------- */

static int
verify(struct verifying *verifying, struct fault *fault)
{
	size_t count = zip_in_count(verifying->zip);
	struct findings *findings = verifying->findings;
	size_t failed;

	verifying->files = xzalloc(count * sizeof(*verifying->files));
	for (size_t i = 0; i < count; i++) {
		verifying->files[i].entry = zip_in_entry(verifying->zip, i);
	}
	failed = findings->counts[FINDINGS_FAILED];
	verifying->is_ours = zip_in_find(verifying->zip, "SHA256SUMS") != NULL;
	verifying->is_foreign = verifying->is_foreign && !verifying->is_ours;
	if (verifying->is_ours && zip_strict_check(verifying->zip,
	                              verifying->source, findings, fault) < 0) {
		return -1;
	}
	if (findings->counts[FINDINGS_FAILED] == failed) {
		findings_add_text(findings, FOUND_STRUCTURE_OK, NULL, "");
	}
	if (verify_mimetype(verifying, fault) < 0 ||
	    read_manifests(verifying, fault) < 0 ||
	    read_files(verifying, fault) < 0 ||
	    (verifying->is_simple ? verify_simple(verifying, fault)
	                          : verify_lists(verifying, fault)) < 0 ||
	    verify_receipts(verifying, fault) < 0) {
		return -1;
	}
	return verify_signatures(verifying, fault);
}

static int
verify_as(const struct source *source, const struct verify_options *options,
    bool is_foreign, struct findings *findings, struct fault *fault)
{
	struct zip_limits limits = zip_in_presets;
	struct verifying verifying = { .source = source,
		.options = options,
		.findings = findings,
		.arena = findings->arena,
		.is_foreign = is_foreign };
	struct fault why = { 0 };
	int rc;

	/* What is stored cannot be more than the file itself. */
	limits.total_max_bytes = source->size + INFLATED_MAX;
	limits.entries_max = 4 * zip_in_presets.entries_max;
	if (zip_in_open(&verifying.zip, source, &limits, findings, &why) < 0) {
		*fault = why;
		if (!is_fatal(&why) && findings_is_good(findings)) {
			findings_add_fault(findings, FOUND_STRUCTURE_BROKEN,
			    NULL, &why);
		}
		return is_fatal(&why) ? -1 : 0;
	}
	rc = verify(&verifying, fault);
	digester_free(verifying.digester);
	free(verifying.files);
	zip_in_free(verifying.zip);
	return rc;
}

int
verify_container(const struct source *source,
    const struct verify_options *options, struct findings *findings,
    struct fault *fault)
{
	return verify_as(source, options, false, findings, fault);
}

int
verify_foreign(const struct source *source,
    const struct verify_options *options, struct findings *findings,
    struct fault *fault)
{
	return verify_as(source, options, true, findings, fault);
}
