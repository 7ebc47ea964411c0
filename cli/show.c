/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every record is shown in one way: nobody has to add a printer for a new
 * kind.  Members are in the order of label_member(), nested ones below and
 * further right; a list of plain values stands on one line.
 */

#include "cli/show.h"

#include "base/clock.h"
#include "cli/label.h"

#include <stdbool.h>
#include <string.h>

#define INDENT    2
#define DEPTH_MAX 12

void
show_text(FILE *out, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0';
	     c++) {
		/* C0, DEL, and C1 as UTF-8 writes it: C2 80 to C2 9F */
		if ((*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f) {
			fputc('?', out);
		} else if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) {
			fputc('?', out);
			c++;
		} else {
			fputc(*c, out);
		}
	}
}

/* A text, a number, a moment; "" for what has members. */
static void
show_plain(FILE *out, const char *key, const json_t *value)
{
	char text[CLOCK_TEXT];

	if (json_is_string(value)) {
		const char *word = json_string_value(value);

		show_text(out, key != NULL && strcmp(key, "status") == 0
		                   ? label_of_status(word)
		                   : word);
	} else if (json_is_integer(value) && key != NULL &&
	           strcmp(key, "at") == 0) {
		clock_format_office(text, json_integer_value(value));
		fputs(text, out);
	} else if (json_is_integer(value)) {
		fprintf(out, "%lld", (long long)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "có" : "không", out);
	}
}

static bool
is_plain_list(const json_t *value)
{
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		if (json_is_object(item) || json_is_array(item)) {
			return false;
		}
	}
	return json_is_array(value);
}

static void show_members(FILE *out, const json_t *object, int depth);

static void
show_member(FILE *out, const char *key, const json_t *value, int depth)
{
	json_t *item;
	size_t i;

	fprintf(out, "%*s%s:", depth * INDENT, "", label_of_member(key));
	if (is_plain_list(value)) {
		json_array_foreach(value, i, item)
		{
			fputs(i > 0 ? ", " : " ", out);
			show_plain(out, key, item);
		}
		fputc('\n', out);
	} else if (json_is_array(value) && depth < DEPTH_MAX) {
		fputc('\n', out);
		json_array_foreach(value, i, item)
		{
			fprintf(out, "%*s%zu.\n", (depth + 1) * INDENT, "",
			    i + 1);
			show_members(out, item, depth + 2);
		}
	} else if (json_is_object(value) && depth < DEPTH_MAX) {
		fputc('\n', out);
		show_members(out, value, depth + 1);
	} else {
		fputc(' ', out);
		show_plain(out, key, value);
		fputc('\n', out);
	}
}

static void
show_members(FILE *out, const json_t *object, int depth)
{
	const char *known;
	const char *key;
	json_t *value;

	for (size_t i = 0; (known = label_member(i)) != NULL; i++) {
		const json_t *found = json_object_get(object, known);

		if (found != NULL) {
			show_member(out, known, found, depth);
		}
	}
	/* The cast: jansson's iterator wants the object writable. */
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (!label_has_member(key)) {
			show_member(out, key, value, depth);
		}
	}
}

void
show_record(FILE *out, const json_t *record)
{
	show_members(out, record, 0);
}

void
show_answer(struct cli *cli, const json_t *answer)
{
	(void)cli;
	show_record(stdout, answer);
}
