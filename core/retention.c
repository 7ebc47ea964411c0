/* SPDX-License-Identifier: Apache-2.0 */

#include "core/retention.h"

#include "base/clock.h"
#include "core/listing.h"
#include "core/record.h"

static date_t
closed_on(const json_t *dossier)
{
	int64_t at = json_integer_at(dossier, "at");
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(dossier, "steps"), i, step)
	{
		if (strcmp(json_text_at(step, "status"), "closed") == 0) {
			at = json_integer_at(step, "at");
		}
	}
	return clock_date(at);
}

/* The year in which the work ended. */
static int
find_year(struct snapshot *snapshot, const json_t *dossier, int *year_out,
    struct fault *fault)
{
	const char *id = json_text_at(dossier, "decision");
	struct record decision;
	struct arena *arena;
	int rc;

	if (id == NULL) {
		*year_out = date_year(closed_on(dossier));
		return 0;
	}
	arena = arena_new();
	rc =
	    record_need(snapshot, arena, RECORD_DECISION, id, &decision, fault);
	if (rc == 0) {
		*year_out = date_year(listing_day(decision.value));
	}
	arena_free(arena);
	return rc;
}

/* Its years have passed, all of them whole. */
static int
check_expired(struct snapshot *snapshot, const json_t *dossier, int64_t years,
    date_t today, struct fault *fault)
{
	int year = 0;

	if (find_year(snapshot, dossier, &year, fault) < 0) {
		return -1;
	}
	return date_year(today) > year + years
	           ? 0
	           : fault_set(fault, FAULT_CONFLICT,
	                 "it is kept to the end of %d", (int)(year + years));
}

int
retention_check(const struct rules *rules, struct snapshot *snapshot,
    const json_t *dossier, const json_t *step, date_t today,
    struct fault *fault)
{
	const char *wanted = json_text_at(step, "retention");
	const char *code = json_text_at(dossier, "retention");
	const json_t *class = code == NULL ? NULL
	                                   : rules_find(rules, RULES_RETENTION,
	                                         code, listing_day(dossier));
	bool is_permanent = json_is_true(json_object_get(class, "permanent"));

	if (wanted == NULL) {
		return 0;
	}
	if (class == NULL) {
		return fault_set(fault, FAULT_CONFLICT,
		    "no class says how long it is kept");
	}
	if (is_permanent != (strcmp(wanted, "permanent") == 0)) {
		return fault_set(fault, FAULT_CONFLICT,
		    is_permanent ? "it is kept for ever"
		                 : "it is not kept for ever");
	}
	return is_permanent
	           ? 0
	           : check_expired(snapshot, dossier,
	                 json_integer_at(class, "years"), today, fault);
}
