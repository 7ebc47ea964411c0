/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_FINDINGS_H
#define ARCHIVE_FINDINGS_H

#include "base/fault.h"
#include "base/json.h"

#include <stdbool.h>

/*
 * What a verification found, as a list: each finding says in words what is
 * proved, what is only claimed, what is not proved, and what is wrong.
 */
enum findings_grade {
	FINDINGS_PROVED,
	FINDINGS_NOTED,   /* a claim, or a fact that proves nothing by itself */
	FINDINGS_DOUBTED, /* not proved; nothing says that it is wrong */
	FINDINGS_FAILED,  /* wrong: damaged, changed, false, missing */
};

enum findings_code {
	FOUND_STRUCTURE_OK,
	FOUND_STRUCTURE_BROKEN,
	FOUND_STRUCTURE_LOOSE,
	FOUND_STRUCTURE_ALTERED,
	FOUND_MIMETYPE_WRONG,
	FOUND_CONTAINER_SIMPLE,
	FOUND_CONTAINER_OTHER,
	FOUND_OBJECT_MISSING,
	FOUND_OBJECT_SURPLUS,
	FOUND_OBJECT_LIST,
	FOUND_MANIFEST_MISSING,
	FOUND_MANIFEST_BROKEN,
	FOUND_FILES_INTACT,
	FOUND_FILE_CHANGED,
	FOUND_FILE_MISSING,
	FOUND_FILE_UNPROTECTED,
	FOUND_FILE_UNEXAMINED,
	FOUND_FILE_BESIDE,
	FOUND_FILE_UNREADABLE,
	FOUND_DIGEST_WEAK,
	FOUND_LISTS_AGREE,
	FOUND_LIST_MISSING,
	FOUND_LIST_BROKEN,
	FOUND_LIST_DIFFERS,
	FOUND_SIGNATURE_VALID,
	FOUND_SIGNATURE_MISSING,
	FOUND_SIGNATURE_BROKEN,
	FOUND_SIGNATURE_FALSE,
	FOUND_SIGNATURE_UNPROVED,
	FOUND_SIGNATURE_UNEXAMINED,
	FOUND_COUNTERSIGNS,
	FOUND_SIGNER,
	FOUND_SIGNER_TRUSTED,
	FOUND_SIGNER_EXPIRED,
	FOUND_SIGNER_UNTRUSTED,
	FOUND_SIGNER_UNCHECKED,
	FOUND_SIGNER_UNNAMED,
	FOUND_REVOCATION_GOOD,
	FOUND_REVOKED,
	FOUND_REVOCATION_UNCHECKED,
	FOUND_TIME_CLAIMED,
	FOUND_TIME_PROVED,
	FOUND_TIME_UNPROVED,
	FOUND_TIMESTAMP_MISSING,
	FOUND_TIMESTAMP_FALSE,
	FOUND_TIMESTAMP_UNTRUSTED,
	FOUND_TIMESTAMP_UNCHECKED,
	FOUND_EVIDENCE_UNCHECKED,
	FOUND_VERDICT_PASSED,
	FOUND_VERDICT_OPEN,
	FOUND_VERDICT_FAILED,
	FOUND_FILE_UNSIGNED,
	FOUND_COVERS_FILE,
	FOUND_COVERS_REVISION,
	FOUND_CHANGED_LATER,
	FOUND_CHANGED_UNSIGNED,
	FOUND_USAGE_RIGHTS,
	FOUND_RECEIPT_BROKEN,
	FOUND_RECEIPT_LOGGED,
	FOUND_RECEIPT_NOT_LOGGED,
	FOUND_CHECKPOINT_VALID,
	FOUND_CHECKPOINT_FALSE,
	FOUND_COSIGNATURE_VALID,
	FOUND_COSIGNATURE_FALSE,
	FOUND_WITNESSES_ENOUGH,
	FOUND_WITNESSES_FEW,
	FOUND_RECEIPTS_LOGGED,
	FOUND_RECEIPTS_MISSING,
	FOUND_RECEIPTS_UNCHECKED,
	FOUND_RECORDS_LOGGED,
	FOUND_RECORD_UNLOGGED,
	FOUND_COUNT,
};

struct finding {
	enum findings_code code;
	enum findings_grade grade;
	const char *name;       /* the code as text: "file.changed" */
	const char *member;     /* which file of the container; "" where none */
	const char *detail;     /* in English; "" where there is none */
	const char *vietnamese; /* whole sentences with member and detail */
	const char *english;
};

/*
 * Owner:   texts live in the arena; the list ends with findings_fini().
 */
struct findings {
	struct arena *arena;
	struct finding *list;
	size_t count;
	size_t room;
	size_t counts[FINDINGS_FAILED + 1]; /* by grade */
	json_t *signatures; /* those that were judged (signature_json.h) */
};

void findings_init(struct findings *findings, struct arena *arena);
void findings_fini(struct findings *findings);

/*
 * The detail is a value: a time, a digest, a reason; "" where there is none.
 * As a format, a text of the catalogue or a fault it is told in both languages.
 * member may be NULL.
 */
void findings_add(struct findings *findings, enum findings_code code,
    const char *member, const char *detail, ...)
    __attribute__((format(printf, 4, 5)));
void findings_add_text(struct findings *findings, enum findings_code code,
    const char *member, const char *detail);
void findings_add_fault(struct findings *findings, enum findings_code code,
    const char *member, const struct fault *why);

/* `signature` is taken. */
void findings_add_signature(struct findings *findings, json_t *signature);

bool findings_has(const struct findings *findings, enum findings_code code);
/* The code as text: "file.changed". */
const char *findings_name(enum findings_code code);
/* "proved", "noted", "doubted", "failed" */
const char *findings_grade_name(enum findings_grade grade);
/* Nothing is wrong; there may be doubts. */
bool findings_is_good(const struct findings *findings);

#endif
