/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A row of the matrix grants an act to a role within a scope, and where it
 * says so only on dossiers of certain statuses.  Units end and pass on what
 * they had: whoever is bound to the heir sees the old unit's papers.
 */

#include "core/permit.h"

#include "base/clock.h"
#include "core/lineage.h"
#include "core/rules.h"
#include "core/unit.h"

/* The member that names the unit a record belongs to. */
static const struct owner {
	enum record_kind kind;
	const char *object; /* an object that holds the member, or NULL */
	const char *member;
} owners[] = {
	{ RECORD_UNIT, NULL, "id" },
	{ RECORD_MOVEMENT, NULL, "launched_by" },
	{ RECORD_DOCUMENT, "issuer", "unit" },
	{ RECORD_DOSSIER, NULL, "unit" },
	{ RECORD_DECISION, NULL, "issuer" },
	{ RECORD_GRANT, NULL, "unit" },
	{ RECORD_FIGURE, NULL, "unit" },
	{ RECORD_SCORE, NULL, "unit" },
	{ RECORD_RANKING, NULL, "cluster" },
	{ RECORD_TOKEN, NULL, NULL },
	{ RECORD_USER, NULL, NULL },
	{ RECORD_REORGANISATION, NULL, NULL },
};

struct permit_object
permit_object_of(enum record_kind kind, const json_t *value)
{
	struct permit_object object = { .status = NULL };
	const json_t *first =
	    json_array_get(json_object_get(value, "steps"), 0);

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		const struct owner *owner = &owners[i];

		if (owner->kind == kind && owner->member != NULL) {
			object.unit = json_text_at(
			    owner->object != NULL
			        ? json_object_get(value, owner->object)
			        : value,
			    owner->member);
		}
	}
	object.status = json_text_at(value, "status");
	/* The first step is the making; a record that was never stepped and
	 * is at its first revision was made by who wrote it. */
	if (first != NULL) {
		object.creator = json_text_at(first, "by");
	} else if (json_integer_at(value, "rev") <= 1) {
		object.creator = json_text_at(value, "by");
	}
	return object;
}

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], word) == 0) {
			return true;
		}
	}
	return false;
}

/* The unit's last day, or today while it stands. */
static int
last_day(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t today, date_t *day_out, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(snapshot, arena, unit, today, &title, fault);

	*day_out = found == 1 && title.life.to < today ? title.life.to : today;
	return found < 0 ? -1 : 0;
}

/* 1 where `holder` is the unit or an heir of it; with `above` also where it
 * is, or inherited from, a unit above it. */
static int
covers(struct snapshot *snapshot, struct arena *arena, const char *holder,
    const char *unit, bool above, struct fault *fault)
{
	date_t today = clock_date(clock_now());
	const char **heirs;
	const char **line;
	size_t heir_count;
	size_t line_count = 1;
	date_t day;
	int rc;

	if (strcmp(holder, unit) == 0) {
		return 1;
	}
	if (above) {
		rc = unit_is_under(snapshot, arena, unit, holder, today, fault);
		if (rc != 0) {
			return rc;
		}
	}
	if (last_day(snapshot, arena, unit, today, &day, fault) < 0) {
		return -1;
	}
	line = &unit;
	if (above && unit_ancestors(snapshot, arena, unit, day, &line,
	                 &line_count, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < line_count; i++) {
		if (strcmp(line[i], holder) == 0) {
			return 1;
		}
		if (lineage_heirs(snapshot, arena, line[i], today, &heirs,
		        &heir_count, fault) < 0) {
			return -1;
		}
		if (is_among(holder, heirs, heir_count)) {
			return 1;
		}
		for (size_t j = 0; above && j < heir_count; j++) {
			rc = unit_is_under(snapshot, arena, heirs[j], holder,
			    today, fault);
			if (rc != 0) {
				return rc;
			}
		}
	}
	return 0;
}

/* Does one row of the matrix let this binding reach the object? */
static int
row_reaches(struct snapshot *snapshot, struct arena *arena,
    const struct actor *actor, const struct binding *binding, const json_t *row,
    const struct permit_object *object, struct fault *fault)
{
	const char *scope = json_text_at(row, "scope");

	if (strcmp(json_text_at(row, "role"), binding->role) != 0) {
		return 0;
	}
	if (json_object_get(row, "statuses") != NULL &&
	    (object->status == NULL ||
	        !rules_names(row, "statuses", object->status))) {
		return 0;
	}
	if (strcmp(scope, "all") == 0) {
		return 1;
	}
	if (strcmp(scope, "mine") == 0) {
		return object->creator != NULL &&
		       strcmp(object->creator, actor->user) == 0;
	}
	if (object->unit == NULL || binding->unit == NULL) {
		return 0;
	}
	return covers(snapshot, arena, binding->unit, object->unit,
	    strcmp(scope, "subtree") == 0, fault);
}

static bool
has_scope(const struct actor *actor, const char *act)
{
	for (size_t i = 0; actor->scopes != NULL && actor->scopes[i] != NULL;
	     i++) {
		if (strcmp(actor->scopes[i], act) == 0) {
			return true;
		}
	}
	return actor->scopes == NULL;
}

/* Any of the actor's bindings, or only those of one role. */
static int
reaches(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, const char *role,
    const struct permit_object *object, struct fault *fault)
{
	const json_t *matrix = rules_find(core->rules, RULES_ACTS, act, 0);
	struct arena *arena;
	json_t *row;
	size_t i;
	int rc = 0;

	if (!has_scope(actor, act)) {
		return 0;
	}
	arena = arena_new();
	json_array_foreach(json_object_get(matrix, "grants"), i, row)
	{
		for (size_t j = 0; j < actor->binding_count && rc == 0; j++) {
			const struct binding *binding = &actor->bindings[j];

			if (role == NULL || strcmp(role, binding->role) == 0) {
				rc = row_reaches(snapshot, arena, actor,
				    binding, row, object, fault);
			}
		}
		if (rc != 0) {
			break;
		}
	}
	arena_free(arena);
	return rc;
}

int
permit_check(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act,
    const struct permit_object *object, struct fault *fault)
{
	int rc;

	if (actor->everything) {
		return 0;
	}
	rc = reaches(core, snapshot, actor, act, NULL, object, fault);
	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	if (object->unit != NULL) {
		return fault_set(fault, FAULT_DENIED,
		    "your roles do not include %s for %s", act, object->unit);
	}
	return fault_set(fault, FAULT_DENIED, "your roles do not include %s",
	    act);
}

int
permit_role(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, const char *role,
    const struct permit_object *object, struct fault *fault)
{
	return reaches(core, snapshot, actor, act, role, object, fault);
}

bool
permit_ever(const struct core *core, const struct actor *actor, const char *act)
{
	const json_t *matrix = rules_find(core->rules, RULES_ACTS, act, 0);
	json_t *row;
	size_t i;

	if (actor->everything) {
		return true;
	}
	if (!has_scope(actor, act)) {
		return false;
	}
	json_array_foreach(json_object_get(matrix, "grants"), i, row)
	{
		for (size_t j = 0; j < actor->binding_count; j++) {
			if (strcmp(json_text_at(row, "role"),
			        actor->bindings[j].role) == 0) {
				return true;
			}
		}
	}
	return false;
}
