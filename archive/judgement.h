/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_JUDGEMENT_H
#define ARCHIVE_JUDGEMENT_H

#include "archive/cms_check.h"
#include "archive/evidence_record.h"
#include "archive/timestamp.h"
#include "archive/verify.h"

/*
 * One signature or time-stamp judged as a whole: form, content, time, chain,
 * revocation, and the verdict that follows.  Whatever holds it (a container,
 * a PDF, a file of its own) asks here.
 *
 * Source:  EN 319 102-1, 5.3 to 5.5.
 */
struct judgement_question {
	const char *place;        /* of the findings: "#1", a member's name */
	const char *countersigns; /* place of what it signs; NULL: content */
	struct cms_question cms;
	const struct verify_options *options;
	const struct revocations *revocations; /* found elsewhere; or NULL */
	/* Those of them that a time-stamp over it and them covers; or NULL. */
	const struct revocations *stamped;
	int64_t proven_at; /* by a time-stamp of the document; 0 */
};

/* EN 319 142-1, 6; EN 319 122-1, 6. */
enum judgement_level {
	LEVEL_B,
	LEVEL_T,   /* with a time-stamp */
	LEVEL_LT,  /* and what shows that nothing was revoked */
	LEVEL_LTA, /* and a time-stamp over that */
};

struct judgement {
	enum sub_indication sub;  /* see indication_of() */
	const char *countersigns; /* as the question's */
	enum judgement_level level;
	int64_t proven_at; /* UTC microseconds; 0: nothing proves a time */
	struct cms_report report;
	struct revocation revocation;
};

/* "B", "T", "LT", "LTA" */
const char *judgement_level_name(enum judgement_level level);

void judge_signature(struct judgement *judgement_out, struct arena *arena,
    struct findings *findings, const struct judgement_question *question);
/* Tell the verdict; apart, since its holder may know more that is wrong. */
void judge_tell(const struct judgement *judgement, struct findings *findings,
    const char *place);

/*
 * A time-stamp: true when it proves a time that somebody vouches for.
 * `anchors` and `at` of the question are filled in.
 */
bool judge_timestamp(int64_t *at_out, struct arena *arena,
    struct findings *findings, const char *place,
    const struct timestamp_question *question,
    const struct verify_options *options);

/*
 * The same over a content that comes in pieces; 1 or 0.
 *
 * Errors:  only what the content says when it cannot be read.
 */
int judge_timestamp_poured(int64_t *at_out, struct findings *findings,
    const char *place, struct bytes token, const struct content *content,
    const struct verify_options *options, struct fault *fault);

/*
 * An evidence record; `anchors` and `now` of the question are filled in.
 *
 * Errors:  only what an object says when it cannot be read.
 */
int judge_evidence(struct findings *findings, const char *place,
    const struct evidence_question *question,
    const struct verify_options *options, struct fault *fault);

#endif
