/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a rule may know is put into tables, canonical and in order of unit,
 * criterion and source, before it is called: the plugin computes, and asks
 * nothing.
 */

#include "core/ranking.h"

#include "base/date.h"
#include "base/digest.h"
#include "core/field.h"
#include "core/plugins.h"
#include "core/rules.h"
#include "core/score.h"
#include "core/unit.h"

struct ranking {
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	const char *cluster;
	struct span period;
	const json_t *scheme;
	json_t *tables;
};

/* --- the question --------------------------------------------------------------- */

static int
read_body(struct ranking *ranking, const json_t *body, struct fault *fault)
{
	static const char *const lists[] = { "units", "ballots", "exclusions",
		"previous" };
	struct json_reader reader;
	const char *scheme;
	int64_t year;
	bool spanned;

	json_reader_init(&reader, body, "", fault);
	scheme = json_reader_text(&reader, "scheme", true);
	ranking->cluster = json_reader_text(&reader, "cluster", true);
	year = json_reader_integer(&reader, "year", 0, 1900, 9999);
	spanned = field_span(&reader, "period", false, &ranking->period);
	json_reader_bool(&reader, "keep");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const json_t *list =
		    json_reader_array(&reader, lists[i], false);

		json_object_set_new(ranking->tables, lists[i],
		    list != NULL ? json_deep_copy(list) : json_array());
	}
	if (!reader.failed && (year != 0) == spanned) {
		json_reader_refuse(&reader, "year",
		    "either a year or a period is given");
	}
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	if (year != 0) {
		ranking->period.from = date_of((int)year, 1, 1);
		ranking->period.to = date_of((int)year, 12, 31);
	}
	ranking->scheme = rules_find(ranking->core->rules, RULES_SCHEMES,
	    scheme, ranking->period.to);
	return ranking->scheme != NULL
	           ? 0
	           : fault_field(fault, "/scheme",
	                 "no rule knows the scheme %s", scheme);
}

/* --- its tables ------------------------------------------------------------------- */

static int
take_score(void *arg, const struct record *score, struct fault *fault)
{
	struct ranking *ranking = arg;
	const char *unit = json_text_at(score->value, "unit");
	json_t *units = json_object_get(ranking->tables, "units");
	const json_t *last = json_array_get(units, json_array_size(units) - 1);
	json_t *row = json_pack("{s:s, s:s, s:s, s:O}", "unit", unit,
	    "criterion", json_text_at(score->value, "criterion"), "source",
	    json_text_at(score->value, "source"), "value",
	    json_object_get(score->value, "value"));
	struct unit_title title;

	if (json_text_at(score->value, "note") != NULL) {
		json_object_set(row, "note",
		    json_object_get(score->value, "note"));
	}
	json_array_append_new(json_object_get(ranking->tables, "scores"), row);
	/* Scores come in order of unit, so each is new only once. */
	if (last != NULL && strcmp(json_text_at(last, "id"), unit) == 0) {
		return 0;
	}
	if (unit_title_at(ranking->snapshot, ranking->arena, unit,
	        ranking->period.to, &title, fault) < 0) {
		return -1;
	}
	json_array_append_new(units,
	    json_pack("{s:s, s:s}", "id", unit, "name", title.name));
	return 0;
}

static void
put_span(json_t *object, const char *key, struct span span)
{
	char from[DATE_TEXT];
	char to[DATE_TEXT];

	date_format(from, span.from);
	date_format(to, span.to);
	json_object_set_new(object, key,
	    json_pack("{s:s, s:s}", "from", from, "to", to));
}

/* Names beside the ids, for whoever reads the sheet. */
static void
add_names(const struct ranking *ranking, json_t *results)
{
	json_t *units = json_object_get(ranking->tables, "units");
	json_t *result;
	json_t *unit;
	size_t i, j;

	json_array_foreach(results, i, result)
	{
		const char *id = json_text_at(result, "unit");

		json_array_foreach(units, j, unit)
		{
			if (id != NULL &&
			    strcmp(json_text_at(unit, "id"), id) == 0) {
				json_object_set(result, "name",
				    json_object_get(unit, "name"));
			}
		}
	}
}

static int
run(struct ranking *ranking, json_t **result_out, struct fault *fault)
{
	json_t *results;
	json_t *result;
	struct sha256 sum =
	    sha256_of(json_bytes(ranking->arena, ranking->tables));
	char hex[SHA256_TEXT];

	if (plugins_rank(ranking->core->plugins, ranking->scheme,
	        ranking->tables, ranking->arena, &results, fault) < 0) {
		return -1;
	}
	add_names(ranking, results);
	sha256_format(hex, &sum);
	result = json_own(ranking->arena,
	    json_pack("{s:s, s:s, s:s, s:O}", "scheme",
	        json_text_at(ranking->scheme, "id"), "cluster",
	        ranking->cluster, "input", hex, "results", results));
	put_span(result, "period", ranking->period);
	*result_out = result;
	return 0;
}

int
ranking_compute(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const json_t *body, json_t **result_out,
    struct fault *fault)
{
	struct ranking ranking = { .core = core,
		.snapshot = snapshot,
		.arena = arena,
		.tables = json_own(arena, json_object()) };
	struct score_query query;

	json_object_set_new(ranking.tables, "scores", json_array());
	if (read_body(&ranking, body, fault) < 0) {
		return -1;
	}
	query = (struct score_query){ ranking.cluster, ranking.period,
		json_text_at(ranking.scheme, "id") };
	if (score_each(snapshot, arena, &query, take_score, &ranking, fault) <
	    0) {
		return -1;
	}
	return run(&ranking, result_out, fault);
}

int
ranking_keep(struct command *command, const json_t *result, struct fault *fault)
{
	return command_create(command, RECORD_RANKING, NULL,
	    json_deep_copy(result), fault);
}
