/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_FIGURE_OF  unit, first day, figure -> last day, i32 as u32 biased
 */

#include "core/figure.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/field.h"

static bool
is_measure(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((*c < 'a' || *c > 'z') && (*c < '0' || *c > '9') &&
		    *c != '_' && *c != ':' && *c != '-' && *c != '.') {
			return false;
		}
	}
	return text[0] != '\0';
}

/* The members of a figure, new or changed; its period and unit are told. */
static int
check(struct command *command, const json_t *fields, struct span *period,
    const char **unit, struct fault *fault)
{
	struct json_reader reader;
	const char *document, *measure, *words;

	json_reader_init(&reader, fields, "", fault);
	json_reader_text(&reader, "id", false);
	field_span(&reader, "period", true, period);
	measure = json_reader_text(&reader, "measure", true);
	json_reader_integer(&reader, "value", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	json_reader_integer(&reader, "scale", 1, 1, 1000000);
	words = json_reader_text(&reader, "words", false);
	json_reader_text(&reader, "quote", false);
	json_reader_text(&reader, "place", false);
	json_reader_text(&reader, "note", false);
	json_reader_text(&reader, "withdrawn", false);
	if (measure != NULL && !is_measure(measure)) {
		json_reader_refuse(&reader, "measure",
		    "is made of a-z, 0-9, _ - . and :");
	}
	if (!reader.failed &&
	    (words == NULL) == (json_object_get(fields, "value") == NULL)) {
		json_reader_refuse(&reader, "value",
		    "either a value or words are given");
	}
	if (field_refer(&reader, command, "document", true, RECORD_DOCUMENT,
	        &document) < 0 ||
	    field_refer(&reader, command, "unit", true, RECORD_UNIT, unit) <
	        0) {
		return -1;
	}
	return json_reader_end(&reader);
}

static void
row_key(struct key *key, const char *unit, date_t from, const char *figure)
{
	key_start(key, TABLE_FIGURE_OF);
	key_add_text(key, unit);
	key_add_date(key, from);
	key_add_text(key, figure);
}

static void
put_row(struct command *command, const char *unit, struct span period,
    const char *figure)
{
	uint8_t last[4];
	struct key key;

	row_key(&key, unit, period.from, figure);
	wire_put_u32be(last, (uint32_t)period.to ^ 0x80000000u);
	writes_put(command->writes, key_bytes(&key),
	    bytes_of(last, sizeof(last)));
}

int
figure_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct span period = { 0, 0 };
	const char *unit;

	if (check(command, body, &period, &unit, fault) < 0 ||
	    command_create(command, RECORD_FIGURE, json_text_at(body, "id"),
	        json_deep_copy(body), fault) < 0) {
		return -1;
	}
	put_row(command, unit, period, command->id);
	return 0;
}

int
figure_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	struct span period = { 0, 0 };
	const char *unit;
	struct key before;
	date_t from = 0;
	json_t *fields;

	if (record_need(command->snapshot, command->arena, RECORD_FIGURE, id,
	        &old, fault) < 0) {
		return -1;
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL ||
	    check(command, fields, &period, &unit, fault) < 0) {
		return -1;
	}
	date_parse(&from,
	    json_text_at(json_object_get(old.value, "period"), "from"));
	row_key(&before, json_text_at(old.value, "unit"), from, id);
	writes_delete(command->writes, key_bytes(&before));
	put_row(command, unit, period, id);
	return command_update(command, &old, json_incref(fields), fault);
}

/* --- reading ------------------------------------------------------------------ */

static int
open_rows(struct scan **scan_out, struct snapshot *snapshot,
    const struct figure_query *query, struct fault *fault)
{
	struct key from, to;

	key_start(&from, TABLE_FIGURE_OF);
	key_add_text(&from, query->unit);
	to = from;
	key_add_date(&to, query->period.to);
	key_next(&to);
	if (query->after != NULL) {
		row_key(&from, query->unit, query->after->date,
		    query->after->id);
		key_next(&from);
	} else {
		key_add_date(&from, query->period.from);
	}
	return scan_open(scan_out, snapshot, key_bytes(&from), key_bytes(&to),
	    false, fault);
}

/* The figure of a row.  1, 0 where it is none of the query's, -1 failed. */
static int
read_row(struct snapshot *snapshot, struct arena *arena,
    const struct figure_query *query, struct bytes key, struct bytes value,
    struct record *figure, struct fault *fault)
{
	struct key_reader reader;
	const char *id;

	key_read_start(&reader, key);
	key_read_text(&reader);
	key_read_date(&reader);
	id = key_read_text(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	if (value.len != 4 || (date_t)(wire_get_u32be(value.data) ^
	                               0x80000000u) > query->period.to) {
		return 0;
	}
	if (record_need(snapshot, arena, RECORD_FIGURE, id, figure, fault) <
	    0) {
		return -1;
	}
	return query->with_withdrawn ||
	       json_text_at(figure->value, "withdrawn") == NULL;
}

int
figure_each(struct snapshot *snapshot, struct arena *arena,
    const struct figure_query *query,
    int (*emit)(void *arg, const struct record *figure, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct bytes key, value;
	struct record figure;
	struct scan *scan;
	int rc = open_rows(&scan, snapshot, query, fault);

	if (rc < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		rc = read_row(snapshot, arena, query, key, value, &figure,
		    fault);
		if (rc == 1) {
			rc = emit(arg, &figure, fault);
		}
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
