/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A score table: groups of criteria with their maxima, a bonus up to a cap, a
 * penalty up to a cap, exclusion, tie-breaks.
 *
 *     final = base + min(bonus, bonus_cap) - min(penalty, penalty_cap)
 *
 * All in hundredths.  Which criteria belong where, and every number, is the
 * scheme's (data/rules/schemes/score_table_v1.json).
 */

#include "plugins/score_table_v1/sheet.h"

#include <string.h>

#define CRITERIA_MAX 100u
#define KEYS_MAX     10u

enum group { GROUP_BASE, GROUP_BONUS, GROUP_PENALTY, GROUP_EXCLUSION, GROUPS };

static const char *const group_words[GROUPS] = { "base", "bonus", "penalty",
	"exclusion" };

struct criterion {
	const char *code;
	const char *name;
	enum group group;
	int64_t max;  /* of base; 0: none */
	int64_t each; /* of penalty: points for each 1,00 */
	size_t column;
};

struct table {
	struct sheet sheet;
	struct criterion criteria[CRITERIA_MAX];
	size_t count;
	int64_t max; /* of all base criteria */
	/* columns that are computed */
	size_t base;
	size_t bonus_raw;
	size_t bonus;
	size_t penalty_raw;
	size_t penalty;
	size_t final;
	size_t maxima; /* how many criteria stand at their maximum */
};

static int
read_criteria(struct table *table)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "criteria");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		struct criterion *criterion = &table->criteria[table->count];
		const char *group = host->text(row, "group");

		if (table->count == CRITERIA_MAX) {
			return host->fail(call, "more than %u criteria",
			    CRITERIA_MAX);
		}
		criterion->code = host->text(row, "code");
		criterion->name = host->text(row, "name");
		criterion->max = host->integer(row, "max");
		criterion->each = host->integer(row, "each");
		criterion->group = GROUP_BASE;
		while (criterion->group < GROUPS &&
		       (group == NULL ||
		           strcmp(group, group_words[criterion->group]) != 0)) {
			criterion->group++;
		}
		if (criterion->code == NULL || criterion->name == NULL ||
		    criterion->group == GROUPS) {
			return host->fail(call,
			    "criterion %zu lacks its code, name or group",
			    table->count + 1);
		}
		criterion->column =
		    sheet_column(&table->sheet, criterion->code);
		if (criterion->group == GROUP_BASE) {
			table->max += criterion->max;
		}
		table->count++;
	}
	return table->count > 0
	           ? 0
	           : host->fail(call, "the scheme has no criteria");
}

/* A cap of the scheme; no cap where it names none. */
static int64_t
capped(struct hoso_call *call, const char *name, int64_t value)
{
	const struct hoso_host *host = call->host;
	int64_t cap = host->integer(call->parameters, name);

	return host->has(call->parameters, name) && value > cap ? cap : value;
}

/* Points are not negative and not above the maximum of their criterion. */
static int
check_value(const struct table *table, const struct sheet_unit *unit,
    const struct criterion *criterion, int64_t value)
{
	struct hoso_call *call = table->sheet.call;
	const char *points = sheet_points(&table->sheet, value);

	if (value < 0) {
		return call->host->refuse(call, "",
		    "%s: %s is %s and must not be negative", unit->name,
		    criterion->name, points);
	}
	if (criterion->group == GROUP_BASE && criterion->max > 0 &&
	    value > criterion->max) {
		return call->host->refuse(call, "",
		    "%s: %s is %s and not within 0 to %s", unit->name,
		    criterion->name, points,
		    sheet_points(&table->sheet, criterion->max));
	}
	return 0;
}

static int
add_up(struct table *table, struct sheet_unit *unit, int64_t sums[GROUPS],
    int64_t *maxima)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct criterion *criterion = &table->criteria[i];
		int64_t value = unit->values[criterion->column];

		if (check_value(table, unit, criterion, value) < 0) {
			return -1;
		}
		if (criterion->group == GROUP_PENALTY) {
			value = value * criterion->each / 100;
		}
		sums[criterion->group] += value;
		*maxima += criterion->group == GROUP_BASE &&
		           criterion->max > 0 && value == criterion->max;
	}
	return 0;
}

static void
exclude(struct table *table, struct sheet_unit *unit)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;
	int64_t at = host->has(call->parameters, "exclude_at")
	                 ? host->integer(call->parameters, "exclude_at")
	                 : 100;

	for (size_t i = 0; i < table->count; i++) {
		const struct criterion *criterion = &table->criteria[i];

		if (criterion->group == GROUP_EXCLUSION &&
		    unit->values[criterion->column] >= at &&
		    unit->excluded == NULL) {
			unit->excluded = criterion->name;
		}
	}
}

static int
compute(struct table *table, struct sheet_unit *unit)
{
	struct sheet *sheet = &table->sheet;
	int64_t sums[GROUPS] = { 0 };
	int64_t maxima = 0;
	int64_t bonus;
	int64_t penalty;

	if (add_up(table, unit, sums, &maxima) < 0) {
		return -1;
	}
	bonus = capped(sheet->call, "bonus_cap", sums[GROUP_BONUS]);
	penalty = capped(sheet->call, "penalty_cap", sums[GROUP_PENALTY]);
	sheet_set(sheet, unit, table->base, sums[GROUP_BASE]);
	sheet_set(sheet, unit, table->bonus_raw, sums[GROUP_BONUS]);
	sheet_set(sheet, unit, table->bonus, bonus);
	sheet_set(sheet, unit, table->penalty_raw, sums[GROUP_PENALTY]);
	sheet_set(sheet, unit, table->penalty, penalty);
	sheet_set(sheet, unit, table->maxima, maxima * 100);
	sheet_set(sheet, unit, table->final,
	    sheet_round(sheet, sums[GROUP_BASE] + bonus - penalty));
	exclude(table, unit);
	return 0;
}

/* The final score, then the scheme's tie-breaks. */
static size_t
read_keys(struct table *table, struct sheet_key keys[KEYS_MAX])
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "tie_break");
	const struct hoso_row *row;
	size_t count = 0;

	keys[count++] = (struct sheet_key){ .column = table->final,
		.label = "điểm xếp hạng" };
	while ((row = host->next(query)) != NULL && count < KEYS_MAX) {
		const char *word = host->text(row, "value");
		struct sheet_key *key = &keys[count++];

		if (word == NULL) {
			word = "";
		}
		*key = (struct sheet_key){ .column = sheet_column(&table->sheet,
			                       word) };
		key->optional = strcmp(word, "previous") == 0;
		key->ascending = key->optional;
		key->whole = key->optional || strcmp(word, "maxima") == 0;
		key->label = strcmp(word, "base") == 0 ? "điểm cơ bản"
		             : strcmp(word, "maxima") == 0
		                 ? "số tiêu chí đạt điểm tối đa"
		             : key->optional
		                 ? "thứ hạng năm trước"
		                 : host->format(call, "điểm nhóm %s",
		                       host->upper(call, word));
	}
	return count;
}

static void
write_values(struct table *table, const struct sheet_unit *unit)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;

	for (size_t i = 0; i < table->count; i++) {
		const struct criterion *criterion = &table->criteria[i];

		host->value(call, criterion->code,
		    unit->values[criterion->column]);
	}
	host->value(call, "base", unit->values[table->base]);
	host->value(call, "bonus_raw", unit->values[table->bonus_raw]);
	host->value(call, "bonus_used", unit->values[table->bonus]);
	host->value(call, "penalty_raw", unit->values[table->penalty_raw]);
	host->value(call, "penalty_used", unit->values[table->penalty]);
	host->value(call, "final", unit->values[table->final]);
}

static void
reason_base(struct table *table, const struct sheet_unit *unit)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;
	const char *text = "";

	for (size_t i = 0; i < table->count; i++) {
		const struct criterion *criterion = &table->criteria[i];

		if (criterion->group == GROUP_BASE) {
			text = host->format(call, "%s%s%s %s", text,
			    text[0] != '\0' ? " + " : "",
			    host->upper(call, criterion->code),
			    sheet_points(&table->sheet,
			        unit->values[criterion->column]));
		}
	}
	host->reason(call, "Điểm cơ bản: %s = %s.", text,
	    sheet_points(&table->sheet, unit->values[table->base]));
}

static void
reason_capped(struct table *table, const char *what, int64_t raw, int64_t used)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;

	if (raw == 0) {
		host->reason(call, "%s: không có.", what);
	} else if (raw == used) {
		host->reason(call, "%s: %s.", what,
		    sheet_points(&table->sheet, raw));
	} else {
		host->reason(call, "%s: %s, chỉ tính mức tối đa %s.", what,
		    sheet_points(&table->sheet, raw),
		    sheet_points(&table->sheet, used));
	}
}

/* The best grade whose share of all points is reached. */
static void
reason_grade(struct table *table, const struct sheet_unit *unit)
{
	struct hoso_call *call = table->sheet.call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "grades");
	const struct hoso_row *row;
	const char *grade = NULL;
	int64_t best = -1;

	while ((row = host->next(query)) != NULL) {
		int64_t least = host->integer(row, "min_percent_hundredths");

		if (table->max > 0 && least > best &&
		    unit->values[table->final] * 10000 >= least * table->max) {
			best = least;
			grade = host->text(row, "name");
		}
	}
	if (grade != NULL) {
		host->reason(call, "Xếp loại: %s.", grade);
	}
}

static void
write_unit(struct table *table, const struct sheet_unit *unit)
{
	struct sheet *sheet = &table->sheet;
	const int64_t *values = unit->values;

	sheet_write_place(sheet, unit);
	write_values(table, unit);
	sheet_write_awards(sheet, unit);
	reason_base(table, unit);
	reason_capped(table, "Điểm thưởng", values[table->bonus_raw],
	    values[table->bonus]);
	reason_capped(table, "Điểm trừ", values[table->penalty_raw],
	    values[table->penalty]);
	sheet->call->host->reason(sheet->call,
	    "Điểm xếp hạng: %s + %s - %s = %s.",
	    sheet_points(sheet, values[table->base]),
	    sheet_points(sheet, values[table->bonus]),
	    sheet_points(sheet, values[table->penalty]),
	    sheet_points(sheet, values[table->final]));
	if (unit->excluded == NULL) {
		reason_grade(table, unit);
	}
	sheet_write_rank_reason(sheet, unit);
}

static int
score_table_rank(struct hoso_call *call, void *state)
{
	struct table *table = call->host->memory(call, sizeof(*table));
	struct sheet *sheet = &table->sheet;
	const char *exclusion = call->host->text(call->parameters, "exclusion");
	struct sheet_key keys[KEYS_MAX];

	(void)state;
	if (exclusion != NULL && strcmp(exclusion, "not_ranked") != 0) {
		return call->host->fail(call, "there is no exclusion %s",
		    exclusion);
	}
	if (sheet_read(sheet, call) < 0 || read_criteria(table) < 0) {
		return -1;
	}
	table->base = sheet_column(sheet, "base");
	table->bonus_raw = sheet_column(sheet, "bonus_raw");
	table->bonus = sheet_column(sheet, "bonus_used");
	table->penalty_raw = sheet_column(sheet, "penalty_raw");
	table->penalty = sheet_column(sheet, "penalty_used");
	table->final = sheet_column(sheet, "final");
	table->maxima = sheet_column(sheet, "maxima");
	for (size_t i = 0; i < sheet->unit_count; i++) {
		if (compute(table, &sheet->units[i]) < 0) {
			return -1;
		}
	}
	if (sheet_rank(sheet, keys, read_keys(table, keys)) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sheet->unit_count; i++) {
		write_unit(table, &sheet->units[sheet->order[i]]);
	}
	return 0;
}

static const struct hoso_ranking score_table = {
	.size = sizeof(struct hoso_ranking),
	.name = "score_table_v1",
	.title = "Bảng điểm có điểm thưởng, điểm trừ",
	.rank = score_table_rank,
};

static const struct hoso_ranking *const rankings[] = { &score_table, NULL };

static const struct hoso_translation english[] = {
	{ "Bảng điểm có điểm thưởng, điểm trừ",
	    "Table of scores with bonus and penalty" },
	{ "Xếp hạng theo bảng điểm: điểm cơ bản, thưởng, trừ, loại",
	    "Ranks by a table of scores: base, bonus, penalty, exclusion" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "ranking-table", .version = "1.0",
    .summary = "Xếp hạng theo bảng điểm: điểm cơ bản, thưởng, trừ, loại",
    .english = english, .rankings = rankings);
