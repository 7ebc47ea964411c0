/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EVIDENCE_RECORD_H
#define ARCHIVE_EVIDENCE_RECORD_H

#include "archive/stream.h"
#include "archive/timestamp.h"

/*
 * An evidence record proves by a chain of time-stamps that some objects were
 * there at a time, and have been proved again before each proof lost its
 * strength.  Verifying one of anybody.
 *
 * Thread:  any; never allowed to touch a network or a file.
 * Source:  RFC 4998; docs/signatures.md.
 */
#define EVIDENCE_RECORD_MAX (16u << 20)
#define EVIDENCE_STAMPS_MAX 256u

struct evidence_question {
	struct bytes record; /* DER of EvidenceRecord */
	/*
	 * The data group: one object, or all that the record must prove, in
	 * any order.  At least one; each is read once.
	 */
	const struct content *objects;
	size_t object_count;
	const struct trust *anchors; /* of authorities; NULL: not checked */
	int64_t now; /* the last time-stamp must hold then; UTC microseconds */
};

struct evidence_stamp {
	unsigned chain; /* from 0, oldest first */
	struct timestamp_report report;
};

struct evidence_report {
	bool is_valid;      /* form, hash trees and tokens; trust apart */
	const char *reason; /* of the oldest that is wrong; "" */
	struct evidence_stamp *stamps; /* NULL where the form is wrong */
	size_t stamp_count;
	int64_t proven_at; /* the first time-stamp's; 0 where not valid */
	/* Each token's authority was reached at the time of the next proof. */
	enum trust_state trust;
	const char *trust_words;
};

/*
 * Owner:   the report lives in the arena.
 * Errors:  only what an object says when it cannot be read, and FAULT_BUSY
 *          where there is no memory; whatever is wrong with the record is
 *          told in the report.
 */
int evidence_check(struct evidence_report *report_out, struct arena *arena,
    const struct evidence_question *question, struct fault *fault);

#endif
