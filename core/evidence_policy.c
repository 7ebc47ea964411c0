/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_policy.h"

#include "base/clock.h"

#include <string.h>

#define MS INT64_C(1000)

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t
evidence_policy_sunset(const struct rules *rules, const char *name)
{
	json_t *row;
	size_t i;

	json_array_foreach(rules_list(rules, RULES_ALGORITHMS), i, row)
	{
		const char *to = json_text_at(row, "to");
		date_t last;

		if (strcmp(json_text_at(row, "code"), name) == 0) {
			return to != NULL && date_parse(&last, to)
			           ? clock_of_date(last + 1)
			           : INT64_MAX;
		}
	}
	return INT64_MAX;
}

/* The day before which something must be done that ends at `end`. */
static int64_t
before(const struct evidence_conf *conf, int64_t end)
{
	return end == INT64_MAX ? end : end - (int64_t)conf->renew_ms * MS;
}

bool
evidence_policy_is_weak(const struct evidence_conf *conf,
    const struct rules *rules, enum digest_kind kind, int64_t now)
{
	return before(conf, evidence_policy_sunset(rules,
	                        digest_kind_name(kind))) <= now;
}

int
evidence_policy_choose(enum digest_kind *kind_out,
    const struct evidence_conf *conf, const struct rules *rules, int64_t now,
    struct fault *fault)
{
	json_t *row;
	size_t i;

	json_array_foreach(rules_list(rules, RULES_ALGORITHMS), i, row)
	{
		if (digest_kind_of_name(kind_out, json_text_at(row, "code")) &&
		    !evidence_policy_is_weak(conf, rules, *kind_out, now)) {
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID,
	    "algorithms.json names no digest that is still relied on");
}

/*
 * An authority's key whose algorithm was ending when the time-stamp was made
 * was the best there was: asking again would not give a better one.
 */
static int64_t
end_of(const struct evidence_conf *conf, const struct rules *rules,
    const struct evidence_batch *batch)
{
	int64_t sunset = evidence_policy_sunset(rules, batch->key);

	return before(conf, sunset) > batch->at ? least(batch->until, sunset)
	                                        : batch->until;
}

int64_t
evidence_policy_due(const struct evidence_conf *conf, const struct rules *rules,
    const struct evidence_batch *batch)
{
	int64_t end = end_of(conf, rules, batch);
	int64_t due = before(conf, end);
	int64_t halfway = batch->at + (end - batch->at) / 2;

	return least(due > halfway ? due : halfway,
	    batch->at + (int64_t)conf->longest_ms * MS);
}
