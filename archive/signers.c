/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/signers.h"

#define SIGNERS_MAX 64u

void
signers_judge(struct findings *findings,
    const struct judgement_question *question)
{
	struct judgement_question asked = *question;
	struct judgement judgement;

	do {
		asked.place = arena_format(findings->arena, "%s#%zu",
		    question->place, asked.cms.nth + 1);
		judge_signature(&judgement, findings->arena, findings, &asked);
		judge_tell(&judgement, findings, asked.place);
	} while (++asked.cms.nth < judgement.report.signers &&
	         asked.cms.nth < SIGNERS_MAX);
	if (judgement.report.signers > SIGNERS_MAX) {
		findings_add(findings, FOUND_SIGNATURE_UNPROVED,
		    question->place, "%zu signers; the first %u were examined",
		    judgement.report.signers, SIGNERS_MAX);
	}
}
