/* SPDX-License-Identifier: Apache-2.0 */

/*
 * @NAME@: a ranking rule.  It is a pure function in integers: the same scores
 * give the same bytes.  Scores are in hundredths: 57,5 is 5750.  What comes
 * with a call is said in hoso/plugin.h.
 *
 * Here: the sum of all scores of a unit; equal sums share a rank.
 */

#include <hoso/plugin.h>

#include <string.h>

#define UNITS_MAX 500

struct unit {
	const char *id;
	const char *name;
	int64_t sum;
};

static int
read_units(struct hoso_call *call, struct unit *units)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "units");
	const struct hoso_row *row;
	int count = 0;

	while ((row = host->next(query)) != NULL && count < UNITS_MAX) {
		struct hoso_query *scores = host->ask(call, "scores");
		const struct hoso_row *score;
		struct unit *unit = &units[count++];

		unit->id = host->text(row, "id");
		unit->name = host->text(row, "name");
		host->where(scores, "unit", unit->id);
		while ((score = host->next(scores)) != NULL) {
			unit->sum += host->integer(score, "value");
		}
	}
	return count;
}

/* Highest first; equals stay in the order they came. */
static void
sort(struct unit *units, int count)
{
	for (int i = 1; i < count; i++) {
		struct unit moved = units[i];
		int j = i;

		for (; j > 0 && units[j - 1].sum < moved.sum; j--) {
			units[j] = units[j - 1];
		}
		units[j] = moved;
	}
}

static int
rank(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct unit *units =
	    host->memory(call, UNITS_MAX * sizeof(struct unit));
	int count = read_units(call, units);
	int rank = 0;

	(void)state;
	sort(units, count);
	for (int i = 0; i < count; i++) {
		if (i == 0 || units[i].sum != units[i - 1].sum) {
			rank = i + 1;
		}
		host->place(call, units[i].id, rank);
		host->value(call, "final", units[i].sum);
		host->reason(call, "Tổng điểm: %s.",
		    host->number_text(call, units[i].sum, 100));
		host->reason(call, "Xếp thứ %d trong %d đơn vị.", rank, count);
	}
	return 0;
}

static const struct hoso_ranking ranking = {
	.size = sizeof(struct hoso_ranking),
	.name = "@NAME@",
	.title = "Xếp hạng @NAME@",
	.rank = rank,
};

static const struct hoso_ranking *const rankings[] = { &ranking, NULL };

static const struct hoso_translation english[] = {
	{ "Xếp hạng @NAME@", "Ranking @NAME@" },
	{ "Quy tắc xếp hạng @NAME@", "The rule @NAME@" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "@NAME@", .version = "0.1",
    .summary = "Quy tắc xếp hạng @NAME@", .english = english,
    .rankings = rankings);
