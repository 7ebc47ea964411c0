/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A manifest is covered by a CAdES signature or by a time-stamp; the name of
 * the file says which.  The signer's chain is judged at the time that a
 * time-stamp proves, else at the present, and the report says which of both.
 */

#include "archive/cms_check.h"
#include "archive/timestamp.h"
#include "archive/verify_parts.h"
#include "archive/when.h"

static const struct trust *
tsa_anchors(const struct verifying *verifying)
{
	return verifying->options->tsa_anchors != NULL
	           ? verifying->options->tsa_anchors
	           : verifying->options->anchors;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

/* Report one token; true when it proves a time that somebody vouches for. */
static bool
check_token(struct verifying *verifying, const char *name, struct bytes token,
    struct bytes covered, int64_t *at_out)
{
	struct timestamp_question question = { .token = token,
		.covered = covered,
		.anchors = tsa_anchors(verifying) };
	struct findings *findings = verifying->findings;
	struct timestamp_report report;
	char when[WHEN_TEXT];

	timestamp_check(&report, verifying->arena, &question);
	if (!report.is_valid) {
		findings_add_text(findings, FOUND_TIMESTAMP_FALSE, name,
		    report.reason);
		return false;
	}
	if (report.weakness[0] != '\0') {
		findings_add(findings, FOUND_DIGEST_WEAK, name, "%s",
		    report.weakness);
	}
	when_format(when, report.at);
	switch (report.trust) {
	case TRUST_REACHED:
		findings_add(findings, FOUND_TIME_PROVED, name, "%s; %s", when,
		    report.authority.subject);
		break;
	case TRUST_MISSED:
		findings_add(findings, FOUND_TIMESTAMP_UNTRUSTED, name,
		    "%s; %s; %s", when, report.authority.subject,
		    report.trust_words);
		break;
	case TRUST_UNCHECKED:
		findings_add(findings, FOUND_TIMESTAMP_UNCHECKED, name,
		    "%s; %s", when, report.authority.subject);
		break;
	}
	*at_out = report.at;
	return report.trust == TRUST_REACHED;
}

static void
report_signer(struct verifying *verifying, const char *name,
    const struct cms_report *report, bool was_trusted)
{
	struct findings *findings = verifying->findings;
	char from[WHEN_TEXT];
	char to[WHEN_TEXT];
	char hex[SHA256_TEXT];

	when_format(from, report->signer.not_before);
	when_format(to, report->signer.not_after);
	sha256_format(hex, &report->signer.fingerprint);
	findings_add(findings, FOUND_SIGNER, name,
	    "%s; %s; %s - %s; SHA-256 %s", report->signer.subject,
	    report->signer.key, from, to, hex);
	switch (report->trust) {
	case TRUST_REACHED:
		findings_add_text(findings, FOUND_SIGNER_TRUSTED, name, "");
		findings_add_text(findings, FOUND_REVOCATION_UNCHECKED, name,
		    "");
		break;
	case TRUST_MISSED:
		findings_add_text(findings,
		    was_trusted ? FOUND_SIGNER_EXPIRED : FOUND_SIGNER_UNTRUSTED,
		    name, report->trust_words);
		break;
	case TRUST_UNCHECKED:
		findings_add_text(findings, FOUND_SIGNER_UNCHECKED, name, "");
		break;
	}
}

static void
report_time(struct verifying *verifying, const char *name,
    const struct cms_report *report)
{
	char when[WHEN_TEXT];

	if (report->claimed_at != 0) {
		when_format(when, report->claimed_at);
		findings_add(verifying->findings, FOUND_TIME_CLAIMED, name,
		    "%s", when);
	}
	if (report->timestamp_count == 0) {
		findings_add_text(verifying->findings, FOUND_TIME_UNPROVED,
		    name, "");
	}
}

/* The earliest time that a trusted token proves, else now. */
static int64_t
proven_time(struct verifying *verifying, const char *name,
    const struct cms_report *report)
{
	int64_t proven = verifying->options->now;
	bool is_proven = false;

	for (size_t i = 0; i < report->timestamp_count; i++) {
		int64_t at;

		if (check_token(verifying, name, report->timestamps[i],
		        report->signature, &at) &&
		    (!is_proven || at < proven)) {
			proven = at;
			is_proven = true;
		}
	}
	return proven;
}

/* Whether the chain held when the signature claims to have been made. */
static bool
was_trusted_then(const struct verifying *verifying,
    const struct cms_report *report)
{
	struct cms_report then = *report;

	if (report->claimed_at == 0) {
		return false;
	}
	cms_judge(&then, verifying->options->anchors, report->claimed_at);
	return then.trust == TRUST_REACHED;
}

/* Judge the signer's chain at the proven time, else now. */
static void
check_signer(struct verifying *verifying, const char *name,
    struct cms_report *report)
{
	int64_t proven = proven_time(verifying, name, report);
	bool is_proven = proven != verifying->options->now;

	cms_judge(report, verifying->options->anchors, proven);
	report_signer(verifying, name, report,
	    report->trust == TRUST_MISSED && !is_proven &&
	        was_trusted_then(verifying, report));
}

static void
check_signature(struct verifying *verifying, const char *name,
    struct bytes signature, struct bytes content)
{
	struct cms_question question = { .signature = signature,
		.content = content,
		.at = verifying->options->now };
	struct findings *findings = verifying->findings;
	struct cms_report report;

	cms_check(&report, verifying->arena, &question);
	if (report.verdict != CMS_VALID) {
		findings_add_text(findings,
		    report.verdict == CMS_MALFORMED ? FOUND_SIGNATURE_BROKEN
		                                    : FOUND_SIGNATURE_FALSE,
		    name, report.reason);
		return;
	}
	findings_add(findings, FOUND_SIGNATURE_VALID, name, "%s",
	    digest_kind_name(report.digest));
	if (report.weakness[0] != '\0') {
		findings_add(findings, FOUND_DIGEST_WEAK, name, "%s",
		    report.weakness);
	}
	report_time(verifying, name, &report);
	check_signer(verifying, name, &report);
}

static int
check_manifest(struct verifying *verifying,
    const struct verified_manifest *manifest, struct fault *fault)
{
	const char *name = manifest->manifest.signature_name;
	const struct zip_entry *entry = zip_in_find(verifying->zip, name);
	struct bytes bytes;
	int64_t at;
	int rc;

	if (entry == NULL || !manifest_is_evidence(name)) {
		findings_add(verifying->findings, FOUND_SIGNATURE_MISSING,
		    manifest->name, "%s", name);
		return 0;
	}
	rc = verify_read(verifying, entry, CMS_SIGNATURE_MAX, &bytes, fault);
	if (rc <= 0) {
		return rc;
	}
	if (ends_with(name, ".p7s")) {
		check_signature(verifying, name, bytes, manifest->bytes);
	} else if (ends_with(name, ".tst")) {
		check_token(verifying, name, bytes, manifest->bytes, &at);
	} else {
		findings_add_text(verifying->findings, FOUND_EVIDENCE_UNCHECKED,
		    name, "");
	}
	return 0;
}

/* Signatures and the like that no manifest names. */
static void
note_others(struct verifying *verifying)
{
	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const char *name = zip_in_entry(verifying->zip, i)->name;
		const struct verified_manifest *manifest = verifying->manifests;

		if (!manifest_is_evidence(name)) {
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
