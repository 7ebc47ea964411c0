/* SPDX-License-Identifier: Apache-2.0 */

/*
 * First the document's time-stamps, since each proves a time for the
 * signatures that it covers; then the signatures, oldest first.
 */

#include "archive/examine_parts.h"
#include "archive/pdf_evidence.h"
#include "archive/pdf_signatures.h"
#include "archive/signers.h"

#include <stdio.h>

#define PLACE_BYTES 32u

struct examining {
	const struct source *file;
	const struct verify_options *options;
	struct findings *findings;
	struct pdf_signatures found;
	const struct pdf_signature *last; /* of a person; NULL: none */
	int64_t *proved; /* by the time-stamp of the same place; 0 */
	const struct pdf_signature *stamp;   /* the last that proves a time */
	struct validation_material evidence; /* of the document */
	struct validation_material stamped;  /* of it, what the stamp covers */
};

/* One signature's content, to be poured. */
struct covered {
	const struct source *file;
	const struct pdf_signature *signature;
};

static int
pour_covered(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct covered *covered = arg;

	return pdf_signature_pour(covered->signature, covered->file, sink,
	    sink_arg, fault);
}

static const char *
anomaly_words(unsigned anomalies)
{
	static const struct {
		enum pdf_anomaly anomaly;
		const char *words;
	} table[] = {
		{ PDF_BAD_BYTERANGE, "its ByteRange is not four numbers" },
		{ PDF_BAD_RANGE, "its ByteRange does not fit the file" },
		{ PDF_GAP_NOT_HEXSTRING,
		    "more than the signature was left out of what is signed" },
		{ PDF_GAP_NOT_CONTENTS,
		    "what was left out is not the signature" },
		{ PDF_COPIED_DICTIONARY,
		    "its ByteRange was copied from another signature" },
		{ PDF_SHARED_RANGE, "several signatures claim one ByteRange" },
		{ PDF_CONTENTS_TOO_LARGE, "it is empty or larger than 4 MiB" },
		{ PDF_NONZERO_PADDING, "there are bytes behind it" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((anomalies & table[i].anomaly) != 0) {
			return table[i].words;
		}
	}
	return NULL;
}

static bool
is_of_person(const struct pdf_signature *signature)
{
	return pdf_signature_is_sound(signature) &&
	       (signature->anomalies & PDF_USAGE_RIGHTS) == 0 &&
	       (signature->subfilter == PDF_CADES ||
	           signature->subfilter == PDF_PKCS7);
}

/* Nobody vouches for what comes behind it. */
static const struct pdf_signature *
last_of_person(const struct pdf_signatures *found)
{
	for (size_t i = found->count; i-- > 0;) {
		if (is_of_person(&found->list[i])) {
			return &found->list[i];
		}
	}
	return NULL;
}

static void
name_place(char place[PLACE_BYTES], size_t at)
{
	snprintf(place, PLACE_BYTES, "#%zu", at + 1);
}

/* --- what it covers ------------------------------------------------------------ */

static void
tell_coverage(const struct examining *examining, const char *place,
    const struct pdf_signature *signature)
{
	static const struct {
		enum pdf_later later;
		const char *words;
	} table[] = {
		{ PDF_LATER_SIGNATURE, "another signature" },
		{ PDF_LATER_TIMESTAMP, "a time-stamp" },
		{ PDF_LATER_EVIDENCE, "evidence of validity" },
		{ PDF_LATER_METADATA, "data about the document" },
		{ PDF_LATER_CONTENT, "content, or what may be content" },
	};
	struct findings *findings = examining->findings;

	if ((signature->later & ~(unsigned)PDF_LATER_SPACE) == 0) {
		findings_add_text(findings, FOUND_COVERS_FILE, place, "");
		return;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if ((signature->later & table[i].later) != 0) {
			findings_add_text(findings, FOUND_COVERS_REVISION,
			    place, table[i].words);
		}
	}
	if ((signature->later & PDF_LATER_CONTENT) != 0) {
		findings_add_text(findings,
		    signature == examining->last ? FOUND_CHANGED_UNSIGNED
		                                 : FOUND_CHANGED_LATER,
		    place, "");
	}
}

/* --- time-stamps of the document ------------------------------------------------ */

static int
prove_times(struct examining *examining, struct fault *fault)
{
	for (size_t i = 0; i < examining->found.count; i++) {
		const struct pdf_signature *signature =
		    &examining->found.list[i];
		struct covered covered = { examining->file, signature };
		struct content content = { pour_covered, &covered };
		char place[PLACE_BYTES];
		int64_t at;
		int rc;

		if (signature->subfilter != PDF_TIMESTAMP ||
		    !pdf_signature_is_sound(signature)) {
			continue;
		}
		name_place(place, i);
		rc = judge_timestamp_poured(&at, examining->findings, place,
		    signature->contents, &content, examining->options, fault);
		if (rc < 0) {
			return -1;
		}
		if (rc == 1) {
			examining->proved[i] = at;
			examining->stamp = signature;
		}
		tell_coverage(examining, place, signature);
	}
	return 0;
}

static bool
covers(const struct pdf_signature *stamp, const struct pdf_signature *signature)
{
	return stamp != NULL && stamp->gap_begin >= signature->end;
}

/* The earliest time that a time-stamp over it proves; 0. */
static int64_t
proved_for(const struct examining *examining, size_t at)
{
	int64_t proved = 0;

	for (size_t i = at + 1; i < examining->found.count; i++) {
		int64_t other = examining->proved[i];

		if (other != 0 && (proved == 0 || other < proved) &&
		    covers(&examining->found.list[i],
		        &examining->found.list[at])) {
			proved = other;
		}
	}
	return proved;
}

/* --- evidence of validity --------------------------------------------------------- */

/* It is asked for where a chain is, and comes behind what it is about. */
static int
gather_evidence(struct examining *examining, struct fault *fault)
{
	const struct pdf_signatures *found = &examining->found;
	const struct source *file = examining->file;
	size_t first = 0;

	if (examining->last == NULL || examining->options->anchors == NULL) {
		return 0;
	}
	while (!pdf_signature_is_sound(&found->list[first])) {
		first++;
	}
	if (pdf_evidence_add(&examining->evidence, file, found->list[first].end,
	        file->size, fault) < 0) {
		return -1;
	}
	return examining->stamp == NULL
	           ? 0
	           : pdf_evidence_add(&examining->stamped, file,
	                 found->list[first].end, examining->stamp->gap_begin,
	                 fault);
}

/* --- signatures ------------------------------------------------------------------ */

static void
tell_broken(const struct examining *examining, const char *place,
    const struct pdf_signature *signature)
{
	struct judgement broken = { .sub = SUB_FORMAT_FAILURE };

	findings_add_text(examining->findings, FOUND_SIGNATURE_BROKEN, place,
	    anomaly_words(signature->anomalies));
	judge_tell(&broken, examining->findings, place);
}

static void
tell_unknown(const struct examining *examining, const char *place)
{
	struct judgement unknown = { .sub = SUB_CRYPTO_CONSTRAINTS_FAILURE };

	findings_add_text(examining->findings, FOUND_SIGNATURE_UNPROVED, place,
	    "this kind of signature is not supported");
	judge_tell(&unknown, examining->findings, place);
}

static void
examine_signature(const struct examining *examining, size_t at,
    const char *place)
{
	const struct pdf_signature *signature = &examining->found.list[at];
	struct covered covered = { examining->file, signature };
	struct content content = { pour_covered, &covered };
	struct judgement_question question = {
		.place = place,
		.cms = { .signature = signature->contents,
		    .poured = &content,
		    .may = signature->subfilter == PDF_PKCS7 ? CMS_MAY_NOT_NAME
		                                             : 0,
		    .others = { examining->evidence.certificates } },
		.options = examining->options,
		.revocations = examining->evidence.revocations,
		.stamped = covers(examining->stamp, signature)
		               ? examining->stamped.revocations
		               : NULL,
		.proven_at = proved_for(examining, at),
	};
	struct judgement judgement;

	judge_signature(&judgement, examining->findings->arena,
	    examining->findings, &question);
	tell_coverage(examining, place, signature);
	judge_tell(&judgement, examining->findings, place);
	signers_judge_counters(examining->findings, &question, &judgement);
}

static void
examine_one(const struct examining *examining, size_t at)
{
	const struct pdf_signature *signature = &examining->found.list[at];
	char place[PLACE_BYTES];

	name_place(place, at);
	if ((signature->anomalies & PDF_USAGE_RIGHTS) != 0) {
		findings_add_text(examining->findings, FOUND_USAGE_RIGHTS,
		    place, "");
	} else if (!pdf_signature_is_sound(signature)) {
		tell_broken(examining, place, signature);
	} else if (is_of_person(signature)) {
		examine_signature(examining, at, place);
	} else if (signature->subfilter != PDF_TIMESTAMP) {
		tell_unknown(examining, place);
	}
}

static int
examine_all(struct examining *examining, struct fault *fault)
{
	if (prove_times(examining, fault) < 0 ||
	    gather_evidence(examining, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < examining->found.count; i++) {
		examine_one(examining, i);
	}
	if (examining->found.has_more) {
		findings_add(examining->findings, FOUND_SIGNATURE_UNPROVED,
		    NULL, "more than %u signatures; the first %u were examined",
		    PDF_SIGNATURES_MAX, PDF_SIGNATURES_MAX);
	}
	return 0;
}

int
examine_pdf(struct findings *findings, const struct examine_question *question,
    struct fault *fault)
{
	struct examining examining = { .file = question->file,
		.options = question->options,
		.findings = findings };
	int rc;

	if (pdf_signatures_find(&examining.found, findings->arena,
	        question->file, fault) < 0) {
		return -1;
	}
	if (examining.found.count == 0) {
		findings_add_text(findings, FOUND_FILE_UNSIGNED, NULL, "");
		return 0;
	}
	examining.last = last_of_person(&examining.found);
	examining.proved = arena_alloc(findings->arena,
	    examining.found.count * sizeof(*examining.proved));
	memset(examining.proved, 0,
	    examining.found.count * sizeof(*examining.proved));
	validation_material_init(&examining.evidence);
	validation_material_init(&examining.stamped);
	rc = examine_all(&examining, fault);
	validation_material_fini(&examining.evidence);
	validation_material_fini(&examining.stamped);
	return rc;
}
