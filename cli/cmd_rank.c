/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/name.h"
#include "cli/show.h"
#include "cli/table.h"

#include <stdlib.h>

static const struct table_column columns[] = {
	{ "Rank", "rank" },
	{ "Name", "name" },
	{ "Id", "unit" },
	{ "Proposal", "awards" },
	{ NULL, NULL },
};

/* "Cờ thi đua của Chính phủ, Bằng khen ..." */
static const char *
names_of_awards(struct cli *cli, const json_t *awards)
{
	const char *text = "";
	json_t *award;
	size_t i;

	json_array_foreach(awards, i, award)
	{
		text =
		    arena_format(cli->arena, "%s%s%s", text, i > 0 ? "; " : "",
		        name_of_code(cli, "awards", json_string_value(award)));
	}
	return text;
}

/* One result as a row; rank 0 is a unit that the rule does not rank. */
static json_t *
row_of(struct cli *cli, const json_t *result)
{
	json_t *row = json_object();

	json_object_set(row, "unit", json_object_get(result, "unit"));
	json_object_set(row, "name", json_object_get(result, "name"));
	json_object_set_new(row, "awards",
	    json_string(
	        names_of_awards(cli, json_object_get(result, "awards"))));
	if (json_integer_at(result, "rank") > 0) {
		json_object_set(row, "rank", json_object_get(result, "rank"));
	} else {
		json_object_set_new(row, "rank", json_string("-"));
	}
	return row;
}

static void
print_list(const json_t *list)
{
	json_t *text;
	size_t i;

	json_array_foreach(list, i, text)
	{
		if (json_is_string(text)) {
			fputs("  - ", stdout);
			show_text(stdout, json_string_value(text));
			putchar('\n');
		}
	}
}

/*
 * The rule's own sentences say every value as people write it; the bare
 * numbers are in --json.
 */
static void
print_reasons(const json_t *results)
{
	json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		const char *name = json_text_at(result, "name");

		name = name != NULL ? name : json_text_at(result, "unit");
		putchar('\n');
		show_text(stdout, name != NULL ? name : "?");
		putchar('\n');
		print_list(json_object_get(result, "reasons"));
		print_list(json_object_get(result, "ties"));
	}
}

static void
print_ranking(struct cli *cli, const json_t *ranking)
{
	const json_t *results = json_object_get(ranking, "results");
	json_t *rows = json_own(cli->arena, json_array());
	json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		json_array_append_new(rows, row_of(cli, result));
	}
	if (json_array_size(results) == 0) {
		say("There are no units to rank: enter scores first.\n");
		return;
	}
	table_print(stdout, rows, columns);
	print_reasons(results);
}

/* A number of the command line into the body; false where it is none. */
static bool
add_number(json_t *body, const char *key, const char *text)
{
	long long number;
	char *end;

	if (text == NULL) {
		return true;
	}
	number = strtoll(text, &end, 10);
	json_object_set_new(body, key, json_integer(number));
	return end != text && *end == '\0';
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *scheme = NULL, *cluster = NULL, *year = NULL;
	const char *leaders = NULL, *file = NULL, *keep = NULL;
	const struct cli_option known[] = {
		{ "scheme", &scheme, false },
		{ "cluster", &cluster, false },
		{ "year", &year, false },
		{ "cluster-leaders", &leaders, false },
		{ "file", &file, false },
		{ "keep", &keep, true },
		{ NULL, NULL, false },
	};
	json_t *body = json_own(cli->arena, json_object());
	json_t *answer;

	if (cli_options(argc, argv, known) != 0 ||
	    (file == NULL && (scheme == NULL || cluster == NULL))) {
		return cli_usage(&cmd_rank, NULL);
	}
	if (file != NULL && (body = cli_read_json(cli, file)) == NULL) {
		return cli_fail(cli);
	}
	if (scheme != NULL) {
		json_object_set_new(body, "scheme", json_string(scheme));
	}
	if (cluster != NULL) {
		json_object_set_new(body, "cluster", json_string(cluster));
	}
	if (!add_number(body, "year", year)) {
		return cli_usage(&cmd_rank, "--year is the number of a year");
	}
	if (!add_number(body, "cluster_leaders", leaders)) {
		return cli_usage(&cmd_rank,
		    "--cluster-leaders is the number of clusters and blocks "
		    "with a "
		    "leading unit");
	}
	if (keep != NULL) {
		json_object_set_new(body, "keep", json_true());
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST", "/api/v1/rankings",
	        body, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
		return CLI_OK;
	}
	if (keep != NULL) {
		print_ranking(cli, json_object_get(answer, "record"));
		say("\nThe ranking was kept: %s\n", json_text_at(answer, "id"));
	} else {
		print_ranking(cli, answer);
	}
	return CLI_OK;
}

const struct cli_command cmd_rank = {
	.name = "rank",
	.arguments =
	    "--scheme SCHEME --cluster ID --year YEAR [--file FILE.json] "
	    "[--cluster-leaders NUMBER] [--keep]",
	.help = "rank the units of a cluster or block",
	.details =
	    "--scheme         score_table_v1, council_vote_v1, new_rural_v1, "
	    "dept_sheet_bonus_v1\n"
	    "--cluster ID     the emulation cluster or block (or a unit "
	    "above)\n"
	    "--year YEAR      of the scores\n"
	    "--file FILE.json units, ballots, exclusions, previous, "
	    "cluster_leaders as well;\n"
	    "                 - is standard input\n"
	    "--cluster-leaders NUMBER\n"
	    "                 of clusters and blocks with a leading unit: the "
	    "quota of the\n"
	    "                 Government's flag is a part of it\n"
	    "--keep           keep the result in the archive\n\n"
	    "Example: hoso rank --scheme score_table_v1 --cluster "
	    "cum-thi-dua-01-kon-tum --year 2024",
	.run = run,
};
