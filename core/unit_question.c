/* SPDX-License-Identifier: Apache-2.0 */

/* What a report asks of units: one, those below it, its heirs. */

#include "core/asking.h"

#include "base/clock.h"
#include "core/lineage.h"
#include "core/rules.h"
#include "core/unit.h"

static int
put_name(const struct asking *asking, json_t *row, const char *id_name,
    const char *name_name, const char *unit, date_t date, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(asking->questions->snapshot, asking->arena,
	    unit, date, &title, fault);

	if (found == 1) {
		asking_put_text(row, id_name, unit);
		asking_put_text(row, name_name, title.name);
	}
	return found < 0 ? -1 : 0;
}

static int
put_relatives(const struct asking *asking, json_t *row, const char *unit,
    date_t date, struct fault *fault)
{
	struct snapshot *snapshot = asking->questions->snapshot;
	const char *parent;
	const char **clusters;
	size_t count;
	int found =
	    unit_parent_at(snapshot, asking->arena, unit, date, &parent, fault);

	if (found < 0 ||
	    (found == 1 && put_name(asking, row, "parent", "parent_name",
	                       parent, date, fault) < 0) ||
	    unit_parents_at(snapshot, asking->arena, unit, UNIT_MEMBER, date,
	        &clusters, &count, fault) < 0) {
		return -1;
	}
	return count == 0 ? 0
	                  : put_name(asking, row, "cluster", "cluster_name",
	                        clusters[0], date, fault);
}

static int
emit_unit(const struct asking *asking, const char *unit, date_t date,
    struct fault *fault)
{
	const json_t *kind;
	struct unit_title title;
	json_t *row;
	int found = unit_title_at(asking->questions->snapshot, asking->arena,
	    unit, date, &title, fault);

	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_field(fault, "unit",
		                       "there is no unit %s", unit);
	}
	row = json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", unit, "kind",
	    title.kind, "name", title.name, "short", title.short_name, "place",
	    title.short_name);
	kind = rules_find(asking->questions->core->rules, RULES_UNIT_KINDS,
	    title.kind, date);
	asking_put_text(row, "level", json_text_at(kind, "level"));
	asking_put_day(row, "from", title.life.from);
	asking_put_day(row, "to", title.life.to);
	if (put_relatives(asking, row, unit, date, fault) < 0) {
		json_decref(row);
		return -1;
	}
	return asking_emit(asking, row, fault);
}

/* The day of a question about units: `date`, else the end of the period. */
static int
unit_day(const struct asking *asking, date_t *date_out, struct fault *fault)
{
	date_t last;

	if (asking_day(asking, "to", clock_date(asking->questions->now), &last,
	        fault) < 0) {
		return -1;
	}
	return asking_day(asking, "date", last, date_out, fault);
}

int
unit_question_unit(struct asking *asking, struct fault *fault)
{
	const char *unit;
	date_t date;

	if (asking_need(asking, "unit", &unit, fault) < 0 ||
	    unit_day(asking, &date, fault) < 0) {
		return -1;
	}
	return emit_unit(asking, unit, date, fault);
}

int
unit_question_units(struct asking *asking, struct fault *fault)
{
	const char *kind = asking_text(asking, "kind");
	struct unit_title title;
	const char *parent;
	const char **ids;
	size_t count;
	date_t date;

	if (asking_need(asking, "parent", &parent, fault) < 0 ||
	    unit_day(asking, &date, fault) < 0 ||
	    unit_children(asking->questions->snapshot, asking->arena, parent,
	        UNIT_ADM, date, &ids, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		int rc = unit_title_at(asking->questions->snapshot,
		    asking->arena, ids[i], date, &title, fault);

		if (rc < 0) {
			return -1;
		}
		if (kind != NULL && strcmp(kind, title.kind) != 0) {
			continue;
		}
		rc = emit_unit(asking, ids[i], date, fault);
		if (rc != 0) {
			return rc;
		}
	}
	return 0;
}

int
unit_question_heirs(struct asking *asking, struct fault *fault)
{
	date_t today = clock_date(asking->questions->now);
	struct unit_title title;
	const char *unit;
	const char **ids;
	size_t count;

	if (asking_need(asking, "unit", &unit, fault) < 0 ||
	    lineage_heirs(asking->questions->snapshot, asking->arena, unit,
	        today, &ids, &count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		json_t *row;
		int rc;

		if (unit_title_at(asking->questions->snapshot, asking->arena,
		        ids[i], today, &title, fault) < 0) {
			return -1;
		}
		row = json_pack("{s:s, s:s}", "id", ids[i], "name", title.name);
		asking_put_day(row, "date", title.life.from);
		rc = asking_emit(asking, row, fault);
		if (rc != 0) {
			return rc;
		}
	}
	return 0;
}
