/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A secret ballot of a council.  Agreement is counted against all members
 * (base "all_members", absent ones may vote in writing) or those present; the
 * votes that are needed are the smallest whole number that reaches the
 * threshold:
 *
 *     required = ceil(threshold * base)      90% of 13: ceil(11,7) = 12
 *
 * Units are the candidates.  They are ranked by their votes on the award that
 * they got most for; each award that they passed is proposed, those under a
 * quota only as far as the quota goes.
 */

#include "hoso/plugin.h"

#include <string.h>

#define CANDIDATES_MAX 1000u
#define BALLOTS_MAX    2000u
#define MEMBERS_MAX    1000

struct candidate {
	const char *id;
	const char *name;
	int64_t best; /* agreement in hundredths of a percent, the highest */
	int64_t rank;
};

struct ballot {
	struct candidate *candidate;
	const char *award;
	const char *award_name; /* for people */
	int64_t base;
	int64_t agreed;
	int64_t threshold; /* hundredths of a percent */
	int64_t required;
	int64_t percent; /* hundredths of a percent, half up */
	bool passed;
	bool over_quota; /* passed, but the quota was used up before it */
};

struct vote {
	struct hoso_call *call;
	struct candidate candidates[CANDIDATES_MAX];
	size_t candidate_count;
	struct ballot ballots[BALLOTS_MAX];
	size_t ballot_count;
	size_t order[CANDIDATES_MAX];
	const char *quota_award; /* NULL: no quota */
	int64_t quota;
	int64_t quota_of; /* what it is a share of: 24 leaders */
};

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static bool
is_text(const char *text, const char *wanted)
{
	return text != NULL && strcmp(text, wanted) == 0;
}

static int64_t
ceil_share(int64_t of, int64_t percent_hundredths)
{
	return (of * percent_hundredths + 9999) / 10000;
}

static const char *
percent_text(struct hoso_call *call, int64_t hundredths)
{
	return call->host->format(call, "%s%%",
	    call->host->number_text(call, hundredths, 100));
}

/* --- reading -------------------------------------------------------------------- */

static int
read_candidates(struct vote *vote)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "units");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		struct candidate *candidate =
		    &vote->candidates[vote->candidate_count];

		if (vote->candidate_count == CANDIDATES_MAX) {
			return host->refuse(call, "/units",
			    "more than %u people and collectives",
			    CANDIDATES_MAX);
		}
		candidate->id = host->text(row, "id");
		candidate->name = host->text(row, "name");
		if (candidate->id == NULL) {
			return host->fail(call,
			    "a row of the list has no code");
		}
		if (candidate->name == NULL) {
			candidate->name = candidate->id;
		}
		candidate->best = -1;
		vote->order[vote->candidate_count] = vote->candidate_count;
		vote->candidate_count++;
	}
	return 0;
}

static struct candidate *
find_candidate(struct vote *vote, const char *id)
{
	for (size_t i = 0; id != NULL && i < vote->candidate_count; i++) {
		if (strcmp(vote->candidates[i].id, id) == 0) {
			return &vote->candidates[i];
		}
	}
	return NULL;
}

/* The threshold of an award, or that of "*"; -1 where neither is stated. */
static int64_t
threshold_of(struct hoso_call *call, const char *award)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "thresholds");
	const struct hoso_row *row;
	int64_t other = -1;

	while ((row = host->next(query)) != NULL) {
		const char *of = host->text(row, "award");
		int64_t percent = host->integer(row, "percent_hundredths");

		if (is_text(of, award)) {
			return percent;
		}
		if (is_text(of, "*")) {
			other = percent;
		}
	}
	return other;
}

/* The member of the ballot that is being read: "/ballots/3/yes". */
static const char *
place_of(const struct vote *vote, const char *member)
{
	return vote->call->host->format(vote->call, "/ballots/%zu/%s",
	    vote->ballot_count, member);
}

/* Votes and base must be such as a count can have. */
static int
check_votes(const struct vote *vote, const struct hoso_row *row,
    const char *name)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;
	int64_t members = host->integer(row, "members");
	int64_t present = host->integer(row, "present");
	int64_t yes = host->integer(row, "yes");
	int64_t no = host->integer(row, "no");
	int64_t written_yes = host->integer(row, "written_yes");
	int64_t written_no = host->integer(row, "written_no");

	if (members < 1 || members > MEMBERS_MAX) {
		return host->refuse(call, place_of(vote, "members"),
		    "a council has 1 to %d members", MEMBERS_MAX);
	}
	if (yes < 0 || no < 0 || written_yes < 0 || written_no < 0 ||
	    present < 0 || present > members || yes + no > present ||
	    written_yes + written_no > members - present) {
		return host->refuse(call, place_of(vote, "yes"),
		    "the votes for %s do not add up: %lld members, %lld present, %lld "
		    "+ %lld votes, %lld + %lld written",
		    name, (long long)members, (long long)present,
		    (long long)yes, (long long)no, (long long)written_yes,
		    (long long)written_no);
	}
	return 0;
}

static int
read_ballot(struct vote *vote, const struct hoso_row *row)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;
	struct ballot *ballot = &vote->ballots[vote->ballot_count];
	const char *base = host->text(call->parameters, "base");
	int64_t written = host->integer(row, "written_yes");

	ballot->candidate = find_candidate(vote, host->text(row, "unit"));
	ballot->award = text_or_empty(host->text(row, "award"));
	ballot->award_name = host->text(row, "award_name");
	if (ballot->award_name == NULL) {
		ballot->award_name = ballot->award;
	}
	if (ballot->candidate == NULL) {
		return host->refuse(call, place_of(vote, "unit"),
		    "the votes for %s are of nobody in the list",
		    text_or_empty(host->text(row, "unit")));
	}
	if (check_votes(vote, row, ballot->candidate->name) < 0) {
		return -1;
	}
	ballot->threshold = threshold_of(call, ballot->award);
	if (ballot->threshold < 0 || ballot->threshold > 10000) {
		return host->refuse(call, place_of(vote, "award"),
		    "no rule gives the majority that %s needs",
		    ballot->award_name);
	}
	ballot->base = is_text(base, "present_members")
	                   ? host->integer(row, "present")
	                   : host->integer(row, "members");
	ballot->agreed = host->integer(row, "yes");
	if (host->truth(call->parameters, "written_vote_allowed") &&
	    !is_text(base, "present_members")) {
		ballot->agreed += written;
	}
	if (ballot->base == 0) {
		return host->refuse(call, place_of(vote, "present"),
		    "nobody voted on %s", ballot->candidate->name);
	}
	ballot->required = ceil_share(ballot->base, ballot->threshold);
	ballot->percent =
	    (ballot->agreed * 10000 * 2 + ballot->base) / (2 * ballot->base);
	ballot->passed = ballot->agreed >= ballot->required;
	if (ballot->percent > ballot->candidate->best) {
		ballot->candidate->best = ballot->percent;
	}
	vote->ballot_count++;
	return 0;
}

static int
read_ballots(struct vote *vote)
{
	struct hoso_call *call = vote->call;
	struct hoso_query *query = call->host->ask(call, "ballots");
	const struct hoso_row *row;

	while ((row = call->host->next(query)) != NULL) {
		if (vote->ballot_count == BALLOTS_MAX) {
			return call->host->refuse(call, "/ballots",
			    "more than %u ballots", BALLOTS_MAX);
		}
		if (read_ballot(vote, row) < 0) {
			return -1;
		}
	}
	return 0;
}

/* A ballot on this award, or NULL. */
static const struct ballot *
find_ballot(const struct vote *vote, const char *award)
{
	for (size_t i = 0; i < vote->ballot_count; i++) {
		if (is_text(award, vote->ballots[i].award)) {
			return &vote->ballots[i];
		}
	}
	return NULL;
}

/* How many of an award may be proposed: 20% of 24 leaders, rounded up. */
static int
read_quota(struct vote *vote)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;
	const struct hoso_row *row = host->next(host->ask(call, "quota"));
	const struct ballot *ballot;
	const char *rounding;
	const char *of;
	int64_t part;

	if (row == NULL) {
		return 0;
	}
	ballot = find_ballot(vote, host->text(row, "award"));
	if (ballot == NULL) {
		return 0; /* not a vote on the award that has a quota */
	}
	of = text_or_empty(host->text(row, "of"));
	if (!host->has(call->parameters, of)) {
		return host->refuse(call, host->format(call, "/%s", of),
		    "must be given, for %s has a quota of %s of this number",
		    ballot->award_name,
		    percent_text(call,
		        host->integer(row, "percent_hundredths")));
	}
	rounding = text_or_empty(host->text(row, "rounding"));
	vote->quota_of = host->integer(call->parameters, of);
	part = vote->quota_of * host->integer(row, "percent_hundredths");
	vote->quota_award = ballot->award;
	if (strcmp(rounding, "ceil") == 0) {
		vote->quota = (part + 9999) / 10000;
	} else if (strcmp(rounding, "floor") == 0) {
		vote->quota = part / 10000;
	} else if (strcmp(rounding, "round") == 0) {
		vote->quota = (part + 5000) / 10000;
	} else {
		return host->fail(call, "there is no rounding %s", rounding);
	}
	return 0;
}

/* --- order ---------------------------------------------------------------------- */

/* Most agreement first; equals stay in the order they came and share a rank. */
static void
rank_candidates(struct vote *vote)
{
	for (size_t i = 1; i < vote->candidate_count; i++) {
		size_t moved = vote->order[i];
		size_t j = i;

		while (j > 0 && vote->candidates[vote->order[j - 1]].best <
		                    vote->candidates[moved].best) {
			vote->order[j] = vote->order[j - 1];
			j--;
		}
		vote->order[j] = moved;
	}
	for (size_t i = 0; i < vote->candidate_count; i++) {
		struct candidate *candidate = &vote->candidates[vote->order[i]];
		const struct candidate *before =
		    i > 0 ? &vote->candidates[vote->order[i - 1]] : NULL;

		if (candidate->best < 0) {
			candidate->rank = 0; /* nobody voted on it */
		} else if (before != NULL && before->best == candidate->best) {
			candidate->rank = before->rank;
		} else {
			candidate->rank = (int64_t)i + 1;
		}
	}
}

/*
 * Use the quota up from the top.  Equals at its end all stay out: the rule
 * cannot choose among them, the council must.
 */
static void
apply_quota(struct vote *vote)
{
	for (size_t i = 0; i < vote->ballot_count; i++) {
		struct ballot *ballot = &vote->ballots[i];
		int64_t not_worse = 0;

		if (!ballot->passed ||
		    !is_text(vote->quota_award, ballot->award)) {
			continue;
		}
		for (size_t j = 0; j < vote->ballot_count; j++) {
			const struct ballot *other = &vote->ballots[j];

			not_worse += other->passed &&
			             is_text(vote->quota_award, other->award) &&
			             other->percent >= ballot->percent;
		}
		ballot->over_quota = not_worse > vote->quota;
	}
}

/* --- writing -------------------------------------------------------------------- */

static void
write_ballot(const struct vote *vote, const struct ballot *ballot)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;
	const char *base = host->text(call->parameters, "base");

	host->value(call, host->format(call, "%s:agreed", ballot->award),
	    ballot->agreed * 100);
	host->value(call, host->format(call, "%s:required", ballot->award),
	    ballot->required * 100);
	host->value(call, host->format(call, "%s:percent", ballot->award),
	    ballot->percent);
	host->reason(call,
	    "%s: %lld/%lld phiếu đồng ý (%s), cần %lld phiếu (%s của %lld "
	    "thành viên%s): %s.",
	    ballot->award_name, (long long)ballot->agreed,
	    (long long)ballot->base, percent_text(call, ballot->percent),
	    (long long)ballot->required, percent_text(call, ballot->threshold),
	    (long long)ballot->base,
	    is_text(base, "present_members") ? " có mặt" : " Hội đồng",
	    ballot->passed ? "đạt" : "không đạt");
	if (ballot->over_quota) {
		host->reason(call,
		    "%s: đạt phiếu nhưng vượt chỉ tiêu %lld trên %lld; Hội "
		    "đồng quyết định.",
		    ballot->award_name, (long long)vote->quota,
		    (long long)vote->quota_of);
	} else if (ballot->passed) {
		host->award(call, ballot->award);
	}
}

static void
write_candidate(const struct vote *vote, const struct candidate *candidate)
{
	struct hoso_call *call = vote->call;
	const struct hoso_host *host = call->host;

	host->place(call, candidate->id, candidate->rank);
	for (size_t i = 0; i < vote->ballot_count; i++) {
		if (vote->ballots[i].candidate == candidate) {
			write_ballot(vote, &vote->ballots[i]);
		}
	}
	for (size_t i = 0; i < vote->candidate_count; i++) {
		const struct candidate *other = &vote->candidates[i];

		if (other != candidate && other->best == candidate->best &&
		    other->best >= 0) {
			host->tie(call,
			    "Bằng tỷ lệ phiếu %s với %s: đồng hạng.",
			    percent_text(call, candidate->best), other->name);
		}
	}
	if (candidate->best < 0) {
		host->reason(call, "Không có phiếu bầu: không xếp hạng.");
	}
}

static int
council_vote_rank(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct vote *vote = host->memory(call, sizeof(*vote));
	const char *required = host->text(call->parameters, "required");

	(void)state;
	vote->call = call;
	if (required != NULL && strcmp(required, "ceil") != 0) {
		return host->fail(call, "there is no way %s of counting votes",
		    required);
	}
	if (read_candidates(vote) < 0 || read_ballots(vote) < 0 ||
	    read_quota(vote) < 0) {
		return -1;
	}
	rank_candidates(vote);
	apply_quota(vote);
	for (size_t i = 0; i < vote->candidate_count; i++) {
		write_candidate(vote, &vote->candidates[vote->order[i]]);
	}
	return 0;
}

static const struct hoso_ranking council_vote = {
	.size = sizeof(struct hoso_ranking),
	.name = "council_vote_v1",
	.title = "Bỏ phiếu kín của Hội đồng",
	.rank = council_vote_rank,
};

static const struct hoso_ranking *const rankings[] = { &council_vote, NULL };

static const struct hoso_translation english[] = {
	{ "Bỏ phiếu kín của Hội đồng", "Secret ballot of the council" },
	{ "Kiểm phiếu kín: ngưỡng theo từng hình thức, chỉ tiêu đề nghị",
	    "Counts a secret ballot: thresholds by award, quota of proposals" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "ranking-vote", .version = "1.0",
    .summary = "Kiểm phiếu kín: ngưỡng theo từng hình thức, chỉ tiêu đề nghị",
    .english = english, .rankings = rankings);
