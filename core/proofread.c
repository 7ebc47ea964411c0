/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What `hoso verify` does, done by the server that made the container: a
 * finding that is wrong, or one of those that must be there and is not, keeps
 * it from being named.
 */

#include "core/proofread.h"

#include "archive/note.h"
#include "archive/seal.h"
#include "archive/verify.h"
#include "core/audit.h"
#include "storage/blob.h"

static int
read_blob(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	return blob_read(arg, offset, data, len, fault);
}

/* Each of these is proved of a container of ours, or it is not handed out. */
static const enum findings_code wanted[] = {
	FOUND_STRUCTURE_OK,
	FOUND_FILES_INTACT,
	FOUND_LISTS_AGREE,
	FOUND_SIGNATURE_VALID,
	FOUND_RECEIPTS_LOGGED,
	FOUND_RECORDS_LOGGED,
};

/* Does the verdict on the seal say that nobody need be asked any more? */
static bool
is_lasting(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->list[i].code == FOUND_VERDICT_PASSED &&
		    strcmp(findings->list[i].detail, "TOTAL-PASSED; LT") == 0) {
			return true;
		}
	}
	return false;
}

static int
judge(const struct findings *findings, const char *level, struct fault *fault)
{
	bool is_stamped = strcmp(level, "B-B") != 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->list[i].grade == FINDINGS_FAILED) {
			return fault_set(fault, FAULT_CORRUPT,
			    "the container that was written is wrong: %s %s",
			    findings->list[i].name, findings->list[i].member);
		}
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!findings_has(findings, wanted[i])) {
			return fault_set(fault, FAULT_CORRUPT,
			    "the container that was written does not prove "
			    "%s",
			    findings_name(wanted[i]));
		}
	}
	if (findings_has(findings, FOUND_TIME_UNPROVED) == is_stamped) {
		return fault_set(fault, FAULT_CORRUPT,
		    is_stamped ? "the container that was written has no "
		                 "time-stamp"
		               : "the container that was written has a "
		                 "time-stamp already");
	}
	if (strcmp(level, "B-LT") == 0 && !is_lasting(findings)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the container that was written does not prove %s", level);
	}
	return 0;
}

static int
proofread(const struct core *core, const struct source *source, int64_t at,
    const char *level, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct note_verifier log;
	struct verify_options options = { .anchors = seal_key_trust(core->seal),
		.log = &log,
		.now = at,
		.awaits_timestamp = strcmp(level, "B-B") == 0 };
	struct findings findings;
	int rc;

	findings_init(&findings, arena);
	rc = note_verifier_parse(&log, bytes_of_text(audit_vkey(core->audit)),
	    fault);
	if (rc == 0) {
		rc = verify_container(source, &options, &findings, fault);
	}
	if (rc == 0) {
		rc = judge(&findings, level, fault);
	}
	findings_fini(&findings);
	arena_free(arena);
	return rc;
}

int
proofread_container(const struct core *core, struct blob *container, int64_t at,
    const char *level, struct fault *fault)
{
	struct source source = { read_blob, container, blob_size(container) };

	return proofread(core, &source, at, level, fault);
}

int
proofread_bytes(const struct core *core, struct bytes container, int64_t at,
    struct fault *fault)
{
	struct source source = source_of_bytes(&container);

	return proofread(core, &source, at, "B-B", fault);
}

int
proofread_stored(struct blob *container, struct bytes bytes,
    struct fault *fault)
{
	if (blob_compare(container, bytes, fault) < 0) {
		fault_prefix(fault, "the container that was written is wrong");
		return -1;
	}
	return 0;
}
