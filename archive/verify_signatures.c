/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A manifest is covered by a CAdES signature or by a time-stamp, or its files
 * by an evidence record; the name of the file says which.
 */

#include "archive/signers.h"
#include "archive/verify_parts.h"

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

static void
check_signature(struct verifying *verifying, const char *name,
    struct bytes signature, const struct verified_manifest *manifest)
{
	struct judgement_question question = {
		.place = name,
		.cms = { .signature = signature, .content = manifest->bytes },
		.options = verifying->options,
	};
	struct judgement judgement;

	judge_signature(&judgement, verifying->arena, verifying->findings,
	    &question);
	if (manifest->manifest.is_stamped &&
	    judgement.report.verdict == CMS_VALID &&
	    !verifying->options->awaits_timestamp &&
	    judgement.report.timestamp_count == 0) {
		findings_add_text(verifying->findings, FOUND_TIMESTAMP_MISSING,
		    name, "");
	}
	judge_tell(&judgement, verifying->findings, name);
	signers_judge_counters(verifying->findings, &question, &judgement);
}

static void
check_token(struct verifying *verifying, const char *name, struct bytes token,
    struct bytes content)
{
	struct timestamp_question question = { .token = token,
		.covered = content };
	int64_t at;

	judge_timestamp(&at, verifying->arena, verifying->findings, name,
	    &question, verifying->options);
}

struct member {
	const struct zip_in *zip;
	const struct zip_entry *entry;
};

static int
pour_member(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct member *member = arg;

	return zip_in_pour(member->zip, member->entry, sink, sink_arg, fault);
}

struct content
verify_content_of(struct verifying *verifying, const struct verified_file *file)
{
	struct member *member = arena_alloc(verifying->arena, sizeof(*member));

	*member = (struct member){ verifying->zip, file->entry };
	return (struct content){ pour_member, member };
}

/* False: a file that the manifest names is not there or cannot be read. */
static bool
gather_members(struct verifying *verifying, const struct manifest *manifest,
    struct content *contents)
{
	for (size_t i = 0; i < manifest->count; i++) {
		const struct verified_file *file =
		    verify_find(verifying, manifest->references[i].name);

		if (file == NULL || !file->is_read) {
			return false; /* which was told */
		}
		contents[i] = verify_content_of(verifying, file);
	}
	return manifest->count > 0;
}

static int
check_evidence(struct verifying *verifying, const char *name,
    struct bytes record, const struct manifest *manifest, struct fault *fault)
{
	struct content *contents =
	    arena_alloc(verifying->arena, manifest->count * sizeof(*contents));
	const struct evidence_question question = { .record = record,
		.objects = contents,
		.object_count = manifest->count };

	return gather_members(verifying, manifest, contents)
	           ? judge_evidence(verifying->findings, name, &question,
	                 verifying->options, fault)
	           : 0;
}

static int
check_manifest(struct verifying *verifying,
    const struct verified_manifest *manifest, struct fault *fault)
{
	const char *name = manifest->manifest.signature_name;
	const struct zip_entry *entry = zip_in_find(verifying->zip, name);
	struct bytes bytes;
	int rc;

	if (entry == NULL || !manifest_is_evidence(name)) {
		findings_add(verifying->findings, FOUND_SIGNATURE_MISSING,
		    manifest->name, "%s", name);
		return 0;
	}
	rc = verify_read(verifying, entry, EVIDENCE_RECORD_MAX, &bytes, fault);
	if (rc <= 0) {
		return rc;
	}
	if (ends_with(name, ".p7s")) {
		check_signature(verifying, name, bytes, manifest);
	} else if (ends_with(name, ".tst")) {
		check_token(verifying, name, bytes, manifest->bytes);
	} else if (ends_with(name, ".ers")) {
		return check_evidence(verifying, name, bytes,
		    &manifest->manifest, fault);
	} else {
		findings_add_text(verifying->findings, FOUND_EVIDENCE_UNCHECKED,
		    name, "");
	}
	return 0;
}

static void
tell_xades(struct verifying *verifying, const char *name)
{
	const struct judgement judgement = { .sub = SUB_GENERIC };

	findings_add_text(verifying->findings, FOUND_SIGNATURE_UNEXAMINED, name,
	    "its form is XAdES");
	judge_tell(&judgement, verifying->findings, name);
}

/* Signatures and the like that no manifest names. */
static void
note_others(struct verifying *verifying)
{
	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const char *name = zip_in_entry(verifying->zip, i)->name;
		const struct verified_manifest *manifest = verifying->manifests;

		if (verifying->has_xades && manifest_is_xades(name)) {
			tell_xades(verifying, name);
		}
		if (!manifest_is_evidence(name) ||
		    verify_is_direct(verifying, name)) {
			continue;
		}
		while (manifest != NULL &&
		       strcmp(manifest->manifest.signature_name, name) != 0) {
			manifest = manifest->next;
		}
		if (manifest == NULL) {
			findings_add_text(verifying->findings,
			    FOUND_EVIDENCE_UNCHECKED, name, "");
		}
	}
}

int
verify_signatures(struct verifying *verifying, struct fault *fault)
{
	note_others(verifying);
	for (const struct verified_manifest *manifest = verifying->manifests;
	     manifest != NULL; manifest = manifest->next) {
		if (check_manifest(verifying, manifest, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
