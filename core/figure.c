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

int
figure_new(struct command *command, const json_t *body, struct fault *fault)
{
	struct json_reader reader;
	struct span period = { 0, 0 };
	const char *id, *document, *unit, *measure, *words;
	uint8_t last[4];
	struct key key;

	json_reader_init(&reader, body, "", fault);
	id = json_reader_text(&reader, "id", false);
	field_span(&reader, "period", true, &period);
	measure = json_reader_text(&reader, "measure", true);
	json_reader_integer(&reader, "value", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	json_reader_integer(&reader, "scale", 1, 1, 1000000);
	words = json_reader_text(&reader, "words", false);
	json_reader_text(&reader, "quote", false);
	json_reader_text(&reader, "place", false);
	json_reader_text(&reader, "note", false);
	if (measure != NULL && !is_measure(measure)) {
		json_reader_refuse(&reader, "measure",
		    "is made of a-z, 0-9, _ - . and :");
	}
	if (!reader.failed &&
	    (words == NULL) == (json_object_get(body, "value") == NULL)) {
		json_reader_refuse(&reader, "value",
		    "either a value or words are given");
	}
	if (field_refer(&reader, command, "document", true, RECORD_DOCUMENT,
	        &document) < 0 ||
	    field_refer(&reader, command, "unit", true, RECORD_UNIT, &unit) <
	        0 ||
	    json_reader_end(&reader) < 0 ||
	    command_create(command, RECORD_FIGURE, id, json_deep_copy(body),
	        fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_FIGURE_OF);
	key_add_text(&key, unit);
	key_add_date(&key, period.from);
	key_add_text(&key, command->id);
	wire_put_u32be(last, (uint32_t)period.to ^ 0x80000000u);
	writes_put(command->writes, key_bytes(&key),
	    bytes_of(last, sizeof(last)));
	return 0;
}

int
figure_each(struct snapshot *snapshot, struct arena *arena, const char *unit,
    struct span period,
    int (*emit)(void *arg, const struct record *figure, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct key from, to;
	struct bytes row, value;
	struct scan *scan;
	int rc;

	key_start(&from, TABLE_FIGURE_OF);
	key_add_text(&from, unit);
	to = from;
	key_add_date(&from, period.from);
	key_add_date(&to, period.to);
	key_next(&to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct key_reader at;
		struct record figure;

		if (value.len != 4 || (date_t)(wire_get_u32be(value.data) ^
		                               0x80000000u) > period.to) {
			continue;
		}
		key_read_start(&at, row);
		key_read_text(&at);
		key_read_date(&at);
		rc = record_need(snapshot, arena, RECORD_FIGURE,
		    key_read_text(&at), &figure, fault);
		if (rc == 0) {
			rc = emit(arg, &figure, fault);
		}
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}
