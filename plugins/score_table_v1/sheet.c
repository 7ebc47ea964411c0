/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ranking by refinement: all units are one group of equals; each key in turn
 * orders every group and splits it where values differ.  What is still
 * together after the last key shares its rank.  Sorting keeps the order in
 * which units came, so equal input gives equal bytes.
 */

#include "plugins/score_table_v1/sheet.h"

#include <string.h>

#define COLUMNS_MAX 200u
#define UNITS_MAX   2000u
#define SOURCES_MAX 16u

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* --- columns -------------------------------------------------------------------- */

size_t
sheet_column(struct sheet *sheet, const char *name)
{
	const char **columns;

	for (size_t i = 0; i < sheet->column_count; i++) {
		if (strcmp(sheet->columns[i], name) == 0) {
			return i;
		}
	}
	if (sheet->column_count == COLUMNS_MAX) {
		sheet->call->host->refuse(sheet->call, "",
		    "more than %u criteria in the score table", COLUMNS_MAX);
		return 0;
	}
	columns = sheet->call->host->memory(sheet->call,
	    (sheet->column_count + 1) * sizeof(*columns));
	if (sheet->column_count > 0) {
		memcpy(columns, sheet->columns,
		    sheet->column_count * sizeof(*columns));
	}
	columns[sheet->column_count] = name;
	sheet->columns = columns;
	return sheet->column_count++;
}

void
sheet_set(struct sheet *sheet, struct sheet_unit *unit, size_t column,
    int64_t value)
{
	(void)sheet;
	unit->values[column] = value;
	unit->has[column] = true;
}

int64_t
sheet_value(struct sheet *sheet, const struct sheet_unit *unit,
    const char *column)
{
	return unit->values[sheet_column(sheet, column)];
}

bool
sheet_has(struct sheet *sheet, const struct sheet_unit *unit,
    const char *column)
{
	return unit->has[sheet_column(sheet, column)];
}

int64_t
sheet_round(const struct sheet *sheet, int64_t hundredths)
{
	int64_t step = sheet->decimals == 0   ? 100
	               : sheet->decimals == 1 ? 10
	                                      : 1;
	int64_t up = hundredths + step / 2;
	int64_t down = up % step;

	return up - (down < 0 ? down + step : down);
}

const char *
sheet_points(const struct sheet *sheet, int64_t hundredths)
{
	const struct hoso_host *host = sheet->call->host;

	if (sheet->decimals == 0 && hundredths % 100 == 0) {
		return host->format(sheet->call, "%lld",
		    (long long)(hundredths / 100));
	}
	return sheet->decimals <= 1 && hundredths % 10 == 0
	           ? host->number_text(sheet->call, hundredths / 10, 10)
	           : host->number_text(sheet->call, hundredths, 100);
}

/* --- reading -------------------------------------------------------------------- */

static struct sheet_unit *
find_unit(struct sheet *sheet, const char *id)
{
	for (size_t i = 0; id != NULL && i < sheet->unit_count; i++) {
		if (strcmp(sheet->units[i].id, id) == 0) {
			return &sheet->units[i];
		}
	}
	return NULL;
}

static int
read_units(struct sheet *sheet)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "units");
	const struct hoso_row *row;

	sheet->units =
	    host->memory(call, UNITS_MAX * sizeof(struct sheet_unit));
	while ((row = host->next(query)) != NULL) {
		struct sheet_unit *unit = &sheet->units[sheet->unit_count];

		if (sheet->unit_count == UNITS_MAX) {
			return host->refuse(call, "/units",
			    "more than %u units", UNITS_MAX);
		}
		unit->id = host->text(row, "id");
		unit->name = host->text(row, "name");
		if (unit->id == NULL || find_unit(sheet, unit->id) != NULL) {
			return host->refuse(call, "/units",
			    "a row of the list of units lacks its code, or two have the same");
		}
		if (unit->name == NULL) {
			unit->name = unit->id;
		}
		unit->values =
		    host->memory(call, COLUMNS_MAX * sizeof(int64_t));
		unit->has = host->memory(call, COLUMNS_MAX * sizeof(bool));
		sheet->unit_count++;
	}
	sheet->order =
	    host->memory(call, (sheet->unit_count + 1) * sizeof(*sheet->order));
	return 0;
}

/* How early a source stands in the scheme's order; the last where nowhere. */
static size_t
place_of_source(const char *const *sources, size_t count, const char *source)
{
	size_t place = 0;

	while (place < count && strcmp(sources[place], source) != 0) {
		place++;
	}
	return place;
}

static size_t
read_source_order(struct sheet *sheet, const char **sources)
{
	struct hoso_call *call = sheet->call;
	struct hoso_query *query = call->host->ask(call, "source_order");
	const struct hoso_row *row;
	size_t count = 0;

	while ((row = call->host->next(query)) != NULL && count < SOURCES_MAX) {
		sources[count++] =
		    text_or_empty(call->host->text(row, "value"));
	}
	return count;
}

static int
read_scores(struct sheet *sheet)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	const char *sources[SOURCES_MAX];
	size_t source_count = read_source_order(sheet, sources);
	struct hoso_query *query = host->ask(call, "scores");
	size_t *places = host->memory(call,
	    (sheet->unit_count + 1) * COLUMNS_MAX * sizeof(*places));
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		const char *id = host->text(row, "unit");
		const char *criterion = host->text(row, "criterion");
		struct sheet_unit *unit = find_unit(sheet, id);
		size_t place = place_of_source(sources, source_count,
		    text_or_empty(host->text(row, "source")));
		size_t column;
		size_t at;

		if (unit == NULL || criterion == NULL) {
			return host->fail(call,
			    "the scores of %s are of no unit in the list",
			    text_or_empty(id));
		}
		if (place == source_count && source_count > 0) {
			continue; /* a source that this scheme does not hear */
		}
		column = sheet_column(sheet, criterion);
		at = (size_t)(unit - sheet->units) * COLUMNS_MAX + column;
		if (!unit->has[column] || place < places[at]) {
			sheet_set(sheet, unit, column,
			    host->integer(row, "value"));
			places[at] = place;
		}
	}
	return 0;
}

static void
read_exclusions(struct sheet *sheet)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "exclusions");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		struct sheet_unit *unit =
		    find_unit(sheet, host->text(row, "unit"));
		const char *reason = host->text(row, "reason");

		if (unit != NULL) {
			unit->excluded =
			    reason != NULL ? reason : "thuộc diện không xét";
		}
	}
}

static void
read_previous(struct sheet *sheet)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "previous");
	size_t column = sheet_column(sheet, "previous");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		struct sheet_unit *unit =
		    find_unit(sheet, host->text(row, "unit"));

		if (unit != NULL && host->integer(row, "rank") > 0) {
			sheet_set(sheet, unit, column,
			    host->integer(row, "rank") * 100);
		}
	}
}

int
sheet_read(struct sheet *sheet, struct hoso_call *call)
{
	const struct hoso_host *host = call->host;
	const char *rounding = host->text(call->parameters, "rounding");
	int64_t decimals = host->integer(call->parameters, "decimals");

	*sheet = (struct sheet){ .call = call };
	if (decimals < 0 || decimals > 2) {
		return host->fail(call, "the number of decimals is 0 to 2");
	}
	if (rounding != NULL && strcmp(rounding, "half_up") != 0) {
		return host->fail(call, "there is no rounding %s", rounding);
	}
	sheet->decimals = (uint32_t)decimals;
	if (read_units(sheet) < 0 || read_scores(sheet) < 0) {
		return -1;
	}
	read_exclusions(sheet);
	read_previous(sheet);
	return 0;
}

/* --- ranking -------------------------------------------------------------------- */

struct ranking {
	struct sheet *sheet;
	const struct sheet_key *keys;
	size_t key_count;
	bool dense;
};

/* A value as its key shows it. */
static const char *
shown(const struct sheet *sheet, const struct sheet_key *key,
    const struct sheet_unit *unit)
{
	int64_t value = unit->values[key->column];

	return key->whole ? sheet->call->host->format(sheet->call, "%lld",
	                        (long long)(value / 100))
	                  : sheet_points(sheet, value);
}

static void
add_tie(struct sheet_unit *unit, const char *text)
{
	if (unit->tie_count < SHEET_TIES) {
		unit->ties[unit->tie_count++] = text;
	}
}

/* The names of a group but for one of it; at most five. */
static const char *
others(const struct sheet *sheet, size_t from, size_t to, size_t but)
{
	const struct hoso_host *host = sheet->call->host;
	const char *text = "";
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		const char *name = sheet->units[sheet->order[i]].name;

		if (i == but) {
			continue;
		}
		if (++count > 5) {
			return host->format(sheet->call,
			    "%s và %zu đơn vị khác", text, to - from - 6);
		}
		text = host->format(sheet->call, "%s%s%s", text,
		    count > 1 ? ", " : "", name);
	}
	return text;
}

/* What the others of a group have by this key: "Tu Mơ Rông 92,5". */
static const char *
values_of_others(const struct ranking *ranking, size_t from, size_t to,
    size_t but, const struct sheet_key *key)
{
	struct sheet *sheet = ranking->sheet;
	const struct hoso_host *host = sheet->call->host;
	const char *text = "";
	size_t count = 0;

	for (size_t i = from; i < to && count < 5; i++) {
		const struct sheet_unit *unit = &sheet->units[sheet->order[i]];

		if (i != but) {
			text = host->format(sheet->call, "%s%s%s %s", text,
			    count++ > 0 ? ", " : "", unit->name,
			    shown(sheet, key, unit));
		}
	}
	return text;
}

/* This key was looked at because the keys before it left these equal. */
static void
note_tie(const struct ranking *ranking, size_t from, size_t to, size_t key)
{
	struct sheet *sheet = ranking->sheet;
	const struct hoso_host *host = sheet->call->host;
	const struct sheet_key *last = &ranking->keys[key - 1];
	const struct sheet_key *this = &ranking->keys[key];

	for (size_t i = from; i < to; i++) {
		struct sheet_unit *unit = &sheet->units[sheet->order[i]];

		add_tie(unit,
		    host->format(sheet->call,
		        "Bằng %s %s với %s; xét tiếp %s: %s (%s).", last->label,
		        shown(sheet, last, unit), others(sheet, from, to, i),
		        this->label, shown(sheet, this, unit),
		        values_of_others(ranking, from, to, i, this)));
	}
}

static void
note_joint(const struct ranking *ranking, size_t from, size_t to)
{
	struct sheet *sheet = ranking->sheet;

	for (size_t i = from; i < to; i++) {
		add_tie(&sheet->units[sheet->order[i]],
		    sheet->call->host->format(sheet->call,
		        "Đồng hạng với %s: bằng nhau ở mọi nội dung xét.",
		        others(sheet, from, to, i)));
	}
}

/* Stable: units that are equal stay in the order they came. */
static void
sort(const struct sheet *sheet, size_t from, size_t to,
    const struct sheet_key *key)
{
	for (size_t i = from + 1; i < to; i++) {
		size_t moved = sheet->order[i];
		int64_t value = sheet->units[moved].values[key->column];
		size_t j = i;

		while (j > from) {
			int64_t before = sheet->units[sheet->order[j - 1]]
			                     .values[key->column];

			if (key->ascending ? before <= value
			                   : before >= value) {
				break;
			}
			sheet->order[j] = sheet->order[j - 1];
			j--;
		}
		sheet->order[j] = moved;
	}
}

/* The first of a group that has no value there; NULL where all have one. */
static const struct sheet_unit *
find_lacking(const struct sheet *sheet, size_t from, size_t to, size_t column)
{
	for (size_t i = from; i < to; i++) {
		const struct sheet_unit *unit = &sheet->units[sheet->order[i]];

		if (!unit->has[column]) {
			return unit;
		}
	}
	return NULL;
}

/* Order a group of equals by this key and split it; the next key follows. */
static int
refine(const struct ranking *ranking, size_t from, size_t to, size_t key_at,
    int64_t *last_rank)
{
	struct sheet *sheet = ranking->sheet;
	const struct sheet_key *key = &ranking->keys[key_at];
	const struct sheet_unit *lacking;
	size_t start = from;

	if (to - from == 1 || key_at == ranking->key_count) {
		int64_t rank =
		    ranking->dense ? *last_rank + 1 : (int64_t)from + 1;

		for (size_t i = from; i < to; i++) {
			sheet->units[sheet->order[i]].rank = rank;
		}
		if (to - from > 1) {
			note_joint(ranking, from, to);
		}
		*last_rank = rank;
		return 0;
	}
	lacking = find_lacking(sheet, from, to, key->column);
	if (lacking != NULL) {
		if (!key->optional) {
			return sheet->call->host->refuse(sheet->call, "",
			    "%s has no %s yet", lacking->name, key->label);
		}
		return refine(ranking, from, to, key_at + 1, last_rank);
	}
	sort(sheet, from, to, key);
	if (key_at > 0 && !key->quiet) {
		note_tie(ranking, from, to, key_at);
	}
	for (size_t i = from + 1; i <= to; i++) {
		if (i == to ||
		    sheet->units[sheet->order[i]].values[key->column] !=
		        sheet->units[sheet->order[start]].values[key->column]) {
			if (refine(ranking, start, i, key_at + 1, last_rank) <
			    0) {
				return -1;
			}
			start = i;
		}
	}
	return 0;
}

int
sheet_rank(struct sheet *sheet, const struct sheet_key *keys, size_t count)
{
	const char *joint =
	    sheet->call->host->text(sheet->call->parameters, "joint_rank");
	struct ranking ranking = { sheet, keys, count,
		joint != NULL && strcmp(joint, "dense") == 0 };
	int64_t last_rank = 0;
	size_t at = 0;

	for (size_t i = 0; i < sheet->unit_count; i++) {
		if (sheet->units[i].excluded == NULL) {
			sheet->order[at++] = i;
		}
	}
	sheet->ranked = at;
	for (size_t i = 0; i < sheet->unit_count; i++) {
		if (sheet->units[i].excluded != NULL) {
			sheet->order[at++] = i;
		}
	}
	return sheet->ranked > 0
	           ? refine(&ranking, 0, sheet->ranked, 0, &last_rank)
	           : 0;
}

/* --- writing -------------------------------------------------------------------- */

void
sheet_write_place(const struct sheet *sheet, const struct sheet_unit *unit)
{
	const struct hoso_host *host = sheet->call->host;

	host->place(sheet->call, unit->id, unit->rank);
	for (size_t i = 0; i < unit->tie_count; i++) {
		host->tie(sheet->call, "%s", unit->ties[i]);
	}
}

void
sheet_write_awards(const struct sheet *sheet, const struct sheet_unit *unit)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "awards");
	int64_t least = host->integer(call->parameters, "award_min_units");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		const char *award = host->text(row, "award");

		if (award == NULL || unit->rank == 0 ||
		    unit->rank != host->integer(row, "rank")) {
			continue;
		}
		if ((int64_t)sheet->ranked < least) {
			host->reason(call,
			    "Chỉ có %zu đơn vị được xếp hạng, dưới mức %lld: "
			    "không đề nghị khen thưởng theo thứ hạng.",
			    sheet->ranked, (long long)least);
			continue;
		}
		host->award(call, award);
	}
}

void
sheet_write_rank_reason(const struct sheet *sheet,
    const struct sheet_unit *unit)
{
	const struct hoso_host *host = sheet->call->host;

	if (unit->excluded != NULL) {
		host->reason(sheet->call, "Không xếp hạng: %s.",
		    unit->excluded);
	} else {
		host->reason(sheet->call,
		    "Xếp thứ %lld trong %zu đơn vị được xếp hạng.",
		    (long long)unit->rank, sheet->ranked);
	}
}
