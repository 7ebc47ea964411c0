/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/name.h"
#include "cli/show.h"
#include "cli/signatures.h"
#include "cli/step.h"
#include "cli/table.h"
#include "cli/tus.h"

static const struct table_column missing_columns[] = {
	{ "Id", "code" },
	{ "Missing component", "name" },
	{ "Of the set", "set_name" },
	{ "Basis", "source" },
	{ NULL, NULL },
};

static const char *
path_of(struct cli *cli, const char *id, const char *rest)
{
	return arena_format(cli->arena, "/api/v1/dossiers/%s%s",
	    client_escape(cli->arena, id), rest);
}

/* --- making ------------------------------------------------------------------------- */

/* One award for one subject, as the command line names them. */
struct proposal {
	const char *award; /* code, or NULL */
	const char *name;  /* whom it is for */
	const char *kind;  /* of subject, or NULL: as the award has it */
};

/*
 * To which kind of subject an award is given, where there is but one; NULL
 * where a person has to say.  What is no award the server refuses.
 */
static const char *
kind_of_award(struct cli *cli, const char *award)
{
	const json_t *rows = name_table(cli, "awards");
	const char *kind = rows != NULL ? "unspecified" : NULL;
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *code = json_text_at(row, "code");
		const json_t *subjects = json_object_get(row, "subjects");

		if (code != NULL && strcmp(code, award) == 0) {
			kind =
			    json_array_size(subjects) == 1
			        ? json_string_value(json_array_get(subjects, 0))
			        : NULL;
		}
	}
	return kind;
}

/* Add it to a dossier; an exit code. */
static int
propose(struct cli *cli, const struct proposal *proposal, json_t *dossier)
{
	const char *kind = proposal->kind;

	if (kind == NULL) {
		if (cli_connect(cli) < 0) {
			return cli_fail(cli);
		}
		kind = kind_of_award(cli, proposal->award);
	}
	if (kind == NULL) {
		say_to(stderr,
		    "hoso: say by --subject whom %s is for: individual, "
		    "collective or household\n",
		    proposal->award);
		return CLI_USAGE;
	}
	json_object_set_new(dossier, "awards",
	    json_pack("[{s:s, s:{s:s, s:s}}]", "award", proposal->award,
	        "subject", "kind", kind, "name", proposal->name));
	return CLI_OK;
}

static int
post_new(struct cli *cli, const json_t *dossier, const char *receipt)
{
	json_t *answer;
	int rc =
	    cli_post_answer(cli, "/api/v1/dossiers", dossier, receipt, &answer);

	if (rc == CLI_OK && !cli->json) {
		const char *id = json_text_at(answer, "id");

		say("Next:\n"
		    "  hoso dossier missing %s    what is missing\n"
		    "  hoso dossier add %s FILE --code COMPONENT\n"
		    "  hoso dossier submit %s     when nothing is\n",
		    id, id, id);
	}
	return rc;
}

static int
make(struct cli *cli, int argc, char **argv)
{
	const char *file = NULL, *kind = NULL, *unit = NULL, *date = NULL;
	const char *receipt = NULL;
	struct proposal proposal = { .award = NULL };
	const struct cli_option known[] = {
		{ "file", &file, false },
		{ "kind", &kind, false },
		{ "unit", &unit, false },
		{ "date", &date, false },
		{ "award", &proposal.award, false },
		{ "for", &proposal.name, false },
		{ "subject", &proposal.kind, false },
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);
	json_t *body;
	int rc;

	if ((proposal.award != NULL) != (proposal.name != NULL) ||
	    (proposal.kind != NULL && proposal.award == NULL) ||
	    (proposal.award != NULL && file != NULL)) {
		return cli_usage(&cmd_dossier,
		    "--award and --for go together, with a title");
	}
	if (words == 0 && file != NULL) {
		body = cli_read_json(cli, file);
		if (body == NULL) {
			return cli_fail(cli);
		}
	} else if (words == 1 && unit != NULL && date != NULL) {
		body = json_own(cli->arena,
		    json_pack("{s:s, s:s, s:s, s:s}", "title", argv[0], "kind",
		        kind != NULL ? kind : "merit", "unit", unit, "date",
		        date));
	} else {
		return cli_usage(&cmd_dossier, NULL);
	}
	if (proposal.award != NULL) {
		rc = propose(cli, &proposal, body);
		if (rc != CLI_OK) {
			return rc;
		}
	}
	return post_new(cli, body, receipt);
}

/* --- completing and submitting ---------------------------------------------------- */

static int
add(struct cli *cli, int argc, char **argv)
{
	const char *code = "C_KHAC";
	const char *document = NULL;
	const char *receipt = NULL;
	const struct cli_option known[] = {
		{ "code", &code, false },
		{ "document", &document, false },
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);
	const char *upload;
	json_t *body;

	if (words != 2) {
		return cli_usage(&cmd_dossier, NULL);
	}
	if (cli_connect(cli) < 0 || tus_upload(cli->client, cli->arena, argv[1],
	                                &upload, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	body = json_own(cli->arena,
	    json_pack("{s:s, s:{s:s, s:s, s:s}}", "code", code, "attachment",
	        "name", cli_base_name(argv[1]), "media_type",
	        cli_media_type(argv[1]), "upload", upload));
	if (document != NULL) {
		json_object_set_new(body, "document", json_string(document));
	}
	return cli_post(cli, path_of(cli, argv[0], "/components"), body,
	    receipt);
}

static int
step(struct cli *cli, int argc, char **argv)
{
	const char *reason = NULL;
	const char *receipt = NULL;
	const struct cli_option known[] = {
		{ "reason", &reason, false },
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);

	return words == 2 ? step_take(cli, argv[0], argv[1], reason, receipt)
	                  : cli_usage(&cmd_dossier, NULL);
}

static int
submit(struct cli *cli, int argc, char **argv)
{
	const char *receipt = NULL;
	const struct cli_option known[] = {
		{ "receipt", &receipt, false },
		{ NULL, NULL, false },
	};

	return cli_options(argc, argv, known) == 1
	           ? step_submit(cli, argv[0], receipt)
	           : cli_usage(&cmd_dossier, NULL);
}

static void
show_missing(struct cli *cli, const json_t *answer)
{
	const json_t *rows = json_object_get(answer, "missing");

	(void)cli;
	if (json_array_size(rows) == 0) {
		say("No component of the dossier is missing.\n");
		return;
	}
	table_print(stdout, rows, missing_columns);
}

static int
missing(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? cli_get(cli, path_of(cli, argv[0], "/missing"),
	                       show_missing)
	                 : cli_usage(&cmd_dossier, NULL);
}

static int
signatures(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? cli_get(cli, path_of(cli, argv[0], "/examinations"),
	                       signatures_show)
	                 : cli_usage(&cmd_dossier, NULL);
}

/* --- finding ------------------------------------------------------------------------ */

static void
show_page(struct cli *cli, const json_t *page)
{
	const json_t *rows = json_object_get(page, "dossiers");
	const json_t *hidden = json_object_get(page, "hidden");
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *now = json_text_at(row, "now");

		printf("%s  %s  [%s]\n    %s\n    %s%s%s%s\n",
		    json_text_at(row, "date"), json_text_at(row, "id"),
		    name_of_code(cli, "dossier-statuses",
		        json_text_at(row, "status")),
		    json_text_at(row, "title"), json_text_at(row, "unit_name"),
		    now != NULL ? " (" : "", now != NULL ? now : "",
		    now != NULL ? ")" : "");
	}
	if (json_array_size(rows) == 0) {
		say("There are no dossiers.\n");
	}
	if (hidden != NULL) {
		say("%lld dossiers are beyond what you may see.\n",
		    (long long)json_integer_value(hidden));
	}
	if (json_text_at(page, "next") != NULL) {
		say("There are more: --cursor %s\n",
		    json_text_at(page, "next"));
	}
}

static int
find(struct cli *cli, int argc, char **argv)
{
	const char *unit = NULL, *mode = NULL, *as_of = NULL, *year = NULL;
	const char *award = NULL, *level = NULL, *status = NULL, *kind = NULL;
	const char *limit = NULL, *cursor = NULL;
	const struct cli_option known[] = {
		{ "unit", &unit, false },
		{ "mode", &mode, false },
		{ "as-of", &as_of, false },
		{ "year", &year, false },
		{ "award", &award, false },
		{ "level", &level, false },
		{ "status", &status, false },
		{ "kind", &kind, false },
		{ "limit", &limit, false },
		{ "cursor", &cursor, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);
	const char *path;

	if (words < 0 || words > 1 || (words == 1) == (unit != NULL)) {
		return cli_usage(&cmd_dossier, NULL);
	}
	path = unit != NULL
	           ? arena_format(cli->arena, "/api/v1/units/%s/dossiers",
	                 client_escape(cli->arena, unit))
	           : cli_query(cli, "/api/v1/dossiers", "name", argv[0]);
	path = cli_query(cli, path, "mode", mode);
	path = cli_query(cli, path, "as_of", as_of);
	path = cli_query(cli, path, "year", year);
	path = cli_query(cli, path, "award", award);
	path = cli_query(cli, path, "level", level);
	path = cli_query(cli, path, "status", status);
	path = cli_query(cli, path, "kind", kind);
	path = cli_query(cli, path, "limit", limit);
	return cli_get(cli, cli_query(cli, path, "cursor", cursor), show_page);
}

static int
show(struct cli *cli, int argc, char **argv)
{
	return argc == 1 ? cli_get(cli, path_of(cli, argv[0], ""), show_dossier)
	                 : cli_usage(&cmd_dossier, NULL);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "new", make },
		{ "add", add },
		{ "submit", submit },
		{ "step", step },
		{ "missing", missing },
		{ "show", show },
		{ "signatures", signatures },
		{ "find", find },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_dossier, verbs, argc, argv);
}

const struct cli_command cmd_dossier = {
	.name = "dossier",
	.arguments =
	    "new | add | submit | step | missing | show | signatures | "
	    "find ...",
	.help = "make, complete, submit, show and find dossiers",
	.details =
	    "new TITLE --unit ID --date DATE [--kind KIND]\n"
	    "  --award CODE --for NAME        one proposal: which award, for "
	    "whom\n"
	    "  --subject KIND                 individual, collective or "
	    "household; where the\n"
	    "                                 award is given to more than one "
	    "of them\n"
	    "new --file FILE.json           a whole dossier; - is standard "
	    "input\n"
	    "add ID FILE [--code C_BCTT]    add a component\n"
	    "submit ID                      submit, by way of the unit's "
	    "review; what is\n"
	    "                               missing is told\n"
	    "step ID STATUS [--reason]      one step of the workflow; then "
	    "those that may\n"
	    "                               follow are told\n"
	    "missing ID                     components that the rules demand\n"
	    "show ID                        the whole dossier\n"
	    "signatures ID                  who signed its files, and what of "
	    "that holds\n"
	    "find UNIT_NAME | find --unit ID\n"
	    "  --mode exact|lineage|territory   this unit alone; with what it "
	    "came from\n"
	    "                                   and became (the default); its "
	    "territory\n"
	    "  --as-of DATE --year YEAR --award CODE --level LEVEL --status "
	    "--kind\n"
	    "  --limit NUMBER --cursor PLACE\n"
	    "--receipt FILE keeps the receipt of new, add, submit, step.\n\n"
	    "Example: hoso dossier find \"xã Xốp\"",
	.run = run,
};
