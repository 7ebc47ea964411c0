/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A row of the matrix grants an act to a role within a scope, and where it
 * says so only on dossiers of certain statuses.  Units end and pass on what
 * they had: whoever is bound to the heir sees the old unit's papers.
 */

#include "core/permit.h"

#include "base/glance.h"
#include "core/matrix.h"
#include "core/reach.h"
#include "core/rules.h"

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
};

/* The day of the papers: a day, or the first of a span. */
static date_t
day_of(const json_t *value)
{
	const json_t *date = json_object_get(value, "date");
	const char *text = json_is_object(date) ? json_text_at(date, "from")
	                                        : json_string_value(date);
	date_t day;

	return text != NULL && date_parse(&day, text) ? day : 0;
}

/* Who made it, or whom it is about. */
static const char *
creator_of(enum record_kind kind, const json_t *value)
{
	const json_t *first =
	    json_array_get(json_object_get(value, "steps"), 0);

	if (kind == RECORD_USER) {
		return json_text_at(value, "id");
	}
	if (kind == RECORD_TOKEN) {
		return json_text_at(value, "user");
	}
	/* The first step is the making; a record that was never stepped and
	 * is at its first revision was made by who wrote it. */
	if (first != NULL) {
		return json_text_at(first, "by");
	}
	return json_integer_at(value, "rev") <= 1 ? json_text_at(value, "by")
	                                          : NULL;
}

struct permit_object
permit_object_of(enum record_kind kind, const json_t *value)
{
	struct permit_object object = {
		.creator = creator_of(kind, value),
		.status = json_text_at(value, "status"),
		.date = day_of(value),
	};

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		const struct owner *owner = &owners[i];

		if (owner->kind == kind) {
			object.unit = json_text_at(
			    owner->object != NULL
			        ? json_object_get(value, owner->object)
			        : value,
			    owner->member);
		}
	}
	if (kind == RECORD_SCORE) {
		object.source = json_text_at(value, "source");
	}
	return object;
}

/* --- the same by a glance ------------------------------------------------ */

/* In order of their bytes, as glance_members() wants them. */
static const char *const glanced[] = { "by", "cluster", "date", "id", "issuer",
	"launched_by", "rev", "source", "status", "steps", "unit", "user" };

#define GLANCED (sizeof(glanced) / sizeof(glanced[0]))

static struct bytes
glance_of(const struct bytes values[GLANCED], const char *key)
{
	for (size_t i = 0; i < GLANCED; i++) {
		if (strcmp(glanced[i], key) == 0) {
			return values[i];
		}
	}
	return NO_BYTES;
}

static date_t
glance_day(struct arena *arena, struct bytes value)
{
	const char *text = value.len > 0 && value.data[0] == '{'
	                       ? glance_text_at(arena, value, "from")
	                       : glance_text(arena, value);
	date_t day;

	return text != NULL && date_parse(&day, text) ? day : 0;
}

static const char *
glance_creator(struct arena *arena, enum record_kind kind,
    const struct bytes values[GLANCED])
{
	struct bytes first;

	if (kind == RECORD_USER) {
		return glance_text(arena, glance_of(values, "id"));
	}
	if (kind == RECORD_TOKEN) {
		return glance_text(arena, glance_of(values, "user"));
	}
	if (glance_first(glance_of(values, "steps"), &first)) {
		return glance_text_at(arena, first, "by");
	}
	return bytes_equal(glance_of(values, "rev"), bytes_of_text("1"))
	           ? glance_text(arena, glance_of(values, "by"))
	           : NULL;
}

struct permit_object
permit_object_at(struct arena *arena, enum record_kind kind, struct bytes bytes)
{
	struct bytes values[GLANCED];
	struct permit_object object;

	glance_members(bytes, glanced, GLANCED, values);
	object = (struct permit_object){
		.creator = glance_creator(arena, kind, values),
		.status = glance_text(arena, glance_of(values, "status")),
		.date = glance_day(arena, glance_of(values, "date")),
	};
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		const struct owner *owner = &owners[i];

		if (owner->kind == kind) {
			object.unit =
			    owner->object != NULL
			        ? glance_text_at(arena,
			              glance_of(values, owner->object),
			              owner->member)
			        : glance_text(arena,
			              glance_of(values, owner->member));
		}
	}
	if (kind == RECORD_SCORE) {
		object.source = glance_text(arena, glance_of(values, "source"));
	}
	return object;
}

struct permit_object
permit_object_self(const struct actor *actor)
{
	return (struct permit_object){ .creator = actor->user };
}

/* Most names differ in their first letter. */
static inline bool
is_same(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

/* Does one row of the matrix let this binding reach the object? */
static int
row_reaches(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct binding *binding,
    const struct matrix_row *row, const struct permit_object *object,
    struct fault *fault)
{
	struct reach_question question = { .below =
		                               row->scope == MATRIX_SUBTREE };

	if (!is_same(row->role, binding->role) ||
	    !matrix_names(row->statuses, object->status) ||
	    !matrix_names(row->sources, object->source)) {
		return 0;
	}
	switch (row->scope) {
	case MATRIX_ALL:
		return 1;
	case MATRIX_MINE:
		return object->creator != NULL &&
		       strcmp(object->creator, actor->user) == 0;
	case MATRIX_OWN:
	case MATRIX_SUBTREE:
		break;
	}
	if (object->unit == NULL || binding->unit == NULL) {
		return 0;
	}
	question.holder = binding->unit;
	question.unit = object->unit;
	question.date = object->date;
	return reach_covers(core, snapshot, &question, fault);
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
	const struct matrix_act *rows =
	    matrix_find(rules_matrix(core->rules), act);
	int rc = 0;

	if (rows == NULL || !has_scope(actor, act)) {
		return 0;
	}
	for (size_t i = 0; i < actor->binding_count && rc == 0; i++) {
		const struct binding *binding = &actor->bindings[i];

		if (role != NULL && strcmp(role, binding->role) != 0) {
			continue;
		}
		for (size_t j = 0; j < rows->count && rc == 0; j++) {
			rc = row_reaches(core, snapshot, actor, binding,
			    &rows->rows[j], object, fault);
		}
	}
	return rc;
}

int
permit_may(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act,
    const struct permit_object *object, struct fault *fault)
{
	return actor->everything
	           ? 1
	           : reaches(core, snapshot, actor, act, NULL, object, fault);
}

int
permit_check(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act,
    const struct permit_object *object, struct fault *fault)
{
	int rc = permit_may(core, snapshot, actor, act, object, fault);

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

/* --- bodies ------------------------------------------------------------- */

/* Units that a body names in places of its own, all of which count. */
struct places {
	const struct core *core;
	struct snapshot *snapshot;
	const struct actor *actor;
	const char *act;
	unsigned count;
};

static int
check_place(struct places *places, const char *unit, struct fault *fault)
{
	const struct permit_object object = { .unit = unit };

	places->count++;
	return permit_check(places->core, places->snapshot, places->actor,
	    places->act, &object, fault);
}

/* A list of unit ids, or of objects that have one under `member`. */
static int
check_places(struct places *places, const json_t *list, const char *member,
    struct fault *fault)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *unit = member != NULL ? json_text_at(item, member)
		                                  : json_string_value(item);

		if (unit != NULL && check_place(places, unit, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* A unit that is not there yet: all it will lie in, or else everything. */
static int
check_beginner(struct places *places, const json_t *unit, struct fault *fault)
{
	const json_t *parents = json_object_get(unit, "parents");
	unsigned before = places->count;

	if (check_places(places, parents, "unit", fault) < 0) {
		return -1;
	}
	return places->count > before ? 0 : check_place(places, NULL, fault);
}

/* Units by their ids, and those that are made with the reorganisation. */
static int
check_successors(struct places *places, const json_t *list, struct fault *fault)
{
	json_t *item;
	size_t i;

	if (check_places(places, list, NULL, fault) < 0) {
		return -1;
	}
	json_array_foreach(list, i, item)
	{
		if (json_is_object(item) &&
		    check_beginner(places, item, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* The units of a new unit or reorganisation; places->count says how many. */
static int
check_all_places(struct places *places, enum record_kind kind,
    const json_t *body, struct fault *fault)
{
	if (kind == RECORD_UNIT) {
		return check_places(places, json_object_get(body, "parents"),
		    "unit", fault);
	}
	if (kind != RECORD_REORGANISATION) {
		return 0;
	}
	return check_places(places, json_object_get(body, "predecessors"), NULL,
	           fault) < 0
	           ? -1
	           : check_successors(places,
	                 json_object_get(body, "successors"), fault);
}

int
permit_check_new(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, enum record_kind kind,
    const json_t *body, struct fault *fault)
{
	struct places places = { core, snapshot, actor, act, 0 };
	struct permit_object object;

	if (check_all_places(&places, kind, body, fault) < 0) {
		return -1;
	}
	if (places.count > 0) {
		return 0;
	}
	object = permit_object_of(kind, body);
	object.creator = actor->user;
	if (kind == RECORD_UNIT) {
		object.unit = NULL; /* it is not there yet */
	}
	return permit_check(core, snapshot, actor, act, &object, fault);
}

int
permit_check_change(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, const struct record *record,
    const json_t *body, struct fault *fault)
{
	struct permit_object before =
	    permit_object_of(record->kind, record->value);
	struct permit_object after = permit_object_of(record->kind, body);
	struct places places = { core, snapshot, actor, act, 0 };

	if (permit_check(core, snapshot, actor, act, &before, fault) < 0 ||
	    check_all_places(&places, record->kind, body, fault) < 0) {
		return -1;
	}
	if (record->kind == RECORD_UNIT || after.unit == NULL ||
	    (before.unit != NULL && strcmp(after.unit, before.unit) == 0)) {
		return 0;
	}
	before.unit = after.unit;
	return permit_check(core, snapshot, actor, act, &before, fault);
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
	const struct matrix_act *rows =
	    matrix_find(rules_matrix(core->rules), act);

	if (actor->everything) {
		return true;
	}
	if (rows == NULL || !has_scope(actor, act)) {
		return false;
	}
	for (size_t i = 0; i < rows->count; i++) {
		for (size_t j = 0; j < actor->binding_count; j++) {
			if (is_same(rows->rows[i].role,
			        actor->bindings[j].role)) {
				return true;
			}
		}
	}
	return false;
}
