/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is wrong under every rule is refused here, by the place in the body:
 * units named twice, counts that do not add up, rows of somebody who is not
 * ranked.  What only the rule can judge, its plugin refuses.
 */

#include "core/ranking_input.h"

#include "base/text.h"
#include "core/ballot.h"
#include "core/field.h"
#include "core/rules.h"
#include "core/score.h"
#include "core/unit.h"

#include <stdlib.h>

#define ROWS_MAX    5000u /* of each list */
#define LEADERS_MAX 10000

struct reading {
	const struct core *core;
	struct snapshot *snapshot;
	struct arena *arena;
	struct ranking_input *input;
	json_t *ranked;  /* ids of the units, as members of an object */
	json_t *assumed; /* scores of the body by score_key() */
};

static json_t *
table(const struct reading *reading, const char *name)
{
	return json_object_get(reading->input->tables, name);
}

/* --- lists of the body -------------------------------------------------------- */

/* True, and noted, the first time that it is asked of a word. */
static bool
is_first(json_t *seen, const char *word)
{
	if (json_object_get(seen, word) != NULL) {
		return false;
	}
	json_object_set_new(seen, word, json_true());
	return true;
}

/* {"id", "name"}; a unit of the archive needs no name. */
static int
take_unit(struct reading *reading, struct json_reader *reader, json_t *row,
    json_t *seen, struct fault *fault)
{
	const char *id = json_reader_text(reader, "id", true);
	const char *name = json_reader_text(reader, "name", false);
	struct unit_title title;
	int found;

	(void)seen;
	if (id != NULL && !is_first(reading->ranked, id)) {
		json_reader_refuse(reader, "id", "%s is named twice", id);
	}
	if (reader->failed || name != NULL || !text_is_id(id)) {
		return 0;
	}
	found = unit_title_at(reading->snapshot, reading->arena, id,
	    reading->input->period.to, &title, fault);
	if (found == 1) {
		json_object_set_new(row, "name", json_string(title.name));
	}
	return found < 0 ? -1 : 0;
}

/* The unit of a row, which must be ranked; NULL where it was refused. */
static const char *
ranked_unit(const struct reading *reading, struct json_reader *reader)
{
	const char *unit = json_reader_text(reader, "unit", true);

	if (unit != NULL && json_object_get(reading->ranked, unit) == NULL) {
		json_reader_refuse(reader, "unit",
		    "%s is not among those to be ranked", unit);
		return NULL;
	}
	return unit;
}

/* The count of a ballot on one candidate for one award. */
static int
take_ballot(struct reading *reading, struct json_reader *reader, json_t *row,
    json_t *seen, struct fault *fault)
{
	const struct rules *rules = reading->core->rules;
	date_t date = reading->input->period.to;
	const char *unit = ranked_unit(reading, reader);
	const char *award =
	    field_code(reader, rules, "award", true, RULES_AWARDS, date);

	(void)fault;
	ballot_check(reader);
	if (reader->failed) {
		return 0;
	}
	if (!is_first(seen,
	        arena_format(reading->arena, "%s %s", unit, award))) {
		json_reader_refuse(reader, "unit", "%s is named twice", unit);
		return 0;
	}
	json_object_set(row, "award_name",
	    json_object_get(rules_find(rules, RULES_AWARDS, award, date),
	        "name"));
	return 0;
}

static int
take_exclusion(struct reading *reading, struct json_reader *reader, json_t *row,
    json_t *seen, struct fault *fault)
{
	const char *unit = ranked_unit(reading, reader);

	(void)row;
	(void)fault;
	json_reader_text(reader, "basis", false);
	json_reader_text(reader, "reason", false);
	if (unit != NULL && !is_first(seen, unit)) {
		json_reader_refuse(reader, "unit", "%s is named twice", unit);
	}
	return 0;
}

/* The year before may name units that have gone since. */
static int
take_previous(struct reading *reading, struct json_reader *reader, json_t *row,
    json_t *seen, struct fault *fault)
{
	const char *unit = json_reader_text(reader, "unit", true);

	(void)reading;
	(void)row;
	(void)fault;
	json_reader_integer(reader, "rank", 0, 0, ROWS_MAX);
	if (unit != NULL && !is_first(seen, unit)) {
		json_reader_refuse(reader, "unit", "%s is named twice", unit);
	}
	return 0;
}

/* What a score is of; rows in order of it are canonical. */
static const char *
score_key(const struct reading *reading, const json_t *row)
{
	return arena_format(reading->arena, "%s\x01%s\x01%s",
	    json_text_at(row, "unit"), json_text_at(row, "criterion"),
	    json_text_at(row, "source"));
}

/* A score as it might be: instead of the one that is stored, or a new one. */
static int
take_assumed(struct reading *reading, struct json_reader *reader, json_t *row,
    json_t *seen, struct fault *fault)
{
	static const char *const sources[] = { "self", "peer", "appraised",
		"department", "index", NULL };
	const char *unit = json_reader_text(reader, "unit", true);
	struct record record;
	const char *key;

	json_reader_text(reader, "criterion", true);
	field_word(reader, "source", true, sources);
	json_reader_integer(reader, "value", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	if (!reader->failed && json_object_get(row, "value") == NULL) {
		json_reader_refuse(reader, "value", "is required");
	}
	if (reader->failed) {
		return 0;
	}
	key = score_key(reading, row);
	if (!is_first(seen, key)) {
		json_reader_refuse(reader, "unit", "%s is named twice", unit);
		return 0;
	}
	json_object_set(reading->assumed, key, row);
	return json_object_get(reading->ranked, unit) != NULL
	           ? 0
	           : record_refer(reading->snapshot, reading->arena,
	                 RECORD_UNIT, unit,
	                 arena_format(reading->arena, "%s/unit", reader->place),
	                 &record, fault);
}

typedef int (*take_fn)(struct reading *reading, struct json_reader *reader,
    json_t *row, json_t *seen, struct fault *fault);

/* Copy a list of the body into the tables, each row checked by take(). */
static int
take_list(struct reading *reading, const json_t *body, const char *name,
    take_fn take, struct fault *fault)
{
	const json_t *list = json_object_get(body, name);
	json_t *seen = json_own(reading->arena, json_object());
	const json_t *value;
	size_t i;

	if (json_array_size(list) > ROWS_MAX) {
		return fault_field(fault,
		    arena_format(reading->arena, "/%s", name),
		    "has more than %u entries", ROWS_MAX);
	}
	json_array_foreach(list, i, value)
	{
		struct json_reader reader;
		json_t *row = json_deep_copy(value);

		json_array_append_new(table(reading, name), row);
		json_reader_init(&reader, value,
		    arena_format(reading->arena, "/%s/%zu", name, i), fault);
		if (!reader.failed &&
		    take(reading, &reader, row, seen, fault) < 0) {
			return -1;
		}
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- the rest of the body ------------------------------------------------------ */

static int
read_head(struct reading *reading, const json_t *body, struct fault *fault)
{
	static const char *const lists[] = { "units", "scores", "ballots",
		"exclusions", "previous" };
	struct ranking_input *input = reading->input;
	struct json_reader reader;
	struct record cluster;
	const char *scheme;
	int64_t leaders;
	int64_t year;
	bool spanned;
	bool keep;

	json_reader_init(&reader, body, "", fault);
	scheme = json_reader_text(&reader, "scheme", true);
	input->cluster = json_reader_text(&reader, "cluster", true);
	year = json_reader_integer(&reader, "year", 0, 1900, 9999);
	spanned = field_span(&reader, "period", false, &input->period);
	leaders =
	    json_reader_integer(&reader, "cluster_leaders", 0, 1, LEADERS_MAX);
	keep = json_reader_bool(&reader, "keep");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_reader_array(&reader, lists[i], false);
	}
	if (!reader.failed && (year != 0) == spanned) {
		json_reader_refuse(&reader, "year",
		    "either a year or a period is given");
	}
	if (!reader.failed && keep && json_object_get(body, "scores") != NULL) {
		json_reader_refuse(&reader, "scores",
		    "are what might be; such a ranking is not kept");
	}
	if (json_reader_end(&reader) < 0 ||
	    record_refer(reading->snapshot, reading->arena, RECORD_UNIT,
	        input->cluster, "/cluster", &cluster, fault) < 0) {
		return -1;
	}
	if (year != 0) {
		input->period.from = date_of((int)year, 1, 1);
		input->period.to = date_of((int)year, 12, 31);
	}
	if (leaders > 0) {
		json_object_set_new(input->tables, "cluster_leaders",
		    json_integer(leaders));
	}
	input->scheme = rules_find(reading->core->rules, RULES_SCHEMES, scheme,
	    input->period.to);
	return input->scheme != NULL
	           ? 0
	           : fault_field(fault, "/scheme",
	                 "no rule knows the scheme %s", scheme);
}

/* --- what is stored ------------------------------------------------------------- */

/* A score, as it is stored or as the body has it. */
static int
take_score(void *arg, const struct record *score, struct fault *fault)
{
	struct reading *reading = arg;
	const char *key = score_key(reading, score->value);
	json_t *assumed = json_object_get(reading->assumed, key);
	json_t *row;

	(void)fault;
	if (assumed != NULL) {
		json_array_append(table(reading, "scores"), assumed);
		json_object_del(reading->assumed, key);
		return 0;
	}
	row = json_pack("{s:s, s:s, s:s, s:O}", "unit",
	    json_text_at(score->value, "unit"), "criterion",
	    json_text_at(score->value, "criterion"), "source",
	    json_text_at(score->value, "source"), "value",
	    json_object_get(score->value, "value"));
	if (json_text_at(score->value, "note") != NULL) {
		json_object_set(row, "note",
		    json_object_get(score->value, "note"));
	}
	json_array_append_new(table(reading, "scores"), row);
	return 0;
}

struct keyed {
	const char *key;
	json_t *row;
};

static int
compare_keys(const void *left, const void *right)
{
	const struct keyed *a = left;
	const struct keyed *b = right;

	return strcmp(a->key, b->key);
}

/* What is assumed and not stored goes where it would lie among the others. */
static void
insert_assumed(struct reading *reading)
{
	json_t *scores = table(reading, "scores");
	size_t count = json_array_size(scores);
	json_t *all = json_own(reading->arena, json_array());
	struct keyed *keyed = arena_alloc(reading->arena,
	    (count + json_object_size(reading->assumed)) * sizeof(*keyed));
	const char *key;
	json_t *row;
	size_t i;

	json_array_foreach(scores, i, row)
	{
		keyed[i] = (struct keyed){ score_key(reading, row), row };
	}
	json_object_foreach(reading->assumed, key, row)
	{
		keyed[count++] = (struct keyed){ key, row };
	}
	json_array_extend(all, scores);
	qsort(keyed, count, sizeof(*keyed), compare_keys);
	json_array_clear(scores);
	for (i = 0; i < count; i++) {
		json_array_append(scores, keyed[i].row);
	}
}

/* Who has a score is ranked. */
static int
add_scored(struct reading *reading, struct fault *fault)
{
	const json_t *row;
	size_t i;

	json_array_foreach(table(reading, "scores"), i, row)
	{
		const char *unit = json_text_at(row, "unit");
		struct unit_title title;

		if (!is_first(reading->ranked, unit)) {
			continue;
		}
		if (unit_title_at(reading->snapshot, reading->arena, unit,
		        reading->input->period.to, &title, fault) < 0) {
			return -1;
		}
		json_array_append_new(table(reading, "units"),
		    json_pack("{s:s, s:s}", "id", unit, "name", title.name));
	}
	return 0;
}

/* Those of the body wait in a table of their own until all is read. */
static int
add_scores(struct reading *reading, const json_t *body, struct fault *fault)
{
	struct score_query query = { reading->input->cluster,
		reading->input->period,
		json_text_at(reading->input->scheme, "id") };

	if (take_list(reading, body, "scores", take_assumed, fault) < 0) {
		return -1;
	}
	json_array_clear(table(reading, "scores"));
	if (score_each(reading->snapshot, reading->arena, &query, take_score,
	        reading, fault) < 0) {
		return -1;
	}
	insert_assumed(reading);
	return add_scored(reading, fault);
}

int
ranking_input_read(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const json_t *body, struct ranking_input *input_out,
    struct fault *fault)
{
	struct reading reading = { core, snapshot, arena, input_out,
		json_own(arena, json_object()),
		json_own(arena, json_object()) };

	*input_out = (struct ranking_input){
		.tables = json_own(arena,
		    json_pack("{s:[], s:[], s:[], "
		              "s:[], s:[]}",
		        "units", "scores", "ballots", "exclusions", "previous"))
	};
	/* Units before what is said of them, scores among the units. */
	if (read_head(&reading, body, fault) < 0 ||
	    take_list(&reading, body, "units", take_unit, fault) < 0 ||
	    add_scores(&reading, body, fault) < 0 ||
	    take_list(&reading, body, "ballots", take_ballot, fault) < 0 ||
	    take_list(&reading, body, "exclusions", take_exclusion, fault) <
	        0) {
		return -1;
	}
	return take_list(&reading, body, "previous", take_previous, fault);
}
