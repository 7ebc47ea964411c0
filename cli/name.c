/* SPDX-License-Identifier: Apache-2.0 */

/*
 * cli->names remembers what was asked: "TABLE" -> the server's answer, and
 * "unit/ID", "user/ID" -> name.  A question that failed is remembered as the
 * code itself, so that a page of rows asks once.
 */

#include "cli/name.h"

#include "base/phrase.h"

#include <string.h>

#define ASKED_MAX 300u /* units and users of one run */

static json_t *
names_of(struct cli *cli)
{
	if (cli->names == NULL) {
		cli->names = json_own(cli->arena, json_object());
	}
	return cli->names;
}

/* An answer, or NULL: what goes wrong here is no failure of the command. */
static json_t *
ask(struct cli *cli, const char *path)
{
	struct fault ignored;
	json_t *answer;

	if (cli->client == NULL || client_json(cli->client, cli->arena, "GET",
	                               path, NULL, &answer, &ignored) < 0) {
		return NULL;
	}
	return answer;
}

static const char *
name_in(const struct cli *cli, const json_t *row)
{
	const char *english =
	    cli->english ? json_text_at(row, "english") : NULL;

	return english != NULL ? english : json_text_at(row, "name");
}

const json_t *
name_table(struct cli *cli, const char *table)
{
	const json_t *answer = json_object_get(names_of(cli), table);

	if (answer == NULL) {
		json_t *rows = ask(cli,
		    arena_format(cli->arena, "/api/v1/rules/%s", table));

		json_object_set_new(names_of(cli), table,
		    rows != NULL ? json_incref(rows) : json_object());
		answer = json_object_get(names_of(cli), table);
	}
	return json_object_get(answer, "rows");
}

/* Of rows with one code the last holds, the newest. */
const char *
name_of_code(struct cli *cli, const char *table, const char *code)
{
	const char *name = NULL;
	json_t *row;
	size_t i;

	if (code == NULL) {
		return "";
	}
	json_array_foreach(name_table(cli, table), i, row)
	{
		const char *own = json_text_at(row, "code");

		own = own != NULL ? own : json_text_at(row, "id");
		if (own != NULL && strcmp(own, code) == 0) {
			name = name_in(cli, row);
		}
	}
	return name != NULL ? name : name_of_word(cli, code);
}

const char *
name_of_word(const struct cli *cli, const char *word)
{
	if (word == NULL) {
		return "";
	}
	return cli->english ? word : phrase_word(word);
}

/* What was learned before, or what `learn` makes of the record at `path`. */
static const char *
remembered(struct cli *cli, const char *key, const char *path, const char *id,
    const char *(*learn)(struct cli *cli, const json_t *record))
{
	const char *name = json_text_at(names_of(cli), key);

	if (name == NULL && json_object_size(names_of(cli)) < ASKED_MAX) {
		const json_t *record = ask(cli, path);

		name = record != NULL ? learn(cli, record) : NULL;
		name = name != NULL ? name : id;
		json_object_set_new(names_of(cli), key, json_string(name));
		name = json_text_at(names_of(cli), key);
	}
	return name != NULL ? name : id;
}

static const char *
newest_name(struct cli *cli, const json_t *unit)
{
	const char *newest = NULL;
	const char *since = "";
	json_t *row;
	size_t i;

	(void)cli;
	json_array_foreach(json_object_get(unit, "names"), i, row)
	{
		const char *from = json_text_at(row, "from");

		from = from != NULL ? from : "";
		if (newest == NULL || strcmp(from, since) > 0) {
			newest = json_text_at(row, "name");
			since = from;
		}
	}
	return newest;
}

const char *
name_of_unit(struct cli *cli, const char *id)
{
	if (id == NULL) {
		return "";
	}
	return remembered(cli, arena_format(cli->arena, "unit/%s", id),
	    arena_format(cli->arena, "/api/v1/units/%s",
	        client_escape(cli->arena, id)),
	    id, newest_name);
}

static const char *
name_and_login(struct cli *cli, const json_t *user)
{
	const char *name = json_text_at(user, "name");
	const char *login = json_text_at(user, "login");

	return name == NULL || login == NULL
	           ? NULL
	           : arena_format(cli->arena, "%s (%s)", name, login);
}

const char *
name_of_user(struct cli *cli, const char *id)
{
	if (id == NULL) {
		return "";
	}
	return remembered(cli, arena_format(cli->arena, "user/%s", id),
	    arena_format(cli->arena, "/api/v1/users/%s/name",
	        client_escape(cli->arena, id)),
	    id, name_and_login);
}
