/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A declaration is walked once for what it asks for; then whatever was given
 * and not asked for is refused by name.
 */

#include "core/parameters.h"

#include "base/date.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

static const char *const types[] = { "text", "integer", "bool", "date",
	"unit" };

static void
check_one(struct json_reader *reader)
{
	const char *type;
	bool known = false;

	json_reader_text(reader, "name", true);
	json_reader_text(reader, "preset", false);
	json_reader_text(reader, "help", false);
	json_reader_text(reader, "english", false);
	json_reader_integer(reader, "min", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	json_reader_integer(reader, "max", 0, -JSON_INTEGER_MAX,
	    JSON_INTEGER_MAX);
	type = json_reader_text(reader, "type", true);
	for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(*types);
	     i++) {
		known = known || strcmp(types[i], type) == 0;
	}
	if (type != NULL && !known) {
		json_reader_refuse(reader, "type", "is not known: %s", type);
	}
}

int
parameters_check(const json_t *declared, struct fault *fault)
{
	const json_t *value;
	size_t i;

	if (!json_is_array(declared)) {
		return fault_set(fault, FAULT_INVALID,
		    "options are not a list");
	}
	json_array_foreach(declared, i, value)
	{
		struct json_reader reader;

		json_reader_init(&reader, value, "/options", fault);
		if (!reader.failed) {
			check_one(&reader);
		}
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
	}
	return 0;
}

static int refuse(struct fault *fault, const char *name, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

static int
refuse(struct fault *fault, const char *name, const char *format, ...)
{
	char field[sizeof(fault->field)];
	va_list args;

	snprintf(field, sizeof(field), "/%s", name);
	va_start(args, format);
	fault_field_list(fault, field, format, args);
	va_end(args);
	return -1;
}

static json_t *
integer_of(const json_t *one, const json_t *given, struct fault *fault)
{
	const char *name = json_text_at(one, "name");
	int64_t min = json_integer_at(one, "min");
	int64_t max = json_integer_at(one, "max");
	int64_t value = json_integer_value(given);
	char *end = NULL;

	if (json_is_string(given)) {
		const char *text = json_string_value(given);

		errno = 0;
		value = strtoll(text, &end, 10);
		if (errno != 0 || end == text || *end != '\0') {
			refuse(fault, name, "must be an integer");
			return NULL;
		}
	} else if (!json_is_integer(given)) {
		refuse(fault, name, "must be an integer");
		return NULL;
	}
	if (value < min || value > max) {
		refuse(fault, name, "must lie from %lld to %lld",
		    (long long)min, (long long)max);
		return NULL;
	}
	return json_integer(value);
}

static json_t *
bool_of(const json_t *one, const json_t *given, struct fault *fault)
{
	const char *text = json_string_value(given);

	if (json_is_boolean(given)) {
		return json_boolean(json_is_true(given));
	}
	if (text != NULL && strcmp(text, "true") == 0) {
		return json_true();
	}
	if (text != NULL && strcmp(text, "false") == 0) {
		return json_false();
	}
	refuse(fault, json_text_at(one, "name"), "must be true or false");
	return NULL;
}

/* text, date and unit: a text, of its form. */
static json_t *
text_of(const json_t *one, const json_t *given, struct fault *fault)
{
	const char *name = json_text_at(one, "name");
	const char *type = json_text_at(one, "type");
	const char *text = json_string_value(given);
	date_t date;

	if (text == NULL) {
		refuse(fault, name, "must be a text");
		return NULL;
	}
	if (strcmp(type, "date") == 0 && !date_parse(&date, text)) {
		refuse(fault, name, "must be a date, YYYY-MM-DD");
		return NULL;
	}
	if (strcmp(type, "unit") == 0 && !text_is_id(text)) {
		refuse(fault, name, "must be the id of a unit");
		return NULL;
	}
	return json_string(text);
}

static json_t *
value_of(const json_t *one, const json_t *given, struct fault *fault)
{
	const char *type = json_text_at(one, "type");

	if (strcmp(type, "integer") == 0) {
		return integer_of(one, given, fault);
	}
	if (strcmp(type, "bool") == 0) {
		return bool_of(one, given, fault);
	}
	return text_of(one, given, fault);
}

/* The value of one declared parameter into `settled`. */
static int
settle_one(const json_t *one, const json_t *given, json_t *settled,
    struct fault *fault)
{
	const char *name = json_text_at(one, "name");
	const json_t *preset = json_object_get(one, "preset");
	json_t *value;

	if (given == NULL) {
		if (preset == NULL) {
			return refuse(fault, name, "is required");
		}
		if (json_string_length(preset) == 0) {
			return 0; /* it may be left out */
		}
		given = preset;
	}
	value = value_of(one, given, fault);
	if (value == NULL) {
		return -1;
	}
	json_object_set_new(settled, name, value);
	return 0;
}

static int
refuse_unknown(const json_t *declared, const json_t *given, struct fault *fault)
{
	json_t *iterable = (json_t *)(uintptr_t)given;

	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		const char *name = json_object_iter_key(at);
		const json_t *one;
		bool known = false;
		size_t i;

		json_array_foreach(declared, i, one)
		{
			known = known ||
			        strcmp(json_text_at(one, "name"), name) == 0;
		}
		if (!known) {
			return refuse(fault, name, "is not known here");
		}
	}
	return 0;
}

int
parameters_settle(const json_t *declared, const json_t *given,
    struct arena *arena, json_t **settled_out, struct fault *fault)
{
	json_t *settled = json_own(arena, json_object());
	const json_t *one;
	size_t i;

	json_array_foreach(declared, i, one)
	{
		if (settle_one(one,
		        json_object_get(given, json_text_at(one, "name")),
		        settled, fault) < 0) {
			return -1;
		}
	}
	if (refuse_unknown(declared, given, fault) < 0) {
		return -1;
	}
	*settled_out = settled;
	return 0;
}
