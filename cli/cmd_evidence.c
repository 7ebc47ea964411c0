/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Evidence records: one container's, the calendar of all, and what falls with
 * an algorithm or an authority.
 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/download.h"
#include "cli/show.h"
#include "cli/table.h"

#include <string.h>

/* --- get ------------------------------------------------------------------------- */

static int
get(struct cli *cli, int argc, char **argv)
{
	const char *output = NULL;
	const struct cli_option known[] = {
		{ "output", &output, false },
		{ NULL, NULL, false },
	};
	const char *name;

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_evidence, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    download_into(cli,
	        arena_format(cli->arena, "/api/v1/dossiers/%s/evidence",
	            client_escape(cli->arena, argv[0])),
	        output, &name) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(
		    json_own(cli->arena, json_pack("{s:s}", "file", name)));
	} else if (strcmp(name, "-") != 0) {
		say("Evidence record: %s\n"
		    "Verify: hoso verify %s --content FILE.asice\n",
		    name, name);
	}
	return CLI_OK;
}

/* --- plan ------------------------------------------------------------------------ */

/* What a member of a row of a list says in the calendar. */
static const struct moment {
	const char *list;
	const char *name;   /* member: of what */
	const char *member; /* when */
	const char *event;
} moments[] = {
	{ "authorities", "authority", "renew_at",
	    "the time-stamp is renewed from then on" },
	{ "authorities", "authority", "until",
	    "the authority's certificate ends" },
	{ "digests", "digest", "renew_at", "hashed anew from then on" },
	{ "digests", "digest", "until", "the digest is relied on no more" },
	{ "keys", "key", "until",
	    "the algorithm of the authority's key is relied on no more" },
	{ "signers", "subject", "until", "the seal's certificate ends" },
};

static void
add_moment(struct cli *cli, json_t *rows, const struct moment *moment,
    const json_t *row)
{
	int64_t at = json_integer_at(row, moment->member);
	const char *name = json_text_at(row, moment->name);
	size_t place = 0;
	json_t *new;

	if (at == 0) {
		return; /* nobody has told it */
	}
	while (place < json_array_size(rows) &&
	       json_integer_at(json_array_get(rows, place), "at") <= at) {
		place++;
	}
	new = json_pack("{s:I, s:s, s:s, s:s, s:I}", "at", (json_int_t)at,
	    "when", show_moment(cli, at), "event", say_text(moment->event),
	    "name", name != NULL ? name : "?", "containers",
	    (json_int_t)json_integer_at(row, "containers"));
	json_array_insert_new(rows, place, new);
}

static json_t *
calendar(struct cli *cli, const json_t *plan)
{
	json_t *rows = json_own(cli->arena, json_array());
	json_t *row;
	size_t i;

	for (size_t m = 0; m < sizeof(moments) / sizeof(moments[0]); m++) {
		json_array_foreach(json_object_get(plan, moments[m].list), i,
		    row)
		{
			add_moment(cli, rows, &moments[m], row);
		}
	}
	return rows;
}

static void
print_plan(struct cli *cli, const json_t *plan)
{
	static const struct table_column columns[] = {
		{ "At", "when" },
		{ "What happens", "event" },
		{ "Of what", "name" },
		{ "Containers", "containers" },
		{ NULL, NULL },
	};
	int64_t waiting = json_integer_at(plan, "waiting");
	int64_t lost = json_integer_at(plan, "lost");

	table_print(stdout, calendar(cli, plan), columns);
	say("%lld containers have an evidence record.\n",
	    (long long)json_integer_at(plan, "containers"));
	if (waiting > 0) {
		say("%lld could not be taken and wait; the server's log says "
		    "why.\n",
		    (long long)waiting);
	}
	if (lost > 0) {
		say("OF %lld NOBODY RENEWED THE TIME-STAMP IN TIME: they prove "
		    "nothing now and begin anew with the next run.\n",
		    (long long)lost);
	}
}

static int
plan(struct cli *cli, int argc, char **argv)
{
	json_t *answer;

	(void)argv;
	if (argc != 0) {
		return cli_usage(&cmd_evidence, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "GET", "/api/v1/evidence/plan",
	        NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		print_plan(cli, answer);
	}
	return json_integer_at(answer, "lost") > 0 ? CLI_UNPROVED : CLI_OK;
}

/* --- risk ------------------------------------------------------------------------ */

static void
print_risk(const json_t *answer)
{
	const json_t *dossiers = json_object_get(answer, "dossiers");
	int64_t falls = json_integer_at(answer, "falls");
	int64_t more = falls - (int64_t)json_array_size(dossiers);
	json_t *dossier;
	size_t i;

	say("%lld of %lld containers would prove nothing any more.\n",
	    (long long)falls, (long long)json_integer_at(answer, "containers"));
	json_array_foreach(dossiers, i, dossier)
	{
		fputs("  ", stdout);
		show_text(stdout, json_string_value(dossier));
		putchar('\n');
	}
	if (more > 0) {
		say("  and %lld more dossiers\n", (long long)more);
	}
}

static int
risk(struct cli *cli, int argc, char **argv)
{
	const char *path = "/api/v1/evidence/risk";
	const char *algorithm = NULL;
	const char *authority = NULL;
	const struct cli_option known[] = {
		{ "algorithm", &algorithm, false },
		{ "authority", &authority, false },
		{ NULL, NULL, false },
	};
	json_t *answer;

	if (cli_options(argc, argv, known) != 0 ||
	    (algorithm == NULL) == (authority == NULL)) {
		return cli_usage(&cmd_evidence, NULL);
	}
	path = cli_query(cli, path, "algorithm", algorithm);
	path = cli_query(cli, path, "authority", authority);
	if (cli_connect(cli) < 0 || client_json(cli->client, cli->arena, "GET",
	                                path, NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		print_risk(answer);
	}
	return CLI_OK;
}

/* --- run ------------------------------------------------------------------------- */

static int
run_now(struct cli *cli, int argc, char **argv)
{
	json_t *nothing;

	(void)argv;
	if (argc != 0) {
		return cli_usage(&cmd_evidence, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST", "/api/v1/evidence/run",
	        NULL, &nothing, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	say("The run has begun; hoso evidence plan shows what came of it.\n");
	return CLI_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const struct cli_verb verbs[] = {
		{ "get", get },
		{ "plan", plan },
		{ "risk", risk },
		{ "run", run_now },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_evidence, verbs, argc, argv);
}

const struct cli_command cmd_evidence = {
	.name = "evidence",
	.arguments = "get DOSSIER_ID [--output FILE.ers] | plan |\n"
	             "    risk --algorithm NAME | --authority NAME | run",
	.help = "evidence that keeps containers provable for decades",
	.details =
	    "get fetches the evidence record (RFC 4998) of a sealed dossier's "
	    "container; hoso\n"
	    "verify checks it.  plan is the calendar: what ends when, and what "
	    "is renewed before.\n"
	    "risk names the containers that would prove nothing if an "
	    "algorithm (SHA-256, EC P-256)\n"
	    "or an authority (\"CN=TSA\") fell today.  run does at once what "
	    "is else done once a day.\n"
	    "The exit status of plan is 8 where a time-stamp was not renewed "
	    "in time.",
	.run = run,
};
