/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_SCORE_OF  cluster, first day, last day, scheme, unit, criterion,
 *                     source -> id of the record
 *
 * The id is "s-" and the first 16 bytes, in hexadecimal, of the SHA-256 of
 * that key, so that the same question finds the same record.
 */

#include "core/score.h"

#include "base/digest.h"
#include "base/hex.h"
#include "core/field.h"

#include <stdio.h>

#define ID_HASH_BYTES 16u

struct score {
	const char *cluster;
	struct span period;
	const char *scheme;
	const char *unit;
	const char *criterion;
	const char *source;
};

/* "year" or "period", one of them. */
static void
read_period(struct json_reader *reader, struct span *period)
{
	int64_t year = json_reader_integer(reader, "year", 0, 1900, 9999);
	bool spanned = field_span(reader, "period", false, period);

	if (!reader->failed && (year != 0) == spanned) {
		json_reader_refuse(reader, "year",
		    "either a year or a period is given");
	}
	if (year != 0) {
		period->from = date_of((int)year, 1, 1);
		period->to = date_of((int)year, 12, 31);
	}
}

static int
read(struct command *command, const json_t *body, struct score *score,
    struct fault *fault)
{
	static const char *const sources[] = { "self", "peer", "appraised",
		"department", "index", NULL };
	struct json_reader reader;

	json_reader_init(&reader, body, "", fault);
	read_period(&reader, &score->period);
	score->scheme = json_reader_text(&reader, "scheme", true);
	score->criterion = json_reader_text(&reader, "criterion", true);
	score->source = field_word(&reader, "source", true, sources);
	json_reader_integer(&reader, "value", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	json_reader_text(&reader, "note", false);
	if (!reader.failed && json_object_get(body, "value") == NULL) {
		json_reader_refuse(&reader, "value", "is required");
	}
	if (score->scheme != NULL &&
	    !rules_has(command->core->rules, RULES_SCHEMES, score->scheme)) {
		json_reader_refuse(&reader, "scheme",
		    "no rule knows the scheme %s", score->scheme);
	}
	if (field_refer(&reader, command, "cluster", true, RECORD_UNIT,
	        &score->cluster) < 0 ||
	    field_refer(&reader, command, "unit", true, RECORD_UNIT,
	        &score->unit) < 0) {
		return -1;
	}
	return json_reader_end(&reader);
}

int
score_put(struct command *command, const json_t *body, struct fault *fault)
{
	char id[2 + 2 * ID_HASH_BYTES + 1] = "s-";
	struct record old;
	struct sha256 sum;
	struct score score;
	struct key key;
	int found;

	if (read(command, body, &score, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_SCORE_OF);
	key_add_text(&key, score.cluster);
	key_add_date(&key, score.period.from);
	key_add_date(&key, score.period.to);
	key_add_text(&key, score.scheme);
	key_add_text(&key, score.unit);
	key_add_text(&key, score.criterion);
	key_add_text(&key, score.source);
	sum = sha256_of(key_bytes(&key));
	hex_encode(id + 2, bytes_of(sum.bytes, ID_HASH_BYTES));
	found = record_find(command->snapshot, command->arena, RECORD_SCORE, id,
	    &old, fault);
	if (found != 0) {
		return found < 0 ? -1
		                 : command_update(command, &old,
		                       json_deep_copy(body), fault);
	}
	writes_put(command->writes, key_bytes(&key), bytes_of_text(id));
	return command_create(command, RECORD_SCORE, id, json_deep_copy(body),
	    fault);
}

int
score_each(struct snapshot *snapshot, struct arena *arena,
    const struct score_query *query,
    int (*emit)(void *arg, const struct record *score, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct key from;
	struct bytes row, value;
	struct scan *scan;
	int rc;

	key_start(&from, TABLE_SCORE_OF);
	key_add_text(&from, query->cluster);
	key_add_date(&from, query->period.from);
	key_add_date(&from, query->period.to);
	if (query->scheme != NULL) {
		key_add_text(&from, query->scheme);
	}
	if (scan_open_prefix(&scan, snapshot, key_bytes(&from), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct record score;

		rc = record_need(snapshot, arena, RECORD_SCORE,
		    arena_text_of(arena, value), &score, fault);
		if (rc == 0) {
			rc = emit(arg, &score, fault);
		}
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
