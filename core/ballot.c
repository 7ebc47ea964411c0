/* SPDX-License-Identifier: Apache-2.0 */

#include "core/ballot.h"

#define MEMBERS_MAX 10000 /* far more than any council has */

static int64_t
count(struct json_reader *reader, const char *key)
{
	return json_reader_integer(reader, key, 0, 0, MEMBERS_MAX);
}

void
ballot_check(struct json_reader *reader)
{
	int64_t members = count(reader, "members");
	int64_t present = count(reader, "present");
	int64_t yes = count(reader, "yes");
	int64_t no = count(reader, "no");
	int64_t written_yes = count(reader, "written_yes");
	int64_t written_no = count(reader, "written_no");

	if (reader->failed) {
		return;
	}
	if (present > members) {
		json_reader_refuse(reader, "present", "more than members");
	} else if (yes + no > present) {
		json_reader_refuse(reader, "yes",
		    "more votes than members present");
	} else if (written_yes + written_no > members - present) {
		json_reader_refuse(reader, "written_yes",
		    "more written votes than members absent");
	}
}

bool
ballot_judge(struct ballot_outcome *outcome_out, const struct rules *rules,
    const char *award, date_t date, const json_t *vote)
{
	const json_t *rule = award != NULL
	                         ? rules_find(rules, RULES_BALLOTS, award, date)
	                         : NULL;
	const char *base = json_text_at(rule, "base");
	bool is_of_all = base != NULL && strcmp(base, "all_members") == 0;
	int64_t of_whom =
	    json_integer_at(vote, is_of_all ? "members" : "present");
	struct ballot_outcome outcome;

	if (rule == NULL) {
		return false;
	}
	outcome = (struct ballot_outcome){
		.in_favour = json_integer_at(vote, "yes") +
		             json_integer_at(vote, "written_yes"),
		.needed =
		    (json_integer_at(rule, "threshold_percent") * of_whom +
		        99) /
		    100,
		.is_required =
		    json_is_true(json_object_get(rule, "ballot_required")),
		.percent = json_integer_at(rule, "threshold_percent"),
		.base = is_of_all ? "all_members" : "present",
	};
	outcome.is_carried = of_whom > 0 &&
	                     outcome.in_favour >= outcome.needed &&
	                     json_integer_at(vote, "present") * 100 >=
	                         json_integer_at(rule, "quorum_percent") *
	                             json_integer_at(vote, "members");
	*outcome_out = outcome;
	return true;
}
