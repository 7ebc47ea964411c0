/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/name.h"
#include "cli/show.h"
#include "cli/table.h"

static const struct table_column grant_columns[] = {
	{ "Id", "id" },
	{ "Award", "award" },
	{ "Subject", "whom" },
	{ "Count", "count" },
	{ "Counts for", "unit" },
	{ "State", "state" },
	{ NULL, NULL },
};

static int
make(struct cli *cli, int argc, char **argv)
{
	const char *file = NULL;
	const char *receipt = NULL;
	const struct cli_option known[] = {
		{ "file", &file, false },
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};
	json_t *body;

	if (cli_options(argc, argv, known) != 0 || file == NULL) {
		return cli_usage(&cmd_decision, NULL);
	}
	body = cli_read_json(cli, file);
	if (body == NULL) {
		return cli_fail(cli);
	}
	return cli_post(cli, "/api/v1/decisions", body, receipt);
}

static int
show(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? cli_get(cli,
	                       arena_format(cli->arena, "/api/v1/decisions/%s",
	                           client_escape(cli->arena, argv[0])),
	                       show_decision)
	                 : cli_usage(&cmd_decision, NULL);
}

/* Who got it: his name, or what kind of subjects the count stands for. */
static const char *
whom(const struct cli *cli, const json_t *subject)
{
	const char *name = json_text_at(subject, "name");

	return name != NULL ? name
	                    : name_of_word(cli, json_text_at(subject, "kind"));
}

/* A grant as the table shows it; `names` are those of the units. */
static json_t *
row_of(struct cli *cli, const json_t *grant, const json_t *names)
{
	const json_t *subject = json_object_get(grant, "subject");
	const char *unit = json_text_at(grant, "unit");
	const char *name = unit != NULL ? json_text_at(names, unit) : NULL;
	int64_t count = json_integer_at(subject, "count");

	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s}", "id",
	    json_text_at(grant, "id"), "award",
	    name_of_code(cli, "awards", json_text_at(grant, "award")), "whom",
	    whom(cli, subject), "count", (json_int_t)(count > 0 ? count : 1),
	    "unit", name != NULL ? name : unit, "state",
	    name_of_word(cli, json_text_at(grant, "state")));
}

static void
show_grants(struct cli *cli, const json_t *answer)
{
	const json_t *names = json_object_get(answer, "names");
	json_t *rows = json_own(cli->arena, json_array());
	json_t *grant;
	size_t i;

	json_array_foreach(json_object_get(answer, "grants"), i, grant)
	{
		json_array_append_new(rows, row_of(cli, grant, names));
	}
	if (json_array_size(rows) == 0) {
		say("There are no lines that you may see.\n");
		return;
	}
	table_print(stdout, rows, grant_columns);
}

static int
grants(struct cli *cli, int argc, char **argv)
{
	return argc == 1
	           ? cli_get(cli,
	                 arena_format(cli->arena, "/api/v1/decisions/%s/grants",
	                     client_escape(cli->arena, argv[0])),
	                 show_grants)
	           : cli_usage(&cmd_decision, NULL);
}

static int
revoke(struct cli *cli, int argc, char **argv)
{
	const char *reason = NULL, *date = NULL, *document = NULL;
	const char *receipt = NULL;
	const struct cli_option known[] = {
		{ "reason", &reason, false },
		{ "date", &date, false },
		{ "document", &document, false },
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};
	json_t *body;

	if (cli_options(argc, argv, known) != 1 || reason == NULL ||
	    date == NULL) {
		return cli_usage(&cmd_decision,
		    "revoking takes --reason and --date");
	}
	body = json_own(cli->arena,
	    json_pack("{s:s, s:s}", "reason", reason, "date", date));
	if (document != NULL) {
		json_object_set_new(body, "document", json_string(document));
	}
	return cli_post(cli,
	    arena_format(cli->arena, "/api/v1/grants/%s/revocation",
	        client_escape(cli->arena, argv[0])),
	    body, receipt);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "new", make },
		{ "show", show },
		{ "grants", grants },
		{ "revoke", revoke },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_decision, verbs, argc, argv);
}

const struct cli_command cmd_decision = {
	.name = "decision",
	.arguments = "new | show | grants | revoke ...",
	.help = "file decisions, show and revoke single grants",
	.details =
	    "new --file FILE.json     a decision with its grants; - is "
	    "standard input\n"
	    "show ID                  the whole decision\n"
	    "grants ID                who was commended\n"
	    "revoke GRANT_ID --reason REASON --date DATE [--document "
	    "DOCUMENT_ID]\n"
	    "                         revoke one line; the decision stays as "
	    "it is\n"
	    "--receipt FILE keeps the receipt of new and revoke.\n\n"
	    "Example: hoso decision grants q-co-thi-dua-tinh-2022-kon-tum",
	.run = run,
};
