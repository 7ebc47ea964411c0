/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Communes by the new-rural criteria: an order by the scheme's keys (tier,
 * criteria met, rank of the year before), joint ranks where all are equal.
 * Townships are not scored and so not listed.
 */

#include "plugins/score_table_v1/sheet.h"

#include <string.h>

#define KEYS_MAX 10u

static bool
is_text(const char *text, const char *wanted)
{
	return text != NULL && strcmp(text, wanted) == 0;
}

/* Name and maximum of a criterion of the scheme. */
static const char *
criterion_name(struct hoso_call *call, const char *code, int64_t *max_out)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "criteria");
	const struct hoso_row *row;

	host->where(query, "code", code);
	row = host->next(query);
	*max_out = row != NULL ? host->integer(row, "max") : 0;
	return row != NULL && host->text(row, "name") != NULL
	           ? host->text(row, "name")
	           : code;
}

/*
 * The scheme writes the rank of the year before as the criterion
 * `previous-rank`; where it was not scored, the ranks that came with the call
 * stand in for it.
 */
static void
fill_previous(struct sheet *sheet)
{
	size_t scored = sheet_column(sheet, "previous-rank");
	size_t given = sheet_column(sheet, "previous");

	for (size_t i = 0; i < sheet->unit_count; i++) {
		struct sheet_unit *unit = &sheet->units[i];

		if (!unit->has[scored] && unit->has[given]) {
			sheet_set(sheet, unit, scored, unit->values[given]);
		}
	}
}

static int
read_keys(struct sheet *sheet, struct sheet_key keys[KEYS_MAX],
    size_t *count_out)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "keys");
	const struct hoso_row *row;
	size_t count = 0;

	while ((row = host->next(query)) != NULL) {
		const char *code = host->text(row, "criterion");
		const char *order = host->text(row, "order");
		int64_t max;

		if (count == KEYS_MAX || code == NULL ||
		    (!is_text(order, "descending") &&
		        !is_text(order, "ascending"))) {
			return host->fail(call, "ranking key %zu is malformed",
			    count + 1);
		}
		keys[count] = (struct sheet_key){
			.column = sheet_column(sheet, code),
			.ascending = is_text(order, "ascending"),
			.optional = host->truth(row, "optional"),
			.whole = true,
			/* Only the optional ones break ties. */
			.quiet = !host->truth(row, "optional"),
		};
		keys[count++].label = host->format(call, "“%s”",
		    criterion_name(call, code, &max));
	}
	*count_out = count;
	return count > 0 ? 0 : host->fail(call, "the scheme has no key");
}

/* "Nâng cao" for tier 2; NULL where the scheme names none. */
static const char *
tier_name(struct hoso_call *call, int64_t tier)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "tiers");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		if (host->has(row, "tier") &&
		    host->integer(row, "tier") == tier) {
			return host->text(row, "name");
		}
	}
	return NULL;
}

static void
write_criteria(struct sheet *sheet, const struct sheet_unit *unit)
{
	struct hoso_call *call = sheet->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "criteria");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		const char *code = host->text(row, "code");
		const char *name = host->text(row, "name");
		int64_t max = host->integer(row, "max") / 100;
		long long value;
		const char *tier = NULL;

		if (code == NULL || name == NULL ||
		    !sheet_has(sheet, unit, code)) {
			continue;
		}
		value = (long long)(sheet_value(sheet, unit, code) / 100);
		host->value(call, code, sheet_value(sheet, unit, code));
		if (strcmp(code, "tier") == 0) {
			tier = tier_name(call, value);
		}
		if (tier != NULL) {
			host->reason(call, "%s: %s.", name, tier);
		} else if (max > 0) {
			host->reason(call, "%s: %lld/%lld.", name, value,
			    (long long)max);
		} else {
			host->reason(call, "%s: %lld.", name, value);
		}
	}
}

static void
write_unit(struct sheet *sheet, const struct sheet_unit *unit)
{
	const struct hoso_host *host = sheet->call->host;
	const char *final = host->text(sheet->call->parameters, "final");

	sheet_write_place(sheet, unit);
	write_criteria(sheet, unit);
	if (final != NULL && sheet_has(sheet, unit, final)) {
		host->value(sheet->call, "final",
		    sheet_value(sheet, unit, final));
	}
	sheet_write_awards(sheet, unit);
	sheet_write_rank_reason(sheet, unit);
}

static int
new_rural_rank(struct hoso_call *call, void *state)
{
	struct sheet *sheet = call->host->memory(call, sizeof(*sheet));
	struct sheet_key keys[KEYS_MAX];
	size_t count;

	(void)state;
	if (sheet_read(sheet, call) < 0) {
		return -1;
	}
	fill_previous(sheet);
	if (read_keys(sheet, keys, &count) < 0 ||
	    sheet_rank(sheet, keys, count) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sheet->unit_count; i++) {
		write_unit(sheet, &sheet->units[sheet->order[i]]);
	}
	return 0;
}

static const struct hoso_ranking new_rural = {
	.size = sizeof(struct hoso_ranking),
	.name = "new_rural_v1",
	.title = "Xếp hạng xã theo tiêu chí nông thôn mới",
	.rank = new_rural_rank,
};

static const struct hoso_ranking *const rankings[] = { &new_rural, NULL };

static const struct hoso_translation english[] = {
	{ "Xếp hạng xã theo tiêu chí nông thôn mới",
	    "Communes by the new rural criteria" },
	{ "Xếp hạng lần lượt theo các khóa, dùng cho xã nông thôn mới",
	    "Ranks by one key after another, for new rural communes" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "ranking-keys", .version = "1.0",
    .summary = "Xếp hạng lần lượt theo các khóa, dùng cho xã nông thôn mới",
    .english = english, .rankings = rankings);
