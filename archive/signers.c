/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A counter-signature is a signature whose content is the value of another.
 * It may be countersigned itself; how deep this goes, and how many there are,
 * is limited, and what is beyond is told.
 */

#include "archive/signers.h"

#define SIGNERS_MAX  64u
#define COUNTERS_MAX 16u /* of one CMS object */
#define DEPTH_MAX    4u

struct signers {
	struct findings *findings;
	size_t counters; /* that were judged */
	bool has_more;   /* and were not */
};

static void
judge_counters(struct signers *signers,
    const struct judgement_question *question,
    const struct judgement *judgement, unsigned depth)
{
	struct findings *findings = signers->findings;
	const char *only = strchr(question->place, '#') == NULL ? "#1" : "";
	struct judgement_question asked = *question;
	struct judgement counter;
	struct bytes object;

	for (size_t i = 0; cms_counter(&judgement->report, i, &object); i++) {
		if (depth == DEPTH_MAX || signers->counters == COUNTERS_MAX) {
			signers->has_more = true;
			return;
		}
		signers->counters++;
		asked.countersigns = arena_format(findings->arena, "%s%s",
		    question->place, only);
		asked.place = arena_format(findings->arena, "%s.%zu",
		    asked.countersigns, i + 1);
		asked.cms = (struct cms_question){
			.signature = object,
			.content = judgement->report.signature,
			.is_counter = true,
			.may = question->cms.may & CMS_MAY_NOT_NAME,
			.others = { question->cms.others[0],
			    question->cms.others[1] },
		};
		judge_signature(&counter, findings->arena, findings, &asked);
		judge_tell(&counter, findings, asked.place);
		judge_counters(signers, &asked, &counter, depth + 1);
	}
}

static void
tell_more(const struct signers *signers, const char *place)
{
	if (signers->has_more) {
		findings_add(signers->findings, FOUND_SIGNATURE_UNPROVED, place,
		    "more counter-signatures than %u, or deeper than %u",
		    COUNTERS_MAX, DEPTH_MAX);
	}
}

void
signers_judge_counters(struct findings *findings,
    const struct judgement_question *question,
    const struct judgement *judgement)
{
	struct signers signers = { .findings = findings };

	judge_counters(&signers, question, judgement, 0);
	tell_more(&signers, question->place);
}

void
signers_judge(struct findings *findings,
    const struct judgement_question *question)
{
	struct signers signers = { .findings = findings };
	struct judgement_question asked = *question;
	struct judgement judgement;

	do {
		asked.place = arena_format(findings->arena, "%s#%zu",
		    question->place, asked.cms.nth + 1);
		judge_signature(&judgement, findings->arena, findings, &asked);
		judge_tell(&judgement, findings, asked.place);
		judge_counters(&signers, &asked, &judgement, 0);
	} while (++asked.cms.nth < judgement.report.signers &&
	         asked.cms.nth < SIGNERS_MAX);
	if (judgement.report.signers > SIGNERS_MAX) {
		findings_add(findings, FOUND_SIGNATURE_UNPROVED,
		    question->place, "%zu signers; the first %u were examined",
		    judgement.report.signers, SIGNERS_MAX);
	}
	tell_more(&signers, question->place);
}
