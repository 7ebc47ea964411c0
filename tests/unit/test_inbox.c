/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What waits for whom, compared with a look at every dossier: units that are
 * merged and moved, dossiers that are stepped, holders of every role.
 */

#include "core/inbox.h"

#include "core/agenda.h"
#include "core/fsck.h"
#include "core/permit.h"
#include "core/reach.h"
#include "core/reorganisation.h"
#include "core/unit_change.h"
#include "tests/unit/filing.h"

#include <stdio.h>

#define DOSSIERS 160u
#define COMMUNES 8u
#define ROUNDS   24u

struct model {
	struct office *office;

	struct mirrored {
		char id[16];
		char unit[16];
		const char *status;
		const char *procedure;
		const char *maker;
		int64_t since;
	} dossiers[DOSSIERS];

	size_t count;
	int64_t clock;
};

static const char *const holders[] = { "p1", "p2", "d1", "d2", "c0", "c1", "c2",
	"c3", "c5", "moi1", "moi2" };
static const char *const makers[] = { "ai", "binh", "chi" };
static const char *const roles[] = { "unit_clerk", "unit_head", "specialist",
	"head_of_standing_body", "council_member", "chair", "records_clerk",
	"archivist", "auditor", "consultee", "system_admin", "subject" };
static const char *const statuses[] = { "draft", "unit_review", "submitted",
	"returned", "received", "appraisal", "consultation", "public_comment",
	"council_review", "for_signature", "decided", "rejected",
	"forwarded_up", "closed", "archived", "revoked", "transferred",
	"disposed" };

#define LENGTH(list) (sizeof(list) / sizeof((list)[0]))

static const char *
any(const char *const *words, size_t count)
{
	return words[unit_draw() % count];
}

static int
setup(void **state)
{
	struct model *model = calloc(1, sizeof(*model));
	struct office *office = office_open(true);

	model->office = office;
	office->core.reach = reach_new();
	office_make(office, unit_new,
	    "{'id':'p1','kind':'province','names':[{'name':'Tỉnh P1'}]}");
	office_make(office, unit_new,
	    "{'id':'p2','kind':'province','names':[{'name':'Tỉnh P2'}]}");
	for (unsigned i = 1; i <= 2; i++) {
		office_make(office, unit_new,
		    arena_format(office->arena,
		        "{'id':'d%u','kind':'district','names':[{'name':"
		        "'Huyện D%u'}],'parents':[{'relation':'adm',"
		        "'unit':'p%u'}]}",
		        i, i, i));
	}
	for (unsigned i = 0; i < COMMUNES; i++) {
		office_make(office, unit_new,
		    arena_format(office->arena,
		        "{'id':'c%u','kind':'commune','names':[{'name':"
		        "'Xã C%u'}],'parents':[{'relation':'adm',"
		        "'unit':'d%u'}]}",
		        i, i, i % 2 + 1));
	}
	*state = model;
	return 0;
}

static int
teardown(void **state)
{
	struct model *model = *state;

	reach_free(model->office->core.reach);
	office_close(model->office);
	free(model);
	return 0;
}

/* --- what is done ------------------------------------------------------------ */

static json_t *
members(struct model *model, struct mirrored *dossier)
{
	dossier->status = any(statuses, LENGTH(statuses));
	/* Many at the same moment, so that their ids decide. */
	dossier->since = model->clock += (int64_t)(unit_draw() % 3 == 0);
	return json_own(model->office->arena,
	    json_pack("{s:s, s:s, s:[{s:I, s:s}, {s:I, s:s}]}", "status",
	        dossier->status, "procedure", dossier->procedure, "steps", "at",
	        (json_int_t)1, "by", dossier->maker, "at",
	        (json_int_t)dossier->since, "by", any(makers, LENGTH(makers))));
}

static void
file(struct model *model, const char *unit, const char *date)
{
	struct office *office = model->office;
	struct mirrored *dossier = &model->dossiers[model->count];
	struct command *command;

	snprintf(dossier->id, sizeof(dossier->id), "h%zu", model->count++);
	snprintf(dossier->unit, sizeof(dossier->unit), "%s", unit);
	dossier->procedure = unit_draw() % 3 == 0 ? "simple" : "full";
	dossier->maker = any(makers, LENGTH(makers));
	command = office_begin(office, "dossier.new");
	if (filing_add(command, dossier->id, unit, date,
	        members(model, dossier), &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", dossier->id, office->fault.text);
	}
}

/* On to another status, now and then with another unit or in the same. */
static void
step(struct model *model, struct mirrored *dossier)
{
	struct office *office = model->office;
	struct command *command = office_begin(office, "dossier.step");
	struct record old;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_DOSSIER,
	        dossier->id, &old, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	fields = json_own(command->arena, command_fields(command, &old));
	if (unit_draw() % 4 != 0) {
		json_object_update(fields, members(model, dossier));
	} else {
		json_object_set_new(fields, "title", json_string("Tên khác"));
	}
	if (command_update(command, &old, json_incref(fields), &office->fault) <
	        0 ||
	    listing_put(command, dossier->id, old.value, fields, NULL,
	        &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", dossier->id, office->fault.text);
	}
}

static void
reorganise(struct office *office, unsigned round)
{
	switch (round) {
	case 8:
		office_make(office, unit_new,
		    "{'id':'moi1','kind':'commune','names':[{'name':"
		    "'Xã Mới 1'}],'from':'2015-01-01','parents':[{'relation':"
		    "'adm','unit':'d2'}]}");
		office_make(office, reorganisation_new,
		    "{'kind':'merge','date':'2015-01-01','predecessors':"
		    "['c0','c1'],'successors':['moi1']}");
		break;
	case 12:
		office_edit(office, unit_edit, "c2",
		    "{'parents':[{'relation':'adm','unit':'d1','to':"
		    "'2016-12-31'},{'relation':'adm','unit':'d2','from':"
		    "'2017-01-01'}]}");
		break;
	case 16:
		office_make(office, unit_new,
		    "{'id':'moi2','kind':'commune','names':[{'name':"
		    "'Xã Mới 2'}],'from':'2025-07-01','parents':[{'relation':"
		    "'adm','unit':'p1'}]}");
		office_make(office, reorganisation_new,
		    "{'kind':'merge','date':'2025-07-01','predecessors':"
		    "['moi1','c3'],'successors':['moi2']}");
		break;
	case 20:
		office_make(office, reorganisation_new,
		    "{'kind':'abolish','date':'2025-07-01','predecessors':"
		    "['d1'],'successors':[]}");
		break;
	default:
		break;
	}
}

/* --- what must wait ---------------------------------------------------------- */

static bool
may(struct model *model, const struct actor *actor, const char *act,
    const struct mirrored *dossier)
{
	const struct permit_object object = { .unit = dossier->unit,
		.creator = dossier->maker,
		.status = dossier->status };
	int rc =
	    permit_role(&model->office->core, office_look(model->office), actor,
	        act, actor->bindings[0].role, &object, &model->office->fault);

	assert_true(rc >= 0);
	return rc > 0;
}

static bool
may_step(struct model *model, const struct actor *actor,
    const struct mirrored *dossier)
{
	const json_t *status = rules_find(model->office->rules,
	    RULES_DOSSIER_STATUSES, dossier->status, 0);
	json_t *next;
	size_t i;

	json_array_foreach(json_object_get(status, "next"), i, next)
	{
		const char *to = json_text_at(next, "to");

		if (rules_names(next, "roles", actor->bindings[0].role) &&
		    rules_names(next, "procedure", dossier->procedure) &&
		    may(model, actor, "dossier.step", dossier) &&
		    (strcmp(to, "decided") != 0 ||
		        may(model, actor, "decision.new", dossier)) &&
		    (strcmp(to, "archived") != 0 ||
		        may(model, actor, "package.seal", dossier))) {
			return true;
		}
	}
	return false;
}

/* He made it, and it is to be appraised or voted on. */
static bool
is_for_others(const struct actor *actor, const struct mirrored *dossier)
{
	const char *role = actor->bindings[0].role;

	if (strcmp(dossier->maker, actor->user) != 0) {
		return false;
	}
	return strcmp(dossier->status, "appraisal") == 0 ||
	       (strcmp(dossier->status, "council_review") == 0 &&
	           strcmp(role, "council_member") == 0);
}

static bool
must_wait(struct model *model, const struct actor *actor,
    const struct mirrored *dossier)
{
	static const char *const sealed[] = { "archived", "revoked",
		"transferred", "disposed" };

	for (size_t i = 0; i < LENGTH(sealed); i++) {
		if (strcmp(sealed[i], dossier->status) == 0) {
			return false;
		}
	}
	return !is_for_others(actor, dossier) &&
	       may(model, actor, "dossier.read", dossier) &&
	       (may_step(model, actor, dossier) ||
	           (strcmp(dossier->status, "draft") == 0 &&
	               may(model, actor, "dossier.edit", dossier)) ||
	           may(model, actor, "dossier.opinion", dossier) ||
	           may(model, actor, "dossier.vote", dossier));
}

static int
by_age(const void *left, const void *right)
{
	const struct mirrored *a = *(const struct mirrored *const *)left;
	const struct mirrored *b = *(const struct mirrored *const *)right;

	return a->since != b->since ? (a->since > b->since) * 2 - 1
	                            : strcmp(a->id, b->id);
}

/* "draft 2: h1 h7; appraisal 1: h3; " */
static const char *
wanted(struct model *model, const struct actor *actor)
{
	struct arena *arena = model->office->arena;
	const struct mirrored *list[DOSSIERS];
	const char *text = "";

	for (size_t s = 0; s < LENGTH(statuses); s++) {
		size_t count = 0;

		for (size_t i = 0; i < model->count; i++) {
			const struct mirrored *dossier = &model->dossiers[i];

			if (strcmp(dossier->status, statuses[s]) == 0 &&
			    must_wait(model, actor, dossier)) {
				list[count++] = dossier;
			}
		}
		if (count == 0) {
			continue;
		}
		qsort(list, count, sizeof(list[0]), by_age);
		text =
		    arena_format(arena, "%s%s %zu:", text, statuses[s], count);
		for (size_t i = 0; i < count; i++) {
			text = arena_format(arena, "%s %s", text, list[i]->id);
		}
		text = arena_format(arena, "%s; ", text);
	}
	return text;
}

/* The ids of a group behind its first page, in pages of three. */
static const char *
rest_of(struct office *office, const struct actor *actor,
    const struct inbox_group *group)
{
	struct inbox_ask ask = { .role = group->binding->role,
		.unit = group->binding->unit,
		.status = group->duty.status,
		.limit = 3,
		.cursor = group->next };
	const char *text = "";
	struct inbox inbox;

	while (ask.cursor != NULL) {
		assert_int_equal(inbox_read(&inbox, &office->core,
		                     office_look(office), office->arena, actor,
		                     &ask, &office->fault),
		    0);
		assert_int_equal(inbox.count, 1);
		assert_int_equal(inbox.groups[0].count, 0);
		for (size_t i = 0; i < inbox.groups[0].row_count; i++) {
			text = arena_format(office->arena, "%s %s", text,
			    inbox.groups[0].rows[i].id);
		}
		ask.cursor = inbox.groups[0].next;
	}
	return text;
}

static const char *
got(struct office *office, const struct actor *actor)
{
	const struct inbox_ask ask = { .limit = 4 };
	const char *text = "";
	struct inbox inbox;

	if (inbox_read(&inbox, &office->core, office_look(office),
	        office->arena, actor, &ask, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	for (size_t i = 0; i < inbox.count; i++) {
		const struct inbox_group *group = &inbox.groups[i];

		assert_int_equal(group->since, group->rows[0].since);
		assert_false(group->has_more);
		text = arena_format(office->arena, "%s%s %u:", text,
		    group->duty.status, group->count);
		for (size_t j = 0; j < group->row_count; j++) {
			text = arena_format(office->arena, "%s %s", text,
			    group->rows[j].id);
		}
		text = arena_format(office->arena, "%s%s; ", text,
		    rest_of(office, actor, group));
	}
	return text;
}

static unsigned
compare_all(struct model *model)
{
	unsigned full = 0;

	for (size_t r = 0; r < LENGTH(roles); r++) {
		for (size_t h = 0; h < LENGTH(holders); h++) {
			const struct binding binding = { roles[r], holders[h] };
			const struct actor actor = { .user = "ai",
				.bindings = &binding,
				.binding_count = 1 };
			const char *answer = got(model->office, &actor);

			if (strcmp(answer, wanted(model, &actor)) != 0) {
				fail_msg("%s of %s: got\n%s\nwanted\n%s",
				    roles[r], holders[h], answer,
				    wanted(model, &actor));
			}
			full += answer[0] != '\0';
		}
	}
	return full;
}

/* --- the tests ---------------------------------------------------------------- */

static void
note(void *arg, const struct fsck_finding *finding)
{
	print_error("%s %s: %s\n", finding->code, finding->where,
	    finding->what);
	(*(unsigned *)arg)++;
}

static void
what_waits_is_what_a_look_at_every_dossier_says(void **state)
{
	static const char *const days[] = { "2010-05-05", "2012-01-01",
		"2014-12-31" };
	struct model *model = *state;
	struct office *office = model->office;
	struct fsck_counts counts;
	unsigned findings = 0;
	struct fsck_options options = { .folder = office->path,
		.memory_max_bytes = 1 << 20,
		.found = note,
		.arg = &findings };
	unsigned full = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < 5; i++) {
			file(model,
			    arena_format(office->arena, "c%u",
			        (unsigned)(unit_draw() % COMMUNES)),
			    any(days, LENGTH(days)));
			step(model,
			    &model->dossiers[unit_draw() % model->count]);
		}
		reorganise(office, round);
		if (round % 4 == 3) {
			full += compare_all(model);
		}
	}
	assert_true(full > 200);
	office_look_away(office);
	assert_int_equal(fsck_run(office->core.store, office->rules, &options,
	                     &counts, &office->fault),
	    0);
	assert_int_equal(findings, 0);
}

static void
an_heir_is_told_what_waits_since_and_of_whom(void **state)
{
	const struct binding binding = { "unit_clerk", "moi1" };
	const struct actor actor = { .user = "ai",
		.bindings = &binding,
		.binding_count = 1 };
	const struct inbox_ask ask = { .status = "returned" };
	struct model *model = *state;
	struct office *office = model->office;
	struct inbox inbox;

	filing_file(office, "tra", "c1", "2014-01-01",
	    "{'status':'returned','title':'Hồ sơ \\\"Vì nước\\\"','steps':"
	    "[{'at':7}]}");
	assert_text(got(office, &actor), "");
	reorganise(office, 8);
	assert_int_equal(inbox_read(&inbox, &office->core, office_look(office),
	                     office->arena, &actor, &ask, &office->fault),
	    0);
	assert_int_equal(inbox.count, 1);
	assert_int_equal(inbox.groups[0].row_count, 1);
	assert_text(inbox.groups[0].rows[0].title, "Hồ sơ \"Vì nước\"");
	assert_text(inbox.groups[0].rows[0].unit_name, "Xã C1");
	assert_int_equal(inbox.groups[0].rows[0].since, 7);
	assert_int_equal(inbox.groups[0].duty.step_count, 1);
	assert_text(inbox.groups[0].duty.steps[0], "draft");
}

/* The archivist of two provinces closes the same dossiers by either role. */
static void
what_no_unit_bounds_is_told_once(void **state)
{
	const struct binding bindings[] = { { "archivist", "p1" },
		{ "archivist", "p2" } };
	const struct actor of_one = { .user = "ai",
		.bindings = bindings,
		.binding_count = 1 };
	const struct actor of_two = { .user = "ai",
		.bindings = bindings,
		.binding_count = 2 };
	const struct inbox_ask of_second = { .unit = "p2" };
	struct model *model = *state;
	struct office *office = model->office;
	struct inbox inbox;

	filing_file(office, "ket-thuc", "c1", "2014-01-01",
	    "{'status':'closed','steps':[{'at':7,'by':'ai'}]}");
	filing_file(office, "cua-minh", "c1", "2014-01-01",
	    "{'steps':[{'at':7,'by':'ai'}]}");
	assert_text(got(office, &of_one), "draft 1: cua-minh; "
	                                  "closed 1: ket-thuc; ");
	assert_text(got(office, &of_two), got(office, &of_one));
	assert_int_equal(inbox_read(&inbox, &office->core, office_look(office),
	                     office->arena, &of_two, &of_second,
	                     &office->fault),
	    0);
	assert_int_equal(inbox.count, 2);
}

/* He who made it neither appraises it nor votes on it; another does. */
static void
what_he_made_waits_for_another_to_judge(void **state)
{
	static const char *const who[] = { "ai", "binh" };
	static const char *const waits[] = {
		"appraisal 1: cua-binh; council_review 1: bo-phieu; ",
		"appraisal 1: cua-ai; council_review 1: bo-phieu; ",
	};
	static const char *const votes[] = { "",
		"council_review 1: bo-phieu; " };
	struct model *model = *state;
	struct office *office = model->office;

	filing_file(office, "cua-ai", "c1", "2014-01-01",
	    "{'status':'appraisal','steps':[{'at':7,'by':'ai'}]}");
	filing_file(office, "cua-binh", "c1", "2014-01-01",
	    "{'status':'appraisal','procedure':'simple','steps':[{'at':7,"
	    "'by':'binh'}]}");
	filing_file(office, "bo-phieu", "c1", "2014-01-01",
	    "{'status':'council_review','steps':[{'at':7,'by':'ai'}]}");
	for (size_t i = 0; i < LENGTH(who); i++) {
		const struct binding appraises = { "specialist", "d2" };
		const struct binding sits = { "council_member", "d2" };
		const struct actor actor = { .user = who[i],
			.bindings = &appraises,
			.binding_count = 1 };
		const struct actor member = { .user = who[i],
			.bindings = &sits,
			.binding_count = 1 };

		assert_text(got(office, &actor), waits[i]);
		assert_text(got(office, &member), votes[i]);
	}
}

static void
what_is_asked_wrongly_is_refused(void **state)
{
	static const char *const cursors[] = { "", "7", "7.", ".h1", "7.H1",
		"99999999999999999999.h1", "x.h1" };
	const struct binding binding = { "unit_clerk", "c1" };
	const struct actor actor = { .user = "ai",
		.bindings = &binding,
		.binding_count = 1 };
	struct model *model = *state;
	struct office *office = model->office;
	struct inbox_ask ask = { .limit = INBOX_PAGE_MAX + 1 };
	struct inbox inbox;

	assert_refused(office,
	    inbox_read(&inbox, &office->core, office_look(office),
	        office->arena, &actor, &ask, &office->fault),
	    "limit");
	for (size_t i = 0; i < LENGTH(cursors); i++) {
		ask = (struct inbox_ask){ .cursor = cursors[i] };
		assert_refused(office,
		    inbox_read(&inbox, &office->core, office_look(office),
		        office->arena, &actor, &ask, &office->fault),
		    "cursor");
	}
}

static void
more_than_can_be_counted_is_said_so(void **state)
{
	const struct binding binding = { "unit_clerk", "c1" };
	const struct actor actor = { .user = "ai",
		.bindings = &binding,
		.binding_count = 1 };
	const struct inbox_ask ask = { .limit = 2 };
	struct model *model = *state;
	struct office *office = model->office;
	struct command *command = office_begin(office, "dossier.new");
	struct inbox inbox;

	/* As many as are counted, and one more. */
	for (unsigned i = 0; i <= INBOX_COUNT_MAX; i++) {
		struct agenda_place place = { "c1", "ai", "returned", "full",
			i };
		struct key key;

		agenda_key(&key, TABLE_AGENDA, &place,
		    arena_format(office->arena, "x%u", i));
		writes_put(command->writes, key_bytes(&key), NO_BYTES);
	}
	assert_int_equal(filing_add(command, "x0", "c1", "2014-01-01",
	                     office_json(office, "{'status':'returned'}"),
	                     &office->fault),
	    0);
	assert_int_equal(office_commit(office, command), 0);
	assert_int_equal(inbox_read(&inbox, &office->core, office_look(office),
	                     office->arena, &actor, &ask, &office->fault),
	    0);
	assert_int_equal(inbox.groups[0].count, INBOX_COUNT_MAX);
	assert_true(inbox.groups[0].has_more);
	/* A row without its dossier is left out, the others are served. */
	assert_int_equal(inbox.groups[0].row_count, 1);
	assert_text(inbox.groups[0].rows[0].id, "x0");
	assert_text(inbox.groups[0].next, "1.x1");
}

static void
a_store_without_the_rows_is_noticed(void **state)
{
	struct model *model = *state;
	struct office *office = model->office;
	struct writes *writes;
	struct key key;

	assert_int_equal(agenda_is_kept(office_look(office), &office->fault),
	    1);
	filing_file(office, "mot", "c1", "2014-01-01", NULL);
	assert_int_equal(agenda_is_kept(office_look(office), &office->fault),
	    1);
	office_look_away(office);
	writes = writes_new(office->core.store, NULL);
	key_start(&key, TABLE_META);
	key_add_text(&key, "agenda");
	key_add_u8(&key, 3);
	writes_delete(writes, key_bytes(&key));
	assert_int_equal(writes_commit_wait(writes,
	                     &(struct writes_result){ 0 }, office->arena,
	                     &office->fault),
	    0);
	assert_int_equal(agenda_is_kept(office_look(office), &office->fault),
	    0);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(test(what_waits_is_what_a_look_at_every_dossier_says),
    test(an_heir_is_told_what_waits_since_and_of_whom),
    test(what_no_unit_bounds_is_told_once),
    test(what_he_made_waits_for_another_to_judge),
    test(what_is_asked_wrongly_is_refused),
    test(more_than_can_be_counted_is_said_so),
    test(a_store_without_the_rows_is_noticed))
