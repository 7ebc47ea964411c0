/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "cli/template.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_CHARS 32u

static const struct table_column plugin_columns[] = {
	{ "Name", "name" },
	{ "Version", "version" },
	{ "Offers", "offers" },
	{ NULL, NULL },
};

static const struct table_column refused_columns[] = {
	{ "Refused file", "file" },
	{ "Reason", "reason" },
	{ NULL, NULL },
};

/* "report half-year; format csv" */
static const char *
offers(struct cli *cli, const json_t *plugin)
{
	static const char *const lists[][2] = { { "reports", "report" },
		{ "formats", "format" }, { "rankings", "ranking rule" },
		{ "sinks", "sink" }, { "extractors", "extractor" } };
	const char *text = "";
	json_t *item;
	size_t j;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		json_array_foreach(json_object_get(plugin, lists[i][0]), j,
		    item)
		{
			const char *name = json_text_at(item, "name");

			text = arena_format(cli->arena, "%s%s%s %s", text,
			    text[0] != '\0' ? "; " : "", say_text(lists[i][1]),
			    name != NULL ? name : "?");
		}
	}
	return text;
}

static void
show_list(struct cli *cli, const json_t *answer)
{
	const json_t *refused = json_object_get(answer, "refused");
	json_t *rows = json_own(cli->arena, json_array());
	json_t *plugin;
	size_t i;

	json_array_foreach(json_object_get(answer, "plugins"), i, plugin)
	{
		json_t *row = json_copy(plugin);

		json_object_set_new(row, "offers",
		    json_string(offers(cli, plugin)));
		json_array_append_new(rows, row);
	}
	table_print(stdout, rows, plugin_columns);
	if (json_array_size(refused) > 0) {
		putchar('\n');
		table_print(stdout, refused, refused_columns);
	}
}

static int
list(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? cli_get(cli, "/api/v1/plugins", show_list)
	                 : cli_usage(&cmd_plugin, NULL);
}

static int
reload(struct cli *cli, int argc, char **argv)
{
	json_t *answer;

	(void)argv;
	if (argc != 0) {
		return cli_usage(&cmd_plugin, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST",
	        "/api/v1/plugins/reload", NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		show_list(cli, answer);
	}
	return CLI_OK;
}

/* --- new ------------------------------------------------------------------------ */

static bool
is_kind(const char *kind)
{
	static const char *const kinds[] = { "report", "format", "ranking",
		"sink", NULL };

	for (size_t i = 0; kinds[i] != NULL; i++) {
		if (strcmp(kinds[i], kind) == 0) {
			return true;
		}
	}
	return false;
}

/* [a-z][a-z0-9-]*: a file name, a plugin's name and, with _, a C name. */
static bool
is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return name[0] >= 'a' && name[0] <= 'z' && name[len] == '\0' &&
	       len <= NAME_MAX_CHARS;
}

static int
make(struct cli *cli, int argc, char **argv)
{
	const char *templates = getenv("HOSO_TEMPLATES");
	const char *kind = "report";
	const char *folder = NULL;
	const struct cli_option known[] = {
		{ "kind", &kind, false },
		{ "folder", &folder, false },
		{ NULL, NULL, false },
	};

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_plugin, NULL);
	}
	if (!is_name(argv[0])) {
		return cli_usage(&cmd_plugin,
		    "a name is made of a-z, digits and hyphens, begins with "
		    "a letter "
		    "and has at most 32 characters");
	}
	if (!is_kind(kind)) {
		return cli_usage(&cmd_plugin,
		    "--kind is report, format, ranking or sink");
	}
	if (templates == NULL) {
		templates = HOSO_DATADIR "/template";
	}
	if (folder == NULL) {
		folder = argv[0];
	}
	if (template_copy(arena_format(cli->arena, "%s/%s", templates, kind),
	        folder, argv[0], &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (!cli->json) {
		say("%s/ is made.  Next:\n"
		    "  cd %s && make check     build and test it\n"
		    "  make install            copy it to the server's "
		    "plugin folder\n"
		    "  hoso plugin reload      the server reads the folder "
		    "anew\n",
		    folder, folder);
	}
	return CLI_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "list", list },
		{ "reload", reload },
		{ "new", make },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_plugin, verbs, argc, argv);
}

const struct cli_command cmd_plugin = {
	.name = "plugin",
	.arguments = "list | reload | new NAME --kind KIND",
	.help = "plugins: list, reload, write a new one",
	.details =
	    "list             plugins in use, and files that were refused\n"
	    "reload           the server reads the plugin folders anew\n"
	    "new NAME         make the folder NAME with a sample that builds "
	    "and passes its test\n"
	    "  --kind KIND    report (the default), format, ranking, sink\n"
	    "  --folder PLACE another folder\n\n"
	    "Example: hoso plugin new so-vang --kind report",
	.run = run,
};
