/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A value is parsed by its option's type and bounds into one field of the
 * part's record.  What a file and the command line share is put_value(); a
 * fault's text says what was wrong, and the caller says where.
 */

#include "base/conf.h"

#include "base/memory.h"
#include "base/say.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER_MAX 32u /* bytes of "18446744073709551615ms" */

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit byte_units[] = {
	{ "TiB", 1ull << 40 },
	{ "GiB", 1ull << 30 },
	{ "MiB", 1ull << 20 },
	{ "KiB", 1ull << 10 },
	{ "B", 1 },
	{ "", 1 },
	{ NULL, 0 },
};
static const struct unit time_units[] = {
	{ "d", 86400000 },
	{ "h", 3600000 },
	{ "min", 60000 },
	{ "s", 1000 },
	{ "ms", 1 },
	{ NULL, 0 },
};
static const struct unit no_units[] = {
	{ "", 1 },
	{ NULL, 0 },
};

/* Text values live as long as the program: here, so that none is lost. */
struct kept {
	struct kept *next;
	char text[];
};

static struct kept *kept_texts;

static const char *
keep_text(struct bytes text)
{
	struct kept *kept = xzalloc(sizeof(*kept) + text.len + 1);

	memcpy(kept->text, text.data, text.len);
	kept->next = kept_texts;
	kept_texts = kept;
	return kept->text;
}

static const struct unit *
units_of(enum conf_type type)
{
	return type == CONF_TYPE_BYTES ? byte_units
	       : type == CONF_TYPE_MS  ? time_units
	                               : no_units;
}

/* The value as it would be written: in the largest unit that fits evenly. */
static void
format_number(struct buf *out, enum conf_type type, uint64_t value)
{
	const struct unit *unit = units_of(type);

	if (value == 0) {
		buf_add_text(out, "0");
		return;
	}
	while (value % unit->factor != 0) {
		unit++;
	}
	buf_add_format(out, "%" PRIu64 "%s", value / unit->factor,
	    unit->factor == 1 && type == CONF_TYPE_BYTES ? "" : unit->name);
}

static int
bounds_fault(const struct conf_option *option, struct fault *fault)
{
	struct buf min, max;

	buf_init(&min, NUMBER_MAX);
	buf_init(&max, NUMBER_MAX);
	format_number(&min, option->type, (uint64_t)option->min);
	format_number(&max, option->type, (uint64_t)option->max);
	if (option->max == 0) {
		fault_set(fault, FAULT_INVALID, "must be at least %s",
		    buf_text(&min));
	} else {
		fault_set(fault, FAULT_INVALID, "must be from %s to %s",
		    buf_text(&min), buf_text(&max));
	}
	buf_fini(&min);
	buf_fini(&max);
	return -1;
}

static int
number_fault(enum conf_type type, struct fault *fault)
{
	switch (type) {
	case CONF_TYPE_BYTES:
		return fault_set(fault, FAULT_INVALID,
		    "must be a size such as 4096, 64KiB, 16MiB or 2GiB");
	case CONF_TYPE_MS:
		return fault_set(fault, FAULT_INVALID,
		    "must be a time such as 250ms, 10s, 5min, 2h or 7d");
	case CONF_TYPE_INTEGER:
	case CONF_TYPE_TEXT:
	case CONF_TYPE_BOOL:
		break;
	}
	return fault_set(fault, FAULT_INVALID, "must be a whole number");
}

static int
parse_number(uint64_t *value_out, const struct conf_option *option,
    struct bytes text, struct fault *fault)
{
	const struct unit *unit = units_of(option->type);
	uint64_t value = 0;
	size_t digits = 0;

	for (; digits < text.len && isdigit(text.data[digits]); digits++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value,
		        (unsigned)(text.data[digits] - '0'), &value)) {
			return bounds_fault(option, fault);
		}
	}
	text = bytes_of(text.data + digits, text.len - digits);
	while (unit->name != NULL &&
	       !bytes_equal(text, bytes_of_text(unit->name))) {
		unit++;
	}
	if (digits == 0 ||
	    (unit->name == NULL && (value != 0 || text.len > 0))) {
		return number_fault(option->type, fault);
	}
	if (unit->name != NULL &&
	    __builtin_mul_overflow(value, unit->factor, &value)) {
		return bounds_fault(option, fault);
	}
	if (value > (uint64_t)(option->max != 0 ? option->max : INT64_MAX) ||
	    value < (uint64_t)option->min) {
		return bounds_fault(option, fault);
	}
	*value_out = value;
	return 0;
}

static int
parse_switch(bool *value_out, struct bytes text, struct fault *fault)
{
	static const char *const words[] = { "no", "yes", "false", "true" };

	for (unsigned i = 0; i < 4; i++) {
		if (bytes_equal(text, bytes_of_text(words[i]))) {
			*value_out = i % 2 == 1;
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID, "must be yes or no");
}

/* "a \"quoted\" text": only the quote and the backslash are escaped. */
static int
unquote(const char **value_out, struct bytes text, struct fault *fault)
{
	uint8_t *plain = xzalloc(text.len);
	size_t used = 0;
	size_t i = 1;

	for (; i < text.len && text.data[i] != '"'; i++) {
		if (text.data[i] == '\\' && i + 1 < text.len &&
		    (text.data[i + 1] == '"' || text.data[i + 1] == '\\')) {
			i++;
		}
		plain[used++] = text.data[i];
	}
	if (i + 1 == text.len) {
		*value_out = keep_text(bytes_of(plain, used));
	}
	free(plain);
	return i + 1 == text.len
	           ? 0
	           : fault_set(fault, FAULT_INVALID,
	                 "must end with the quote that it begins with");
}

static int
parse_text(const char **value_out, struct bytes text, struct fault *fault)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < 0x20 || text.data[i] == 0x7F) {
			return fault_set(fault, FAULT_INVALID,
			    "must not hold control characters");
		}
	}
	if (text.len > 0 && text.data[0] == '"') {
		return unquote(value_out, text, fault);
	}
	*value_out = keep_text(text);
	return 0;
}

static int
put_value(const struct conf_part *part, const struct conf_option *option,
    struct bytes text, struct fault *fault)
{
	void *field = (uint8_t *)part->record + option->offset;

	switch (option->type) {
	case CONF_TYPE_BYTES:
	case CONF_TYPE_INTEGER:
	case CONF_TYPE_MS:
		return parse_number(field, option, text, fault);
	case CONF_TYPE_TEXT:
		return parse_text(field, text, fault);
	case CONF_TYPE_BOOL:
		return parse_switch(field, text, fault);
	}
	return -1;
}

/* One option of one of the parts, with its place among all. */
struct place {
	const struct conf_part *part;
	const struct conf_option *option;
	size_t index;
};

static bool
find_option(struct place *place_out, const struct conf_part *parts,
    size_t count, struct bytes key)
{
	size_t index = 0;

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(parts[i].section);
		bool here = key.len > len && key.data[len] == '.' &&
		            memcmp(key.data, parts[i].section, len) == 0;

		for (const struct conf_option *option = parts[i].options;
		     option->name != NULL; option++, index++) {
			if (here && bytes_equal(bytes_of(key.data + len + 1,
			                            key.len - len - 1),
			                bytes_of_text(option->name))) {
				*place_out =
				    (struct place){ &parts[i], option, index };
				return true;
			}
		}
	}
	return false;
}

static size_t
count_options(const struct conf_part *parts, size_t count)
{
	size_t options = 0;

	for (size_t i = 0; i < count; i++) {
		for (const struct conf_option *option = parts[i].options;
		     option->name != NULL; option++) {
			options++;
		}
	}
	return options;
}

void
conf_init(const struct conf_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (const struct conf_option *option = parts[i].options;
		     option->name != NULL; option++) {
			struct fault fault;

			if (option->preset == NULL ||
			    put_value(&parts[i], option,
			        bytes_of_text(option->preset), &fault) == 0) {
				continue;
			}
			fprintf(stderr, "default of %s.%s: %s\n",
			    parts[i].section, option->name, fault.text);
			abort();
		}
	}
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct bytes
trim(struct bytes text)
{
	while (text.len > 0 && is_blank(text.data[0])) {
		text = bytes_of(text.data + 1, text.len - 1);
	}
	while (text.len > 0 && is_blank(text.data[text.len - 1])) {
		text.len--;
	}
	return text;
}

/* Cut off a comment that stands outside quotes. */
static struct bytes
without_comment(struct bytes line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '"') {
			quoted = !quoted;
		} else if (line.data[i] == '\\' && quoted) {
			i++;
		} else if (line.data[i] == '#' && !quoted &&
		           (i == 0 || is_blank(line.data[i - 1]))) {
			line.len = i;
		}
	}
	return trim(line);
}

/* "key = value" into its halves. */
static int
split_setting(struct bytes *key_out, struct bytes *value_out,
    struct bytes setting, struct fault *fault)
{
	const uint8_t *equal =
	    setting.len > 0 ? memchr(setting.data, '=', setting.len) : NULL;
	size_t len = equal != NULL ? (size_t)(equal - setting.data) : 0;

	if (equal == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "expected section.name = value");
	}
	*key_out = trim(bytes_of(setting.data, len));
	*value_out = trim(bytes_of(equal + 1, setting.len - len - 1));
	return 0;
}

/* A key for messages, in whole characters: hostile files have long ones. */
static int
shown(struct bytes key)
{
	size_t len = key.len < 80 ? key.len : 80;

	while (len > 0 && len < key.len && (key.data[len] & 0xC0) == 0x80) {
		len--;
	}
	return (int)len;
}

static int
read_line(const struct conf_part *parts, size_t count, struct bytes line,
    unsigned *set_in, unsigned number, struct fault *fault)
{
	struct bytes key;
	struct bytes value;
	struct place place;

	if (!text_is_utf8(line)) {
		return fault_set(fault, FAULT_INVALID, "not valid UTF-8");
	}
	if (split_setting(&key, &value, line, fault) < 0) {
		return -1;
	}
	if (!find_option(&place, parts, count, key)) {
		return fault_set(fault, FAULT_INVALID, "%.*s is no option",
		    shown(key), (const char *)key.data);
	}
	if (set_in[place.index] != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s.%s was already set in line %u", place.part->section,
		    place.option->name, set_in[place.index]);
	}
	set_in[place.index] = number;
	if (put_value(place.part, place.option, value, fault) < 0) {
		fault_prefix(fault, "%s.%s", place.part->section,
		    place.option->name);
		return -1;
	}
	return 0;
}

int
conf_read(const struct conf_part *parts, size_t count, const char *path,
    struct bytes text, struct buf *mistakes)
{
	unsigned *set_in =
	    xzalloc(count_options(parts, count) * sizeof(*set_in));
	unsigned number = 0;
	int rc = 0;

	if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
		text = bytes_of(text.data + 3, text.len - 3); /* BOM */
	}
	while (text.len > 0) {
		const uint8_t *end = memchr(text.data, '\n', text.len);
		size_t len = end != NULL ? (size_t)(end - text.data) : text.len;
		struct bytes line = without_comment(bytes_of(text.data, len));
		struct fault fault;

		number++;
		if (line.len > 0 &&
		    read_line(parts, count, line, set_in, number, &fault) < 0) {
			buf_add_format(mistakes, "%s:%u: %s\n", path, number,
			    say_fault(&fault));
			rc = -1;
		}
		len += end != NULL;
		text = bytes_of(text.data + len, text.len - len);
	}
	free(set_in);
	return rc;
}

int
conf_set(const struct conf_part *parts, size_t count, const char *setting,
    struct fault *fault)
{
	struct bytes key;
	struct bytes value;
	struct place place;

	if (!text_is_utf8(bytes_of_text(setting))) {
		return fault_set(fault, FAULT_INVALID,
		    "setting is not valid UTF-8");
	}
	if (split_setting(&key, &value, bytes_of_text(setting), fault) < 0) {
		fault_prefix(fault, "%s", setting);
		return -1;
	}
	if (!find_option(&place, parts, count, key)) {
		return fault_set(fault, FAULT_INVALID, "%.*s is no option",
		    shown(key), (const char *)key.data);
	}
	if (put_value(place.part, place.option, value, fault) < 0) {
		fault_prefix(fault, "%s.%s", place.part->section,
		    place.option->name);
		return -1;
	}
	return 0;
}

/* In quotes where the plain text would be read as something else. */
static void
show_text(struct buf *out, const char *text)
{
	struct bytes bytes = bytes_of_text(text);

	if (text[0] != '"' && without_comment(bytes).len == bytes.len) {
		buf_add_text(out, text);
		return;
	}
	buf_add_byte(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\') {
			buf_add_byte(out, '\\');
		}
		buf_add_byte(out, (uint8_t)*text);
	}
	buf_add_byte(out, '"');
}

static void
show_option(struct buf *out, const struct conf_part *part,
    const struct conf_option *option)
{
	const void *field = (const uint8_t *)part->record + option->offset;

	if (option->help != NULL) {
		buf_add_format(out, "# %s\n", say_text(option->help));
	}
	if (option->type == CONF_TYPE_TEXT &&
	    *(const char *const *)field == NULL) {
		buf_add_format(out, "# %s.%s =\n", part->section, option->name);
		return;
	}
	buf_add_format(out, "%s.%s = ", part->section, option->name);
	switch (option->type) {
	case CONF_TYPE_BYTES:
	case CONF_TYPE_INTEGER:
	case CONF_TYPE_MS:
		format_number(out, option->type, *(const uint64_t *)field);
		break;
	case CONF_TYPE_TEXT:
		show_text(out, *(const char *const *)field);
		break;
	case CONF_TYPE_BOOL:
		buf_add_text(out, *(const bool *)field ? "yes" : "no");
		break;
	}
	buf_add_byte(out, '\n');
}

void
conf_show(struct buf *out, const struct conf_part *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (const struct conf_option *option = parts[i].options;
		     option->name != NULL; option++) {
			if (out->len > 0) {
				buf_add_byte(out, '\n');
			}
			show_option(out, &parts[i], option);
		}
	}
}
