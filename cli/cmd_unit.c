/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/name.h"
#include "cli/show.h"
#include "cli/table.h"

#include <stdbool.h>

static const struct table_column unit_columns[] = {
	{ "Id", "id" },
	{ "Name", "name" },
	{ "Under", "place" },
	{ "From", "from" },
	{ "To", "to" },
	{ NULL, NULL },
};

static void
show_units(struct cli *cli, const json_t *answer)
{
	const json_t *units = json_object_get(answer, "units");

	(void)cli;
	if (json_array_size(units) == 0) {
		say("There are no units.  Those that have ended, and what they "
		    "held, are found with --as-of DATE.\n");
		return;
	}
	table_print(stdout, units, unit_columns);
}

/* "Xã Đắk Choong, Xã Xốp" */
static void
print_names(const json_t *ids, const json_t *names)
{
	json_t *id;
	size_t i;

	json_array_foreach(ids, i, id)
	{
		const char *name = json_text_at(names, json_string_value(id));

		printf("%s%s", i > 0 ? ", " : "",
		    name != NULL ? name : json_string_value(id));
	}
}

/* "2025-07-01  sáp nhập: Xã Đắk Choong, Xã Xốp -> Xã Xốp (1677/...)" */
static void
print_event(struct cli *cli, const json_t *event, const json_t *names)
{
	const json_t *after = json_object_get(event, "successors");
	const char *document = json_text_at(event, "document");

	printf("%s  %s: ", json_text_at(event, "date"),
	    name_of_word(cli, json_text_at(event, "kind")));
	print_names(json_object_get(event, "predecessors"), names);
	if (json_array_size(after) > 0) {
		fputs(" -> ", stdout);
		print_names(after, names);
	}
	printf("%s%s%s\n", document != NULL ? " (" : "",
	    document != NULL ? document : "", document != NULL ? ")" : "");
}

static void
print_events(struct cli *cli, const json_t *events, const json_t *names)
{
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event)
	{
		print_event(cli, event, names);
	}
}

static void
print_heirs(const json_t *heirs)
{
	json_t *heir;
	size_t i;

	json_array_foreach(heirs, i, heir)
	{
		say("Now: %s (%s)\n", json_text_at(heir, "place"),
		    json_text_at(heir, "id"));
	}
}

static void
show_history(struct cli *cli, const json_t *answer)
{
	const json_t *names = json_object_get(answer, "names");
	const json_t *below = json_object_get(answer, "below");

	print_events(cli, json_object_get(answer, "events"), names);
	print_heirs(json_object_get(answer, "heirs"));
	if (below == NULL) {
		return;
	}
	say("Abolished, without a successor.\n");
	if (json_array_size(json_object_get(below, "events")) > 0) {
		say("\nThe units below it since then:\n");
		print_events(cli, json_object_get(below, "events"), names);
		print_heirs(json_object_get(below, "heirs"));
	}
}

/* Units of a name; where there are none, those whose names begin so. */
static int
list_named(struct cli *cli, const char *name, bool exact, const char *as_of)
{
	const char *path = cli_query(cli, "/api/v1/units", "name", name);
	const char *wider = cli_query(cli, "/api/v1/units", "prefix", name);
	json_t *answer;

	path = cli_query(cli, path, "exact", exact ? "1" : NULL);
	if (cli_connect(cli) < 0 || client_json(cli->client, cli->arena, "GET",
	                                cli_query(cli, path, "as_of", as_of),
	                                NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (!exact && json_array_size(json_object_get(answer, "units")) == 0) {
		if (client_json(cli->client, cli->arena, "GET",
		        cli_query(cli, wider, "as_of", as_of), NULL, &answer,
		        &cli->fault) < 0) {
			return cli_fail(cli);
		}
		if (!cli->json &&
		    json_array_size(json_object_get(answer, "units")) > 0) {
			say("No unit has this name; these begin with it:\n");
		}
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		show_units(cli, answer);
	}
	return CLI_OK;
}

/* All pages of a branch, as one answer. */
static int
list_under(struct cli *cli, const char *under, const char *as_of)
{
	const char *path = cli_query(cli,
	    arena_format(cli->arena, "/api/v1/units/%s/children",
	        client_escape(cli->arena, under)),
	    "as_of", as_of);
	json_t *units = json_array();
	json_t *all = json_own(cli->arena, json_pack("{s:o}", "units", units));
	const char *next = NULL;

	if (cli_connect(cli) < 0) {
		return cli_fail(cli);
	}
	do {
		json_t *answer;

		if (client_json(cli->client, cli->arena, "GET",
		        cli_query(cli, path, "after", next), NULL, &answer,
		        &cli->fault) < 0) {
			return cli_fail(cli);
		}
		json_array_extend(units, json_object_get(answer, "units"));
		next = json_text_at(answer, "next");
	} while (next != NULL);
	if (cli->json) {
		cli_print_json(all);
	} else {
		show_units(cli, all);
	}
	return CLI_OK;
}

static int
list(struct cli *cli, int argc, char **argv)
{
	const char *under = NULL;
	const char *code = NULL;
	const char *as_of = NULL;
	const char *exact = NULL;
	const struct cli_option known[] = {
		{ "under", &under, false },
		{ "code", &code, false },
		{ "as-of", &as_of, false },
		{ "exact", &exact, true },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);
	const char *path = "/api/v1/units";

	if (words < 0 || words > 1 ||
	    (words == 0 && under == NULL && code == NULL)) {
		return cli_usage(&cmd_unit, NULL);
	}
	if (under == NULL && code == NULL) {
		return list_named(cli, argv[0], exact != NULL, as_of);
	}
	if (under != NULL) {
		return list_under(cli, under, as_of);
	}
	path = cli_query(cli, path, "name", words == 1 ? argv[0] : NULL);
	path = cli_query(cli, path, "code", code);
	path = cli_query(cli, path, "exact", exact != NULL ? "1" : NULL);
	return cli_get(cli, cli_query(cli, path, "as_of", as_of), show_units);
}

static int
show(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? cli_get(cli,
	                       arena_format(cli->arena, "/api/v1/units/%s",
	                           client_escape(cli->arena, argv[0])),
	                       show_unit)
	                 : cli_usage(&cmd_unit, NULL);
}

static int
history(struct cli *cli, int argc, char **argv)
{
	return argc == 1
	           ? cli_get(cli,
	                 arena_format(cli->arena, "/api/v1/units/%s/history",
	                     client_escape(cli->arena, argv[0])),
	                 show_history)
	           : cli_usage(&cmd_unit, NULL);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "list", list },
		{ "show", show },
		{ "history", history },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_unit, verbs, argc, argv);
}

const struct cli_command cmd_unit = {
	.name = "unit",
	.arguments = "list [NAME] | show ID | history ID",
	.help = "find units, show one and its history",
	.details =
	    "list NAME         every unit that ever had the name (with or "
	    "without marks)\n"
	    "list --under ID   the units below one\n"
	    "list --code CODE  by the statistics code\n"
	    "  --as-of DATE    as it was that day, YYYY-MM-DD\n"
	    "  --exact         tell marks apart: Sơn Hà is not Sơn Hạ\n"
	    "show ID           all of it\n"
	    "history ID        what it came from, and what it is now\n\n"
	    "Example: hoso unit history huyen-dak-glei",
	.run = run,
};
