/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whether an archive holds exactly this; needs no log-in.  Of a file only its
 * digest leaves this machine; a receipt is told by what it is and sent as it
 * is.
 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/file_sum.h"
#include "cli/show.h"

#include <string.h>

#define VERIFY      "/api/v1/verify"
#define RECEIPT_MAX (1u << 20)

static const char *
words_of(const char *kind)
{
	static const struct {
		const char *kind;
		const char *words;
	} table[] = {
		{ "container", "a sealed container" },
		{ "file", "a file of a decision" },
		{ "decision", "a decision of this number and day" },
		{ "receipt", "an entry of its log" },
	};

	for (size_t i = 0; kind != NULL && i < sizeof(table) / sizeof(table[0]);
	     i++) {
		if (strcmp(table[i].kind, kind) == 0) {
			return say_text(table[i].words);
		}
	}
	return "";
}

static int
tell(struct cli *cli, const char *name, const json_t *answer)
{
	const bool is_held = json_is_true(json_object_get(answer, "held"));

	if (cli->json) {
		cli_print_json(answer);
	} else if (is_held) {
		say("%s: the archive holds exactly this: %s, since %s\n", name,
		    words_of(json_text_at(answer, "kind")),
		    show_moment(cli, json_integer_at(answer, "since")));
	} else {
		say("%s: the archive does not hold this\n", name);
	}
	return is_held ? CLI_OK : CLI_ABSENT;
}

static int
ask(struct cli *cli, const char *name, const char *method, const char *path,
    const json_t *body)
{
	json_t *answer;

	if (cli_connect(cli) < 0 || client_json(cli->client, cli->arena, method,
	                                path, body, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	return tell(cli, name, answer);
}

/* NULL: it is none. */
static json_t *
read_receipt(struct cli *cli, const char *path)
{
	struct bytes text;
	struct fault ignored;
	json_t *value;

	if (cli_read_file(cli, path, RECEIPT_MAX, &text) < 0 || text.len == 0 ||
	    text.data[0] != '{') {
		return NULL;
	}
	value = json_read(cli->arena, text, &ignored);
	return json_text_at(value, "checkpoint") != NULL &&
	               json_text_at(value, "leaf") != NULL
	           ? value
	           : NULL;
}

static int
check_file(struct cli *cli, const char *path)
{
	json_t *receipt = read_receipt(cli, path);
	char hex[SHA256_TEXT];

	if (receipt != NULL) {
		return ask(cli, path, "POST", VERIFY, receipt);
	}
	if (file_sum(hex, path, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	return ask(cli, path, "GET", cli_query(cli, VERIFY, "sha256", hex),
	    NULL);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *number = NULL, *date = NULL;
	const struct cli_option known[] = {
		{ "number", &number, false },
		{ "date", &date, false },
		{ NULL, NULL, false },
	};
	int words = cli_options(argc, argv, known);

	if (words == 1 && number == NULL && date == NULL) {
		return check_file(cli, argv[0]);
	}
	if (words != 0 || number == NULL || date == NULL) {
		return cli_usage(&cmd_check, NULL);
	}
	return ask(cli, number, "GET",
	    cli_query(cli, cli_query(cli, VERIFY, "number", number), "date",
	        date),
	    NULL);
}

const struct cli_command cmd_check = {
	.name = "check",
	.arguments = "FILE | --number NUMBER --date DATE",
	.help = "ask an archive whether it holds exactly this",
	.details =
	    "A decision's file, a sealed container, a receipt, or the number of "
	    "a decision and its\n"
	    "day.  Needs no log-in; of a file only its SHA-256 is sent.  What is "
	    "not sealed yet is\n"
	    "answered as what is not there.  Where it is not held the exit code "
	    "is 4.\n\n"
	    "Example: hoso --url https://luutru.example.vn check "
	    "quyet-dinh.pdf\n"
	    "Example: hoso check --number 763/QĐ-UBND --date 2025-08-01",
	.run = run,
};
