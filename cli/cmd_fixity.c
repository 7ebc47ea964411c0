/* SPDX-License-Identifier: Apache-2.0 */

/* What the server's running check of all that is stored has found. */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/show.h"

#include <string.h>

static const char *
words_of(const char *code)
{
	static const char *const words[][2] = {
		{ "row.damaged", "a row cannot be read" },
		{ "page.damaged", "pages of rows cannot be read" },
		{ "chunk.changed", "a part of a file has other bytes" },
		{ "chunk.missing", "a part of a file is missing" },
		{ "chunk.unreadable", "a part of a file cannot be read" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (code != NULL && strcmp(words[i][0], code) == 0) {
			return say_text(words[i][1]);
		}
	}
	return code != NULL ? code : "?";
}

/* "harmed: Hồ sơ hs-1, Văn bản vb-2" */
static void
print_harmed(struct cli *cli, const json_t *finding)
{
	const json_t *harmed = json_object_get(finding, "harmed");
	int64_t more = json_integer_at(finding, "harmed_more");
	json_t *name;
	size_t i;

	if (!json_is_true(json_object_get(finding, "named"))) {
		fputs("    ", stdout);
		say("whom it harms is still being looked for\n");
	}
	if (json_array_size(harmed) == 0) {
		return;
	}
	fputs("    ", stdout);
	say("harmed: ");
	json_array_foreach(harmed, i, name)
	{
		if (json_is_string(name)) {
			fputs(i > 0 ? ", " : "", stdout);
			show_text(stdout,
			    show_object(cli, json_string_value(name)));
		}
	}
	if (more > 0) {
		say(" and %lld more, which hosod fsck names", (long long)more);
	}
	putchar('\n');
}

static void
print_finding(struct cli *cli, const json_t *finding)
{
	const char *where = json_text_at(finding, "where");

	printf("  %s  %s: ",
	    show_moment(cli, json_integer_at(finding, "found_at")),
	    words_of(json_text_at(finding, "code")));
	show_text(stdout, where != NULL ? where : "?");
	putchar('\n');
	print_harmed(cli, finding);
}

static void
print_passes(struct cli *cli, const json_t *answer)
{
	int64_t began = json_integer_at(answer, "pass_began");
	int64_t last = json_integer_at(answer, "last_began");
	int64_t found = json_integer_at(answer, "canary_found");

	if (last > 0) {
		say("All that is stored was read and compared from %s to %s.\n",
		    show_moment(cli, last),
		    show_moment(cli, json_integer_at(answer, "last_ended")));
	} else {
		say("All that is stored has not been read once yet.\n");
	}
	if (began > last) {
		say("The pass under way began at %s; %lld MiB were read since "
		    "the server started.\n",
		    show_moment(cli, began),
		    (long long)(json_integer_at(answer, "bytes") >> 20));
	}
	if (found > 0) {
		say("It last found what was put in its way on purpose at %s.\n",
		    show_moment(cli, found));
	}
}

static void
print(struct cli *cli, const json_t *answer, bool is_broken)
{
	const json_t *findings = json_object_get(answer, "findings");
	json_t *finding;
	size_t i;

	print_passes(cli, answer);
	if (is_broken) {
		say("THE CHECK IS BROKEN: it passed by what was put in its way "
		    "on purpose at %s.\n"
		    "Do not rely on it; check by hosod fsck --deep.\n",
		    show_moment(cli,
		        json_integer_at(answer, "canary_planted")));
	}
	if (json_array_size(findings) == 0) {
		say("It found nothing damaged.\n");
		return;
	}
	say("It found %lld damages:\n",
	    (long long)json_integer_at(answer, "damaged"));
	json_array_foreach(findings, i, finding)
	{
		print_finding(cli, finding);
	}
}

static int
run(struct cli *cli, int argc, char **argv)
{
	json_t *answer;
	bool is_broken;

	(void)argv;
	if (argc != 0) {
		return cli_usage(&cmd_fixity, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "GET", "/api/v1/fixity", NULL,
	        &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	is_broken = json_is_true(json_object_get(answer, "canary_missed"));
	if (cli->json) {
		cli_print_json(answer);
	} else {
		print(cli, answer, is_broken);
	}
	return is_broken || json_integer_at(answer, "damaged") > 0
	           ? CLI_UNPROVED
	           : CLI_OK;
}

const struct cli_command cmd_fixity = {
	.name = "fixity",
	.arguments = "",
	.help = "what of the archive is damaged, and how far the check is",
	.details =
	    "The server reads all that is stored again and again and compares "
	    "it with its\n"
	    "sums.  Shown are its passes, each damage that stands, and the "
	    "records that it\n"
	    "harms.  The exit status is 8 where something is damaged or the "
	    "check is broken.",
	.run = run,
};
