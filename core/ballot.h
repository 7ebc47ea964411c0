/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BALLOT_H
#define CORE_BALLOT_H

#include "base/json.h"
#include "core/rules.h"

/*
 * The count of a secret ballot: members of the council, how many were
 * present, and their votes, on the spot and in writing.  What the count leads
 * to, a rule says (data/rules/ballots.json, a ranking scheme); that it adds
 * up is the same under each.
 */

/*
 * Read the members `members`, `present`, `yes`, `no`, `written_yes` and
 * `written_no` (each 0 where absent) and refuse through the reader what
 * cannot be: more present than members, more votes than present, more written
 * votes than absent.
 */
void ballot_check(struct json_reader *reader);

/* What a count comes to by the rule for its award. */
struct ballot_outcome {
	int64_t in_favour; /* on the spot and in writing */
	int64_t needed;
	bool is_required; /* the award is not given without a ballot */
	bool is_carried;
	int64_t percent;  /* that are needed, of ... */
	const char *base; /* "all_members" or "present" */
};

/* False where no rule of that day is about the award. */
bool ballot_judge(struct ballot_outcome *outcome_out, const struct rules *rules,
    const char *award, date_t date, const json_t *vote);

#endif
