/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The signer's chain and its revocation are judged at the time that a trusted
 * time-stamp proves, else at the present, and the findings say which of both.
 */

#include "archive/judgement.h"

#include "archive/chain_json.h"
#include "archive/signature_json.h"
#include "archive/validation_material.h"
#include "archive/when.h"
#include "base/date.h"

/*
 * Until then SHA-1 and RSA below 2,048 bits made signatures that hold.
 *
 * Source:  NIST SP 800-131A, tables 1 and 8.
 */
#define WEAK_SINCE \
	((int64_t)date_of(2014, 1, 1) * INT64_C(86400) * INT64_C(1000000))

struct judging {
	const struct judgement_question *question;
	struct judgement *judgement;
	struct findings *findings;
	struct arena *arena;
	bool is_archived; /* by an archive time-stamp that is good */
};

static const struct trust *
tsa_anchors(const struct verify_options *options)
{
	return options->tsa_anchors != NULL ? options->tsa_anchors
	                                    : options->anchors;
}

bool
judge_timestamp(int64_t *at_out, struct arena *arena, struct findings *findings,
    const char *place, const struct timestamp_question *question,
    const struct verify_options *options)
{
	struct timestamp_question asked = *question;
	struct timestamp_report report;
	char when[WHEN_TEXT];

	asked.anchors = tsa_anchors(options);
	asked.untold = options->untold;
	if (options->material != NULL) {
		asked.others[1] = options->material->certificates;
		asked.revocations[2] = options->material->revocations;
	}
	timestamp_check(&report, arena, &asked);
	if (!report.is_valid) {
		findings_add_text(findings, FOUND_TIMESTAMP_FALSE, place,
		    report.reason);
		return false;
	}
	if (report.weakness[0] != '\0') {
		findings_add(findings, FOUND_DIGEST_WEAK, place, "%s",
		    report.weakness);
	}
	when_format(when, report.at);
	switch (report.trust) {
	case TRUST_REACHED:
		findings_add(findings, FOUND_TIME_PROVED, place, "%s; %s", when,
		    report.authority.subject);
		break;
	case TRUST_MISSED:
		findings_add(findings, FOUND_TIMESTAMP_UNTRUSTED, place,
		    "%s; %s; %s", when, report.authority.subject,
		    report.trust_words);
		break;
	case TRUST_UNCHECKED:
		findings_add(findings, FOUND_TIMESTAMP_UNCHECKED, place,
		    "%s; %s", when, report.authority.subject);
		break;
	}
	*at_out = report.at;
	return report.trust == TRUST_REACHED;
}

int
judge_timestamp_poured(int64_t *at_out, struct findings *findings,
    const char *place, struct bytes token, const struct content *content,
    const struct verify_options *options, struct fault *fault)
{
	struct timestamp_question question = { .token = token };
	struct digest_set *set;
	enum digest_kind kind;
	int rc;

	if (!timestamp_digest(&kind, token)) {
		/* It will say why. */
		return judge_timestamp(at_out, findings->arena, findings, place,
		    &question, options);
	}
	set = digest_set_new();
	digest_set_want(set, kind);
	rc = content->pour(content->arg, digest_set_sink, set, fault);
	digest_set_end(set);
	question.imprint = digest_set_get(set, kind);
	if (rc == 0) {
		rc = judge_timestamp(at_out, findings->arena, findings, place,
		    &question, options);
	}
	digest_set_free(set);
	return rc;
}

int
judge_evidence(struct findings *findings, const char *place,
    const struct evidence_question *question,
    const struct verify_options *options, struct fault *fault)
{
	struct evidence_question asked = *question;
	struct evidence_report report;
	char when[WHEN_TEXT];

	asked.anchors = tsa_anchors(options);
	asked.now = options->now;
	if (evidence_check(&report, findings->arena, &asked, fault) < 0) {
		return -1;
	}
	if (!report.is_valid) {
		findings_add_text(findings, FOUND_TIMESTAMP_FALSE, place,
		    report.reason);
		return 0;
	}
	when_format(when, report.proven_at);
	findings_add(findings,
	    report.trust == TRUST_REACHED  ? FOUND_TIME_PROVED
	    : report.trust == TRUST_MISSED ? FOUND_TIMESTAMP_UNTRUSTED
	                                   : FOUND_TIMESTAMP_UNCHECKED,
	    place, "%s; %s", when, report.stamps[0].report.authority.subject);
	return 0;
}

/* A time that a trusted token proves; the earliest counts. */
static void
prove_by(struct judging *judging, const struct timestamp_question *token,
    int64_t *at_out)
{
	const struct judgement_question *question = judging->question;
	struct judgement *judgement = judging->judgement;

	if (judge_timestamp(at_out, judging->arena, judging->findings,
	        question->place, token, question->options) &&
	    (judgement->proven_at == 0 || *at_out < judgement->proven_at)) {
		judgement->proven_at = *at_out;
	}
}

/* One that is false, or was not measured, archives nothing that we know. */
static void
prove_archive_time(struct judging *judging, const struct archive_time *time)
{
	const struct timestamp_question token = { .token = time->token,
		.imprint = time->imprint };
	int64_t at = 0;

	if (time->wrong[0] != '\0') {
		findings_add_text(judging->findings, FOUND_TIMESTAMP_FALSE,
		    judging->question->place, time->wrong);
	} else if (time->imprint.data != NULL) {
		prove_by(judging, &token, &at);
		judging->is_archived = judging->is_archived || at != 0;
	}
}

static void
prove_time(struct judging *judging)
{
	struct judgement *judgement = judging->judgement;
	const struct cms_report *report = &judgement->report;
	const int64_t existed_at = judging->question->options->existed_at;

	judgement->proven_at = judging->question->proven_at;
	if (existed_at != 0 &&
	    (judgement->proven_at == 0 || existed_at < judgement->proven_at)) {
		judgement->proven_at = existed_at;
	}
	for (size_t i = 0; i < report->timestamp_count; i++) {
		const struct timestamp_question token = {
			.token = report->timestamps[i],
			.covered = report->signature,
			.others = { cms_certificates(report) },
			.revocations = { cms_revocations(report),
			    judging->question->revocations },
		};
		int64_t at;

		prove_by(judging, &token, &at);
	}
	for (size_t i = 0; i < report->archive_time_count; i++) {
		prove_archive_time(judging, &report->archive_times[i]);
	}
}

static void
tell_time(struct judging *judging)
{
	const struct judgement_question *question = judging->question;
	const int64_t existed_at = question->options->existed_at;
	const struct cms_report *report = &judging->judgement->report;
	char when[WHEN_TEXT];

	if (report->claimed_at != 0) {
		when_format(when, report->claimed_at);
		findings_add(judging->findings, FOUND_TIME_CLAIMED,
		    question->place, "%s", when);
	}
	if (existed_at != 0) {
		when_format(when, existed_at);
		findings_add(judging->findings, FOUND_TIME_PROVED,
		    question->place, "%s; by what it lies in", when);
	} else if (report->timestamp_count == 0 && question->proven_at == 0) {
		findings_add_text(judging->findings, FOUND_TIME_UNPROVED,
		    question->place, "");
	}
}

/* Whether the chain held when the signature claims to have been made. */
static bool
was_trusted_then(const struct judging *judging)
{
	const struct cms_report *report = &judging->judgement->report;

	return report->claimed_at != 0 &&
	       cms_is_trusted_at(report, judging->question->options->anchors,
	           report->claimed_at);
}

static void
tell_signer(struct judging *judging)
{
	const struct cms_report *report = &judging->judgement->report;
	struct findings *findings = judging->findings;
	const char *place = judging->question->place;
	char from[WHEN_TEXT];
	char to[WHEN_TEXT];
	char hex[SHA256_TEXT];

	when_format(from, report->signer.not_before);
	when_format(to, report->signer.not_after);
	sha256_format(hex, &report->signer.fingerprint);
	findings_add(findings, FOUND_SIGNER, place,
	    "%s; %s; %s - %s; SHA-256 %s", report->signer.subject,
	    report->signer.key, from, to, hex);
	if (!report->names_signer) {
		findings_add_text(findings, FOUND_SIGNER_UNNAMED, place, "");
	}
	switch (report->trust) {
	case TRUST_REACHED:
		findings_add_text(findings, FOUND_SIGNER_TRUSTED, place, "");
		break;
	case TRUST_MISSED:
		findings_add_text(findings,
		    judging->judgement->proven_at == 0 &&
		            was_trusted_then(judging)
		        ? FOUND_SIGNER_EXPIRED
		        : FOUND_SIGNER_UNTRUSTED,
		    place, report->trust_words);
		break;
	case TRUST_UNCHECKED:
		findings_add_text(findings, FOUND_SIGNER_UNCHECKED, place, "");
		break;
	}
}

static void
tell_revocation(struct judging *judging)
{
	const struct revocation *revocation = &judging->judgement->revocation;
	struct findings *findings = judging->findings;
	const char *place = judging->question->place;
	char when[WHEN_TEXT];

	switch (revocation->state) {
	case REVOCATION_GOOD:
		when_format(when, revocation->told_at);
		findings_add(findings, FOUND_REVOCATION_GOOD, place, "%s; %s",
		    revocation->source, when);
		break;
	case REVOCATION_REVOKED:
		when_format(when, revocation->revoked_at);
		findings_add(findings, FOUND_REVOKED, place, "%s; %s",
		    revocation->source, when);
		break;
	case REVOCATION_UNKNOWN:
		findings_add_text(findings, FOUND_REVOCATION_UNCHECKED, place,
		    "");
		break;
	}
}

/* The proven time, else the present. */
static int64_t
judged_at(const struct judging *judging)
{
	return judging->judgement->proven_at != 0
	           ? judging->judgement->proven_at
	           : judging->question->options->now;
}

static void
check_revocation(struct judging *judging, int64_t at)
{
	const struct judgement_question *question = judging->question;
	const struct validation_material *material =
	    question->options->material;
	const struct revocations *const told[] = { question->revocations,
		material != NULL ? material->revocations : NULL };
	struct judgement *judgement = judging->judgement;
	struct cms_revocation revocation;

	cms_check_revocation(&revocation, &judgement->report, told, at);
	judgement->revocation = revocation.signer;
	judgement->sub = revocation.sub;
	if (revocation.sub == SUB_TRY_LATER &&
	    question->options->untold != NULL) {
		chain_json_add(question->options->untold,
		    cms_chain(&judgement->report), at);
	}
}

static void
check_signer(struct judging *judging)
{
	const struct verify_options *options = judging->question->options;
	struct judgement *judgement = judging->judgement;
	int64_t at = judged_at(judging);

	cms_judge(&judgement->report, options->anchors, at);
	judgement->sub = judgement->report.trust_sub;
	if (judgement->report.trust == TRUST_REACHED) {
		check_revocation(judging, at);
	}
	tell_signer(judging);
	if (judgement->report.trust == TRUST_REACHED) {
		tell_revocation(judging);
	}
}

/* An algorithm that was good then is good; see WEAK_SINCE. */
static void
check_strength(struct judging *judging)
{
	struct judgement *judgement = judging->judgement;
	const char *weakness = judgement->report.weakness;

	if (weakness[0] == '\0') {
		return;
	}
	findings_add(judging->findings, FOUND_DIGEST_WEAK,
	    judging->question->place, "%s", weakness);
	if (judgement->sub == SUB_NONE && judgement->proven_at == 0) {
		judgement->sub = SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE;
	} else if (judgement->sub == SUB_NONE &&
	           judgement->proven_at >= WEAK_SINCE) {
		judgement->sub = SUB_CRYPTO_CONSTRAINTS_FAILURE;
	}
}

/* Does it pass, and would it by what a later time-stamp covers? */
static bool
is_evidence_stamped(const struct judging *judging)
{
	const struct cms_report *report = &judging->judgement->report;
	const struct revocations *stamped = judging->question->stamped;
	const struct revocations *const told[] = { stamped, NULL };
	struct cms_revocation revocation;

	if (judging->judgement->sub != SUB_NONE || stamped == NULL ||
	    revocations_count(stamped) == 0) {
		return false;
	}
	cms_check_revocation(&revocation, report, told, judged_at(judging));
	return revocation.sub == SUB_NONE;
}

static enum judgement_level
level_of(const struct judging *judging)
{
	const struct cms_report *report = &judging->judgement->report;
	const struct revocations *others = judging->question->revocations;
	bool has_time =
	    report->timestamp_count > 0 || judging->question->proven_at != 0;

	if (!has_time) {
		return LEVEL_B;
	}
	if (revocations_count(cms_revocations(report)) == 0 &&
	    (others == NULL || revocations_count(others) == 0)) {
		return LEVEL_T;
	}
	return judging->is_archived ||
	               (report->has_archive_time &&
	                   report->archive_time_count == 0) ||
	               is_evidence_stamped(judging)
	           ? LEVEL_LTA
	           : LEVEL_LT;
}

void
judge_signature(struct judgement *judgement_out, struct arena *arena,
    struct findings *findings, const struct judgement_question *question)
{
	struct judging judging = { question, judgement_out, findings, arena,
		false };
	struct cms_report *report = &judgement_out->report;
	struct cms_question cms = question->cms;

	*judgement_out = (struct judgement){
		.countersigns = question->countersigns,
		.revocation.source = "",
	};
	if (question->countersigns != NULL) {
		findings_add(findings, FOUND_COUNTERSIGNS, question->place,
		    "%s", question->countersigns);
	}
	if (question->options->material != NULL) {
		cms.others[1] = question->options->material->certificates;
	}
	cms_check(report, arena, &cms);
	if (report->verdict != CMS_VALID) {
		judgement_out->sub = report->sub;
		findings_add_text(findings,
		    report->verdict == CMS_FALSE ? FOUND_SIGNATURE_FALSE
		    : indication_of(report->sub) == TOTAL_FAILED
		        ? FOUND_SIGNATURE_BROKEN
		        : FOUND_SIGNATURE_UNPROVED,
		    question->place, report->reason);
		return;
	}
	findings_add(findings, FOUND_SIGNATURE_VALID, question->place, "%s",
	    digest_kind_name(report->digest));
	tell_time(&judging);
	prove_time(&judging);
	check_signer(&judging);
	check_strength(&judging);
	judgement_out->level = level_of(&judging);
}

const char *
judgement_level_name(enum judgement_level level)
{
	static const char *const levels[] = { "B", "T", "LT", "LTA" };

	return levels[level];
}

void
judge_tell(const struct judgement *judgement, struct findings *findings,
    const char *place)
{
	const enum indication indication = indication_of(judgement->sub);
	const char *name = indication_name(indication);

	findings_add_signature(findings, signature_json(judgement, place));
	if (indication == TOTAL_PASSED) {
		findings_add(findings, FOUND_VERDICT_PASSED, place, "%s; %s",
		    name, judgement_level_name(judgement->level));
		return;
	}
	findings_add(findings,
	    indication == TOTAL_FAILED ? FOUND_VERDICT_FAILED
	                               : FOUND_VERDICT_OPEN,
	    place, "%s; %s; %s", name, sub_indication_name(judgement->sub),
	    sub_indication_words(judgement->sub));
}
