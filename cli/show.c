/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every record is shown in one way: nobody has to add a printer for a new
 * kind.  Members are in the order of label_member(), nested ones below and
 * further right; a list of plain values stands on one line.  Codes are shown
 * by their names, as the table `meanings` says.
 */

#include "cli/show.h"

#include "base/clock.h"
#include "base/say.h"
#include "cli/label.h"
#include "cli/name.h"

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

/* --- values ------------------------------------------------------------------ */

/* What is being shown, and where. */
struct showing {
	struct cli *cli;
	FILE *out;
	const char *kind; /* of the record: "dossier"; NULL where unknown */
};

/* What a member's text is: its code in a table of the law, an id, a word. */
enum meaning { PLAIN, WORD, UNIT, USER, RECORD, CODE };

static const struct {
	const char *member;
	const char *parent; /* the member that holds it; NULL: any */
	const char *kind;   /* of the record; NULL: any */
	enum meaning meaning;
	const char *table; /* of a CODE */
} meanings[] = {
	{ "status", NULL, "movement", CODE, "movement-statuses" },
	{ "status", NULL, NULL, CODE, "dossier-statuses" },
	{ "kind", "", "unit", CODE, "unit-kinds" },
	{ "kind", "", "document", CODE, "document-kinds" },
	{ "kind", NULL, NULL, WORD, NULL },
	{ "award", NULL, NULL, CODE, "awards" },
	{ "awards", NULL, NULL, CODE, "awards" },
	{ "code", "components", NULL, CODE, "components" },
	{ "component", NULL, NULL, CODE, "components" },
	{ "retention", NULL, NULL, CODE, "retention" },
	{ "role", NULL, NULL, CODE, "roles" },
	{ "scheme", NULL, NULL, CODE, "schemes" },
	{ "unit", NULL, NULL, UNIT, NULL },
	{ "cluster", NULL, NULL, UNIT, NULL },
	{ "issuer", NULL, NULL, UNIT, NULL },
	{ "launched_by", NULL, NULL, UNIT, NULL },
	{ "predecessors", NULL, NULL, UNIT, NULL },
	{ "successors", NULL, NULL, UNIT, NULL },
	{ "by", NULL, NULL, USER, NULL },
	{ "user", NULL, NULL, USER, NULL },
	{ "object", NULL, "event", RECORD, NULL },
	{ "act", NULL, NULL, WORD, NULL },
	{ "scopes", NULL, NULL, WORD, NULL },
	{ "change", NULL, NULL, WORD, NULL },
	{ "relation", NULL, NULL, WORD, NULL },
	{ "procedure", NULL, NULL, WORD, NULL },
	{ "state", NULL, NULL, WORD, NULL },
	{ "cadre", NULL, NULL, WORD, NULL },
	{ "source", "", "score", WORD, NULL },
};

/* A NULL in the table stands for anything, "" for the record itself. */
static bool
fits(const char *wanted, const char *is)
{
	return wanted == NULL || strcmp(wanted, is != NULL ? is : "") == 0;
}

const char *
show_object(struct cli *cli, const char *object)
{
	const char *slash = strchr(object, '/');
	char *kind;

	if (slash == NULL) {
		return object;
	}
	kind = arena_format(cli->arena, "%.*s", (int)(slash - object), object);
	return arena_format(cli->arena, "%s %s", label_of_kind(kind),
	    slash + 1);
}

static const char *
text_of(const struct showing *showing, const char *parent, const char *key,
    const char *text)
{
	struct cli *cli = showing->cli;
	const char *name;

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (strcmp(meanings[i].member, key) != 0 ||
		    !fits(meanings[i].parent, parent) ||
		    !fits(meanings[i].kind, showing->kind)) {
			continue;
		}
		switch (meanings[i].meaning) {
		case CODE:
			return name_of_code(cli, meanings[i].table, text);
		case WORD:
			return name_of_word(cli, text);
		case USER:
			return name_of_user(cli, text);
		case RECORD:
			return show_object(cli, text);
		case UNIT: /* its id is what commands take */
			name = name_of_unit(cli, text);
			return strcmp(name, text) == 0
			           ? text
			           : arena_format(cli->arena, "%s (%s)", name,
			                 text);
		case PLAIN:
			return text;
		}
	}
	return text;
}

const char *
show_moment(struct cli *cli, int64_t at)
{
	char text[CLOCK_TEXT];

	clock_format_office(text, at);
	return arena_format(cli->arena, "%.10s %.8s", text, text + 11);
}

/* A text, a number, a moment; "" for what has members. */
static void
show_plain(const struct showing *showing, const char *parent, const char *key,
    const json_t *value)
{
	FILE *out = showing->out;

	if (json_is_string(value)) {
		show_text(out,
		    text_of(showing, parent, key, json_string_value(value)));
	} else if (json_is_integer(value) && strcmp(key, "at") == 0) {
		fputs(show_moment(showing->cli, json_integer_value(value)),
		    out);
	} else if (json_is_integer(value)) {
		fprintf(out, "%lld", (long long)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		fputs(say_text(json_is_true(value) ? "yes" : "no"), out);
	}
}

/* --- members ------------------------------------------------------------------- */

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

static void show_members(const struct showing *showing, const char *parent,
    const json_t *object, int depth);

static void
show_list(const struct showing *showing, const char *parent, const char *key,
    const json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		fputs(i > 0 ? ", " : " ", showing->out);
		show_plain(showing, parent, key, item);
	}
	fputc('\n', showing->out);
}

/* The code of a component is what it is called by. */
static bool
is_component(const char *parent, const char *key)
{
	return strcmp(key, "code") == 0 && fits("components", parent);
}

static void
show_member(const struct showing *showing, const char *parent, const char *key,
    const json_t *value, int depth)
{
	FILE *out = showing->out;
	json_t *item;
	size_t i;

	fprintf(out, "%*s%s:", depth * INDENT, "",
	    label_of_member(is_component(parent, key) ? "component" : key,
	        value));
	if (is_plain_list(value)) {
		show_list(showing, parent, key, value);
	} else if (json_is_array(value) && depth < DEPTH_MAX) {
		fputc('\n', out);
		json_array_foreach(value, i, item)
		{
			fprintf(out, "%*s%zu.\n", (depth + 1) * INDENT, "",
			    i + 1);
			show_members(showing, key, item, depth + 2);
		}
	} else if (json_is_object(value) && depth < DEPTH_MAX) {
		fputc('\n', out);
		show_members(showing, key, value, depth + 1);
	} else {
		fputc(' ', out);
		show_plain(showing, parent, key, value);
		fputc('\n', out);
	}
}

static void
show_members(const struct showing *showing, const char *parent,
    const json_t *object, int depth)
{
	const char *known;
	const char *key;
	json_t *value;

	for (size_t i = 0; (known = label_member(i)) != NULL; i++) {
		const json_t *found = json_object_get(object, known);

		if (found != NULL) {
			show_member(showing, parent, known, found, depth);
		}
	}
	/* The cast: jansson's iterator wants the object writable. */
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		if (!label_has_member(key)) {
			show_member(showing, parent, key, value, depth);
		}
	}
}

void
show_record(struct cli *cli, FILE *out, const char *kind, const json_t *record)
{
	const struct showing showing = { cli, out, kind };

	show_members(&showing, NULL, record, 0);
}

/* "Trạng thái: đã trình; Thành phần hồ sơ: Tờ trình ..." */
static const char *
details_text(const struct showing *showing, const json_t *details)
{
	const char *text = "";
	const char *key;
	json_t *value;

	/* The cast: jansson's iterator wants the object writable. */
	json_object_foreach((json_t *)(uintptr_t)details, key, value)
	{
		const char *word = json_string_value(value);

		text = arena_format(showing->cli->arena, "%s%s%s: %s", text,
		    text[0] != '\0' ? "; " : "", label_of_member(key, value),
		    word != NULL ? text_of(showing, "details", key, word) : "");
	}
	return text;
}

json_t *
show_event(struct cli *cli, const json_t *event)
{
	const struct showing showing = { cli, NULL, "event" };
	static const char *const words[] = { "by", "act", "object" };
	json_t *row = json_object();

	json_object_set(row, "index", json_object_get(event, "index"));
	json_object_set(row, "rev", json_object_get(event, "rev"));
	json_object_set_new(row, "at",
	    json_string(show_moment(cli, json_integer_at(event, "at"))));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *text = json_text_at(event, words[i]);

		if (text != NULL) {
			json_object_set_new(row, words[i],
			    json_string(
			        text_of(&showing, NULL, words[i], text)));
		}
	}
	json_object_set_new(row, "details",
	    json_string(
	        details_text(&showing, json_object_get(event, "details"))));
	return row;
}

void
show_unit(struct cli *cli, const json_t *answer)
{
	show_record(cli, stdout, "unit", answer);
}

void
show_dossier(struct cli *cli, const json_t *answer)
{
	show_record(cli, stdout, "dossier", answer);
}

void
show_decision(struct cli *cli, const json_t *answer)
{
	show_record(cli, stdout, "decision", answer);
}
