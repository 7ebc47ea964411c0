/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/download.h"

#include <string.h>

/* "name=value" as one more parameter of the report. */
static const char *
add_parameter(struct cli *cli, const char *path, const char *word)
{
	const char *equals = strchr(word, '=');

	return equals == NULL || equals == word
	           ? NULL
	           : cli_query(cli, path,
	                 client_escape(cli->arena,
	                     arena_text_of(cli->arena,
	                         bytes_of(word, (size_t)(equals - word)))),
	                 equals + 1);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *unit = NULL, *from = NULL, *to = NULL, *language = NULL;
	const char *format = "docx", *output = NULL;
	const struct cli_option known[] = {
		{ "unit", &unit, false },
		{ "from", &from, false },
		{ "to", &to, false },
		{ "language", &language, false },
		{ "format", &format, false },
		{ "output", &output, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);
	const char *path;
	const char *name;

	if (words < 1 || unit == NULL) {
		return cli_usage(&cmd_report, NULL);
	}
	path = arena_format(cli->arena, "/api/v1/reports/%s",
	    client_escape(cli->arena, argv[0]));
	path = cli_query(cli, path, "unit", unit);
	path = cli_query(cli, path, "from", from);
	path = cli_query(cli, path, "to", to);
	path = cli_query(cli, path, "language", language);
	path = cli_query(cli, path, "format", format);
	for (int i = 1; i < words; i++) {
		path = add_parameter(cli, path, argv[i]);
		if (path == NULL) {
			say_to(stderr, "hoso: \"%s\" is not NAME=VALUE\n\n",
			    argv[i]);
			return cli_usage(&cmd_report, NULL);
		}
	}
	if (cli_connect(cli) < 0 ||
	    download_into(cli, path, output, &name) < 0) {
		return cli_fail(cli);
	}
	if (cli->json && strcmp(name, "-") != 0) {
		cli_print_json(
		    json_own(cli->arena, json_pack("{s:s}", "file", name)));
	} else if (strcmp(name, "-") != 0) {
		say("Report: %s\n", name);
	}
	return CLI_OK;
}

const struct cli_command cmd_report = {
	.name = "report",
	.arguments =
	    "NAME --unit ID [--from DATE] [--to DATE] [--format FORMAT] "
	    "[--output FILE] [NAME=VALUE ...]",
	.help = "make a report of a unit over a period",
	.details =
	    "NAME is half-year, award-register ...; see hoso plugin list.\n"
	    "--from, --to     the period, YYYY-MM-DD\n"
	    "--format         docx (the default), html, csv, json\n"
	    "--language       vi or en\n"
	    "--output FILE    name of the file; - is standard output; else the "
	    "server names it\n"
	    "NAME=VALUE       a parameter of the report's own\n\n"
	    "Example: hoso report half-year --unit tinh-kon-tum --from "
	    "2023-01-01 --to 2023-06-30",
	.run = run,
};
