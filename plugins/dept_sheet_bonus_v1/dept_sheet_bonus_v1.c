/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sheets of departments: each department scores the unit, and a unit that
 * holds a flag gets a bonus on each of these scores.  Scores are added up, or
 * averaged where the scheme's `combine` says "mean".
 *
 * A department's score is the criterion "score" or "score-DEPARTMENT"; what
 * the unit holds are the criteria of group "bonus" with their points.
 */

#include "plugins/score_table_v1/sheet.h"

#include <string.h>

#define BONUSES_MAX 20u
#define KEYS_MAX    3u

struct bonus {
	size_t column;
	const char *code;
	const char *name;
	int64_t points;
};

struct form {
	struct sheet sheet;
	struct bonus bonuses[BONUSES_MAX];
	size_t bonus_count;
	bool exclusive; /* only the highest that is held counts */
	bool mean;
	size_t column_count; /* of what was scored, before what is computed */
	size_t base;
	size_t bonus;
	size_t final;
};

static int
read_bonuses(struct form *form)
{
	struct hoso_call *call = form->sheet.call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "criteria");
	const struct hoso_row *row;

	host->where(query, "group", "bonus");
	while ((row = host->next(query)) != NULL) {
		struct bonus *bonus = &form->bonuses[form->bonus_count];

		if (form->bonus_count == BONUSES_MAX ||
		    host->text(row, "code") == NULL ||
		    host->text(row, "name") == NULL) {
			return host->fail(call, "bonus %zu is malformed",
			    form->bonus_count + 1);
		}
		bonus->code = host->text(row, "code");
		bonus->name = host->text(row, "name");
		bonus->points = host->integer(row, "points");
		bonus->column = sheet_column(&form->sheet, bonus->code);
		form->bonus_count++;
	}
	return 0;
}

static bool
is_department(const char *column)
{
	return strcmp(column, "score") == 0 ||
	       strncmp(column, "score-", 6) == 0;
}

/* "sở Tài chính" is not known here: the code of the criterion has to do. */
static const char *
department_of(const char *column)
{
	return column[5] == '-' ? column + 6 : "sở, ban, ngành";
}

/* What a unit gets on each score. */
static int64_t
bonus_of(const struct form *form, const struct sheet_unit *unit)
{
	int64_t sum = 0;

	for (size_t i = 0; i < form->bonus_count; i++) {
		const struct bonus *bonus = &form->bonuses[i];

		if (unit->values[bonus->column] <= 0) {
			continue;
		}
		if (!form->exclusive) {
			sum += bonus->points;
		} else if (bonus->points > sum) {
			sum = bonus->points;
		}
	}
	return sum;
}

static int
compute(struct form *form, struct sheet_unit *unit)
{
	struct sheet *sheet = &form->sheet;
	int64_t bonus = bonus_of(form, unit);
	int64_t base = 0;
	int64_t departments = 0;

	for (size_t i = 0; i < form->column_count; i++) {
		if (is_department(sheet->columns[i]) && unit->has[i]) {
			base += unit->values[i];
			departments++;
		}
	}
	if (departments == 0) {
		return sheet->call->host->refuse(sheet->call, "",
		    "no department has scored %s yet", unit->name);
	}
	if (form->mean) { /* half up: points are not negative */
		base = (2 * base + departments) / (2 * departments);
		departments = 1;
	}
	sheet_set(sheet, unit, form->base, base);
	sheet_set(sheet, unit, form->bonus, bonus * departments);
	sheet_set(sheet, unit, form->final,
	    sheet_round(sheet, base + bonus * departments));
	return 0;
}

static void
write_values(struct form *form, const struct sheet_unit *unit)
{
	struct sheet *sheet = &form->sheet;
	const struct hoso_host *host = sheet->call->host;

	for (size_t i = 0; i < form->column_count; i++) {
		if (unit->has[i] &&
		    strcmp(sheet->columns[i], "previous") != 0) {
			host->value(sheet->call, sheet->columns[i],
			    unit->values[i]);
		}
	}
	host->value(sheet->call, "base", unit->values[form->base]);
	host->value(sheet->call, "bonus", unit->values[form->bonus]);
	host->value(sheet->call, "final", unit->values[form->final]);
}

static void
write_reasons(struct form *form, const struct sheet_unit *unit)
{
	struct sheet *sheet = &form->sheet;
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	int64_t bonus = bonus_of(form, unit);

	for (size_t i = 0; i < form->bonus_count; i++) {
		if (unit->values[form->bonuses[i].column] > 0) {
			host->reason(call, "%s: được cộng %s điểm%s.",
			    form->bonuses[i].name,
			    sheet_points(sheet, form->bonuses[i].points),
			    form->bonuses[i].points < bonus && form->exclusive
			        ? ", không tính vì đã có mức cao hơn"
			        : "");
		}
	}
	for (size_t i = 0; i < form->column_count; i++) {
		if (is_department(sheet->columns[i]) && unit->has[i]) {
			host->reason(call, "Điểm do %s chấm: %s + %s = %s.",
			    department_of(sheet->columns[i]),
			    sheet_points(sheet, unit->values[i]),
			    sheet_points(sheet, bonus),
			    sheet_points(sheet, unit->values[i] + bonus));
		}
	}
	host->reason(call, "Điểm xếp hạng (%s): %s.",
	    form->mean ? "trung bình cộng" : "cộng các sở, ban, ngành",
	    sheet_points(sheet, unit->values[form->final]));
}

static size_t
make_keys(struct form *form, struct sheet_key keys[KEYS_MAX])
{
	struct sheet *sheet = &form->sheet;

	keys[0] = (struct sheet_key){ .column = form->final,
		.label = "điểm xếp hạng" };
	keys[1] = (struct sheet_key){ .column = form->base,
		.label = "điểm chưa cộng thưởng" };
	keys[2] = (struct sheet_key){ .column = sheet_column(sheet, "previous"),
		.label = "thứ hạng năm trước",
		.ascending = true,
		.optional = true,
		.whole = true };
	return KEYS_MAX;
}

static int
dept_sheet_rank(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct form *form = host->memory(call, sizeof(*form));
	struct sheet *sheet = &form->sheet;
	const char *combine = host->text(call->parameters, "combine");
	struct sheet_key keys[KEYS_MAX];

	(void)state;
	form->exclusive = host->truth(call->parameters, "bonus_exclusive");
	form->mean = combine != NULL && strcmp(combine, "mean") == 0;
	if (!form->mean && combine != NULL && strcmp(combine, "sum") != 0) {
		return host->fail(call,
		    "there is no way %s of combining scores", combine);
	}
	if (sheet_read(sheet, call) < 0 || read_bonuses(form) < 0) {
		return -1;
	}
	form->column_count = sheet->column_count;
	form->base = sheet_column(sheet, "base");
	form->bonus = sheet_column(sheet, "bonus");
	form->final = sheet_column(sheet, "final");
	for (size_t i = 0; i < sheet->unit_count; i++) {
		if (compute(form, &sheet->units[i]) < 0) {
			return -1;
		}
	}
	if (sheet_rank(sheet, keys, make_keys(form, keys)) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sheet->unit_count; i++) {
		const struct sheet_unit *unit = &sheet->units[sheet->order[i]];

		sheet_write_place(sheet, unit);
		write_values(form, unit);
		sheet_write_awards(sheet, unit);
		write_reasons(form, unit);
		sheet_write_rank_reason(sheet, unit);
	}
	return 0;
}

static const struct hoso_ranking dept_sheet = {
	.size = sizeof(struct hoso_ranking),
	.name = "dept_sheet_bonus_v1",
	.title = "Sở, ban, ngành chấm điểm, cộng điểm thưởng",
	.rank = dept_sheet_rank,
};

static const struct hoso_ranking *const rankings[] = { &dept_sheet, NULL };

static const struct hoso_translation english[] = {
	{ "Sở, ban, ngành chấm điểm, cộng điểm thưởng",
	    "Scores by departments, with a bonus" },
	{ "Xếp hạng theo phiếu chấm của các sở, cộng điểm khi có cờ",
	    "Ranks by the departments' score sheets, with a bonus for flags held" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "ranking-departments", .version = "1.0",
    .summary = "Xếp hạng theo phiếu chấm của các sở, cộng điểm khi có cờ",
    .english = english, .rankings = rankings);
