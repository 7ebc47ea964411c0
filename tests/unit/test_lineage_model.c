/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Random histories of units, and dossiers filed before and after they are
 * recorded, against a model that knows no index.
 *
 * HOSO_SEED=N repeats a run, HOSO_CASES=N makes it longer.  A case that fails
 * prints its seed and everything that was done.
 */

#include "config.h"
#include "core/fsck.h"
#include "core/lineage.h"
#include "core/reorganisation.h"
#include "core/unit.h"
#include "core/unit_change.h"
#include "core/unit_order.h"
#include "tests/unit/filing.h"
#include "tests/unit/lineage_draw.h"

#if defined(WITH_ASAN) || defined(WITH_TSAN)
#define CASES 1000u
#else
#define CASES 10000u
#endif
#define BATCH 50u /* cases that share commits, each with ids of its own */

static struct office *office;

/* --- doing it --------------------------------------------------------------- */

static void
show(const struct history *h)
{
	print_error("case %u:\n", h->number);
	for (size_t i = 0; i < h->op_count; i++) {
		const struct op *op = &h->ops[i];

		print_error("  step %u: %s %s %s %s\n", op->step,
		    op->kind == OP_NEW     ? "new"
		    : op->kind == OP_EDIT  ? "edit"
		    : op->kind == OP_EVENT ? "event"
		                           : "file",
		    op->id != NULL ? op->id : "", op->body,
		    op->date != NULL ? op->date : "");
	}
}

static void
run(const struct history *h, const struct op *op, struct command *command)
{
	struct fault *fault = &office->fault;
	json_t *body =
	    op->kind == OP_FILE
	        ? NULL
	        : json_read(command->arena, bytes_of_text(op->body), fault);
	int rc = -1;

	switch (op->kind) {
	case OP_NEW:
		rc = unit_new(command, body, fault);
		break;
	case OP_EDIT:
		rc = unit_edit(command, op->id, body, fault);
		break;
	case OP_EVENT:
		rc = reorganisation_new(command, body, fault);
		break;
	case OP_FILE:
		rc = filing_add(command, op->id, op->body, op->date, NULL,
		    fault);
		break;
	}
	if (rc < 0) {
		show(h);
		fail_msg("%s: %s: %s", op->body, fault->field, fault->text);
	}
}

/* Every history's step in one command, then the next. */
static void
run_all(const struct history *histories, unsigned count)
{
	size_t at[BATCH] = { 0 };
	bool again = true;

	for (unsigned step = 0; again; step++) {
		struct command *command = office_begin(office, "test.step");
		bool any = false;

		again = false;
		for (unsigned i = 0; i < count; i++) {
			const struct history *h = &histories[i];

			while (
			    at[i] < h->op_count && h->ops[at[i]].step <= step) {
				run(h, &h->ops[at[i]++], command);
				any = true;
			}
			again = again || at[i] < h->op_count;
		}
		if (!any) {
			command_free(command);
		} else if (office_commit(office, command) < 0) {
			fail_msg("commit: %s", office->fault.text);
		}
	}
}

/* --- asking ------------------------------------------------------------------- */

static bool
belongs(const struct history *h, const struct retrieval_query *query, int unit,
    const struct model_dossier *d)
{
	int as_of = query->as_of - date_of(2000, 1, 1);

	switch (query->mode) {
	case RETRIEVAL_EXACT:
		return d->unit == unit;
	case RETRIEVAL_TERRITORY:
		return model_is_under(&h->model, d->unit, unit, as_of);
	case RETRIEVAL_LINEAGE:
		return model_is_forward(&h->model, unit, MODEL_EVER, d) ||
		       model_is_backward(&h->model, unit, MODEL_STILL, d);
	}
	return false;
}

/* The model's answer: newest first, by id where days are the same. */
static const char *
expected(const struct history *h, const struct retrieval_query *query, int unit,
    struct arena *arena)
{
	const char *line = "";

	for (int day = MODEL_DAYS; day >= 0; day--) {
		for (size_t i = h->model.dossier_count; i > 0; i--) {
			const struct model_dossier *d =
			    &h->model.dossiers[i - 1];

			if (d->date == day && belongs(h, query, unit, d)) {
				line = arena_format(arena, "%s%sk%u-d%02zu",
				    line, line[0] != '\0' ? " " : "", h->number,
				    i - 1);
			}
		}
	}
	return line;
}

static void
compare(const struct history *h, const char *what, int unit, const char *got,
    const char *wanted)
{
	if (got == NULL || strcmp(got, wanted) != 0) {
		show(h);
		fail_msg("%s of u%02d: got [%s], wanted [%s]", what, unit,
		    got != NULL ? got : office->fault.text, wanted);
	}
}

static void
ask(const struct history *h, enum retrieval_mode mode, struct arena *arena)
{
	static const char *const words[] = { "lineage", "exact", "territory" };
	int unit = draw(h, h->model.unit_count);
	struct retrieval_query query = {
		.mode = mode,
		.unit = unit_id(h, unit),
		.as_of = date_of(2000, 1, 1) + draw(h, MODEL_DAYS),
		.limit = 1 + (unsigned)draw(h, 5),
	};

	if (mode == RETRIEVAL_TERRITORY &&
	    !model_stands(&h->model.units[unit],
	        query.as_of - date_of(2000, 1, 1))) {
		return;
	}
	compare(h, words[mode], unit, filing_all(office, arena, query),
	    expected(h, &query, unit, arena));
}

static void
ask_heirs(const struct history *h, struct arena *arena)
{
	int unit = draw(h, h->model.unit_count);
	bool heirs[MODEL_UNITS] = { false };
	const char *wanted = "";
	const char *got = "";
	const char **ids;
	size_t count;

	model_add_heirs(&h->model, unit, heirs);
	for (int u = 0; u < h->model.unit_count; u++) {
		if (heirs[u]) {
			wanted =
			    arena_format(arena, "%s %s", wanted, unit_id(h, u));
		}
	}
	if (lineage_heirs(office_look(office), arena, unit_id(h, unit),
	        date_of(2000, 1, 1) + MODEL_TODAY, &ids, &count,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	for (size_t i = 0; i < count; i++) {
		got = arena_format(arena, "%s %s", got, ids[i]);
	}
	compare(h, "heirs", unit, got, wanted);
}

/* All pages of a branch, but for units of other histories. */
static const char *
read_branch(const struct history *h, const char *parent, int day,
    struct arena *arena)
{
	const char *mine = arena_format(arena, "k%u-", h->number);
	struct unit_order_query query = {
		.parent = parent,
		.relation = UNIT_ADM,
		.date = date_of(2000, 1, 1) + day,
		.limit = 1 + (size_t)draw(h, 9),
	};
	struct unit_order_page page = { .has_more = true };
	const char *got = "";

	while (page.has_more) {
		if (unit_order_read(office_look(office), arena, &query, &page,
		        &office->fault) < 0) {
			fail_msg("%s", office->fault.text);
		}
		for (size_t i = 0; i < page.count; i++) {
			query.after = page.ids[i];
			if (strncmp(query.after, mine, strlen(mine)) == 0) {
				got = arena_format(arena, "%s %s", got,
				    query.after);
			}
		}
	}
	return got;
}

/* A branch of the tree, or its top; the order is that of ids, which are the
 * names. */
static void
ask_branch(const struct history *h, struct arena *arena)
{
	int unit = draw(h, h->model.unit_count + 1) - 1;
	int day = draw(h, MODEL_DAYS);
	const char *wanted = "";
	struct unit_below below;
	size_t count = 0;

	for (int u = 0; u < h->model.unit_count; u++) {
		if (model_stands(&h->model.units[u], day) &&
		    model_parent_of(&h->model, u, day) == unit) {
			count++;
			wanted =
			    arena_format(arena, "%s %s", wanted, unit_id(h, u));
		}
	}
	if (unit < 0) {
		compare(h, "top", unit, read_branch(h, NULL, day, arena),
		    wanted);
		return;
	}
	compare(h, "branch", unit, read_branch(h, unit_id(h, unit), day, arena),
	    wanted);
	if (model_stands(&h->model.units[unit], day) &&
	    (unit_order_count(office_look(office), unit_id(h, unit),
	         date_of(2000, 1, 1) + day, &below, &office->fault) < 0 ||
	        below.adm != count)) {
		show(h);
		fail_msg("u%02d holds %zu, not %zu", unit, count, below.adm);
	}
}

static void
blame_row(void *arg, const struct fsck_finding *finding)
{
	(void)arg;
	fail_msg("%s: %s: %s", finding->code, finding->where, finding->what);
}

/* Every derived row is what the checker wants, whatever was changed. */
static void
check_rows(void)
{
	const struct fsck_options options = { .folder = office->path,
		.memory_max_bytes = 16 << 20,
		.found = blame_row };
	struct fsck_counts counts;

	office_look_away(office);
	if (fsck_run(office->core.store, NULL, &options, &counts,
	        &office->fault) < 0) {
		fail_msg("fsck: %s", office->fault.text);
	}
}

static uint64_t
number_from(const char *name, uint64_t fallback)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 0) : fallback;
}

/* What the draws came to, so that a change of them that tests less shows. */
static void
tell(const struct history *h, size_t *events, size_t *meet)
{
	*events += h->model.event_count;
	for (size_t i = 0; i < h->model.event_count; i++) {
		for (size_t j = 0; j < h->model.event_count; j++) {
			for (int u = 0; i != j && u < h->model.unit_count;
			     u++) {
				*meet += h->model.events[i].is_to[u] &&
				         h->model.events[j].is_from[u];
			}
		}
	}
}

static void
random_histories_agree_with_the_model(void **state)
{
	static struct history histories[BATCH];
	struct drawing drawing = { .seed = number_from("HOSO_SEED", 20250701) };
	uint64_t cases = number_from("HOSO_CASES", CASES);
	size_t events = 0;
	size_t meet = 0;

	(void)state;
	drawing.seed = drawing.seed != 0 ? drawing.seed : 1;
	print_message("HOSO_SEED=%llu HOSO_CASES=%llu\n",
	    (unsigned long long)drawing.seed, (unsigned long long)cases);
	for (unsigned done = 0; done < cases; done += BATCH) {
		struct arena *arena = drawing.arena = arena_new();

		office = office_open(false);
		for (unsigned i = 0; i < BATCH; i++) {
			draw_history(&histories[i], &drawing, done + i);
			tell(&histories[i], &events, &meet);
		}
		run_all(histories, BATCH);
		for (unsigned i = 0; i < BATCH; i++) {
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_LINEAGE, arena);
			ask(&histories[i], RETRIEVAL_TERRITORY, arena);
			ask(&histories[i], RETRIEVAL_EXACT, arena);
			ask_heirs(&histories[i], arena);
			ask_branch(&histories[i], arena);
			ask_branch(&histories[i], arena);
		}
		if (done % (10 * BATCH) == 0) {
			check_rows();
		}
		office_close(office);
		arena_free(arena);
	}
	print_message("%zu reorganisations, %zu after another, %zu units made "
	              "by them\n",
	    events, meet, drawing.made_within);
	assert_true(drawing.made_within > 0);
}

UNIT_MAIN(unit(random_histories_agree_with_the_model))
