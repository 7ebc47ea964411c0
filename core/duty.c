/* SPDX-License-Identifier: Apache-2.0 */

#include "core/duty.h"

#include "base/clock.h"
#include "core/permit.h"
#include "core/retention.h"
#include "core/workflow.h"

/* A step that another act takes than "dossier.step" itself. */
static const char *
act_to(const char *to)
{
	if (strcmp(to, "decided") == 0) {
		return "decision.new";
	}
	return strcmp(to, "archived") == 0 ? "package.seal" : "dossier.step";
}

/* --- a role in general ------------------------------------------------------ */

/* The widest scope in which a role may do it in this status; -1 in none. */
static int
scope_of(const struct rules *rules, const char *act, const char *role,
    const char *status)
{
	const struct matrix_act *rows = matrix_find(rules_matrix(rules), act);
	int widest = -1;

	for (size_t i = 0; rows != NULL && i < rows->count; i++) {
		const struct matrix_row *row = &rows->rows[i];

		if (strcmp(row->role, role) == 0 &&
		    matrix_names(row->statuses, status) &&
		    (int)row->scope > widest) {
			widest = (int)row->scope;
		}
	}
	return widest;
}

static int
lesser(int a, int b)
{
	return a < b ? a : b;
}

static bool
is_of(const json_t *step, const char *procedure)
{
	return json_object_get(step, "procedure") == NULL ||
	       rules_names(step, "procedure", procedure);
}

/* The steps of a status that the role takes; returns their widest scope. */
static int
add_steps(struct duty *duty, const struct rules *rules, const char *role,
    const json_t *status)
{
	int widest = -1;
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(status, "next"), i, step)
	{
		const char *to = json_text_at(step, "to");
		int scope =
		    lesser(scope_of(rules, "dossier.step", role, duty->status),
		        scope_of(rules, act_to(to), role, duty->status));

		if (!rules_names(step, "roles", role) || scope < 0 ||
		    duty->step_count == DUTY_STEPS_MAX) {
			continue;
		}
		duty->steps[duty->step_count++] = to;
		duty->is_others =
		    duty->is_others ||
		    json_is_true(json_object_get(step, "not_creator"));
		duty->is_full = duty->is_full || is_of(step, "full");
		duty->is_simple = duty->is_simple || is_of(step, "simple");
		widest = scope > widest ? scope : widest;
	}
	return widest;
}

/* It is still being written. */
static bool
is_draft(const char *status)
{
	return status != NULL && strcmp(status, "draft") == 0;
}

bool
duty_find(struct duty *duty_out, const struct rules *rules, const char *role,
    const json_t *status)
{
	struct duty duty = { .status = json_text_at(status, "id") };
	int edit = is_draft(duty.status)
	               ? scope_of(rules, "dossier.edit", role, duty.status)
	               : -1;
	int opinion = scope_of(rules, "dossier.opinion", role, duty.status);
	int vote = scope_of(rules, "dossier.vote", role, duty.status);
	int scope = add_steps(&duty, rules, role, status);

	duty.has_edit = edit >= 0;
	duty.has_opinion = opinion >= 0;
	duty.has_vote = vote >= 0;
	if (duty.has_edit || duty.has_opinion || duty.has_vote) {
		duty.is_full = true;
		duty.is_simple = true;
	}
	if (duty.has_vote && !duty.has_opinion && duty.step_count == 0) {
		duty.is_others = true; /* there is nothing else to do */
	}
	scope = edit > scope ? edit : scope;
	scope = opinion > scope ? opinion : scope;
	scope = vote > scope ? vote : scope;
	/* What it may not read it is not told of. */
	scope =
	    lesser(scope, scope_of(rules, "dossier.read", role, duty.status));
	if (scope < 0 || (scope == MATRIX_MINE && duty.is_others)) {
		return false;
	}
	duty.scope = (enum matrix_scope)scope;
	*duty_out = duty;
	return true;
}

bool
duty_ever(const struct rules *rules, const char *role)
{
	const json_t *statuses = rules_list(rules, RULES_DOSSIER_STATUSES);
	const json_t *status;
	struct duty duty;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)statuses, i, status)
	{
		if (!json_is_true(json_object_get(status, "sealed")) &&
		    duty_find(&duty, rules, role, status)) {
			return true;
		}
	}
	return false;
}

bool
duty_has_procedure(const struct duty *duty, const char *procedure)
{
	return strcmp(procedure, "simple") == 0 ? duty->is_simple
	                                        : duty->is_full;
}

/* --- somebody with a dossier ------------------------------------------------ */

struct teller {
	const struct core *core;
	struct snapshot *snapshot;
	const struct actor *actor;
	const struct record *dossier;
	struct permit_object object;
};

/* 1 he may, 0 not, -1 failed. */
static int
may(const struct teller *teller, const char *act, struct fault *fault)
{
	return permit_may(teller->core, teller->snapshot, teller->actor, act,
	    &teller->object, fault);
}

/* May he take what the step's act is?  The issuer of a decision to come is
 * not known yet, so that is asked in general. */
static int
may_take(const struct teller *teller, const char *to, struct fault *fault)
{
	const char *act = act_to(to);

	return strcmp(act, "decision.new") == 0
	           ? permit_ever(teller->core, teller->actor, act)
	           : may(teller, act, fault);
}

/* Does the time for which it is kept let the step be taken?  1, 0, -1. */
static int
is_due(const struct teller *teller, const json_t *step, struct fault *fault)
{
	struct fault why;

	if (retention_check(teller->core->rules, teller->snapshot,
	        teller->dossier->value, step, clock_date(clock_now()),
	        &why) == 0) {
		return 1;
	}
	if (why.code == FAULT_CONFLICT) {
		return 0;
	}
	*fault = why;
	return -1;
}

static int
tell_step(const struct teller *teller, const json_t *step, json_t *steps,
    struct fault *fault)
{
	const char *to = json_text_at(step, "to");
	const json_t *target =
	    workflow_status(teller->core->rules, RULES_DOSSIER_STATUSES, to);
	const struct workflow_move move = { .table = RULES_DOSSIER_STATUSES,
		.record = teller->dossier->value,
		.unit = teller->object.unit,
		.act = "dossier.step",
		.to = to };
	const char *role;
	int rc = workflow_role(teller->core, teller->snapshot, teller->actor,
	    &move, step, &role, fault);

	if (rc > 0) {
		rc = may_take(teller, to, fault);
	}
	if (rc > 0) {
		rc = is_due(teller, step, fault);
	}
	if (rc > 0) {
		json_array_append_new(steps,
		    json_pack("{s:s, s:b, s:s, s:s}", "act", act_to(to),
		        "reason",
		        json_is_true(json_object_get(step, "reason")) ||
		            json_is_true(json_object_get(target, "reason")),
		        "role", role, "to", to));
	}
	return rc < 0 ? -1 : 0;
}

static int
tell_steps(const struct teller *teller, const json_t *status, json_t *steps,
    struct fault *fault)
{
	const char *procedure =
	    json_text_at(teller->dossier->value, "procedure");
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(status, "next"), i, step)
	{
		if (is_of(step, procedure != NULL ? procedure : "full") &&
		    tell_step(teller, step, steps, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Has the dossier as it is room for the act, by whoever this is? */
static bool
has_room(const struct teller *teller, const char *act, const json_t *status)
{
	const json_t *dossier = teller->dossier->value;
	const char *contents = json_text_at(status, "components");
	const char *id = json_text_at(status, "id");
	const json_t *seal = json_object_get(dossier, "seal");
	bool adds = contents != NULL && strcmp(contents, "none") != 0;

	if (strcmp(act, "dossier.edit") == 0) {
		return adds;
	}
	if (strcmp(act, "dossier.vote") == 0) {
		return id != NULL && strcmp(id, "council_review") == 0 &&
		       !workflow_is_maker(teller->actor, dossier);
	}
	if (strcmp(act, "package.read") == 0) {
		return json_text_at(seal, "sha256") != NULL;
	}
	return true;
}

static int
tell_acts(const struct teller *teller, const json_t *status, json_t *acts,
    struct fault *fault)
{
	static const char *const known[] = { "dossier.edit", "dossier.opinion",
		"dossier.vote", "package.read" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		int rc = has_room(teller, known[i], status)
		             ? may(teller, known[i], fault)
		             : 0;

		if (rc < 0) {
			return -1;
		}
		if (rc > 0) {
			json_array_append_new(acts, json_string(known[i]));
		}
	}
	if (permit_ever(teller->core, teller->actor, "document.write")) {
		json_array_append_new(acts, json_string("document.write"));
	}
	return 0;
}

int
duty_tell(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct record *dossier, json_t **told_out,
    struct fault *fault)
{
	const struct teller teller = { .core = core,
		.snapshot = snapshot,
		.actor = actor,
		.dossier = dossier,
		.object = permit_object_of(RECORD_DOSSIER, dossier->value) };
	const json_t *status = workflow_status(core->rules,
	    RULES_DOSSIER_STATUSES, json_text_at(dossier->value, "status"));
	json_t *told = json_pack("{s:[], s:I, s:[]}", "acts", "rev",
	    (json_int_t)dossier->rev, "steps");

	if (tell_acts(&teller, status, json_object_get(told, "acts"), fault) <
	        0 ||
	    tell_steps(&teller, status, json_object_get(told, "steps"), fault) <
	        0) {
		json_decref(told);
		return -1;
	}
	*told_out = told;
	return 0;
}
