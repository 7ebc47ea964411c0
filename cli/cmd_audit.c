/* SPDX-License-Identifier: Apache-2.0 */

/* The audit log from outside. */

#include "base/say.h"
#include "cli/audit_verify.h"
#include "cli/audit_witness.h"
#include "cli/commands.h"
#include "cli/log_entries.h"
#include "cli/log_tree.h"
#include "cli/show.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int
print_bytes(struct cli *cli, int (*get)(struct cli *cli, struct bytes *out))
{
	struct bytes text;

	if (cli_connect(cli) < 0 || get(cli, &text) < 0) {
		return cli_fail(cli);
	}
	fwrite(text.data, 1, text.len, stdout);
	return CLI_OK;
}

static int
key(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? print_bytes(cli, log_tree_key)
	                 : cli_usage(&cmd_audit, NULL);
}

static int
checkpoint(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? print_bytes(cli, log_tree_newest)
	                 : cli_usage(&cmd_audit, NULL);
}

/* The bytes as they came: they are what verify-receipt reads. */
static int
receipt(struct cli *cli, int argc, char **argv)
{
	json_t *answer;
	struct bytes text;

	if (argc != 1) {
		return cli_usage(&cmd_audit, NULL);
	}
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "GET",
	        arena_format(cli->arena, "/api/v1/audit/receipts/%s",
	            client_escape(cli->arena, argv[0])),
	        NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	text = json_bytes(cli->arena, answer);
	fwrite(text.data, 1, text.len, stdout);
	putchar('\n');
	return CLI_OK;
}

/* --- list ------------------------------------------------------------------------- */

#define LIST_PRESET 20u
#define LIST_MAX    10000u

struct listing {
	struct cli *cli;
	const char *record; /* id: only what concerns it; NULL all */
	json_t *rows;
};

/* "dossier/hs-1" names the record hs-1. */
static bool
is_of(const json_t *event, const char *record)
{
	const char *object = json_text_at(event, "object");
	const char *slash = object != NULL ? strchr(object, '/') : NULL;

	return slash != NULL && strcmp(slash + 1, record) == 0;
}

static bool
concerns(const struct listing *listing, const json_t *event)
{
	json_t *also;
	size_t i;

	if (listing->record == NULL || is_of(event, listing->record)) {
		return true;
	}
	json_array_foreach(json_object_get(event, "also"), i, also)
	{
		if (is_of(also, listing->record)) {
			return true;
		}
	}
	return false;
}

static int
take_entry(void *arg, uint64_t index, const json_t *event)
{
	struct listing *listing = arg;
	json_t *row;

	if (event == NULL || !concerns(listing, event)) {
		return 0;
	}
	if (json_array_size(listing->rows) == LIST_MAX) {
		return 1;
	}
	row = json_deep_copy(event);
	json_object_set_new(row, "index", json_integer((json_int_t)index));
	json_array_append_new(listing->rows, row);
	return 0;
}

static void
print_list(struct cli *cli, const json_t *events)
{
	static const struct table_column columns[] = {
		{ "No.", "index" },
		{ "At", "at" },
		{ "Who", "by" },
		{ "Act", "act" },
		{ "Record", "object" },
		{ "Revision", "rev" },
		{ "Details", "details" },
		{ NULL, NULL },
	};
	json_t *rows = json_own(cli->arena, json_array());
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event)
	{
		json_array_append_new(rows, show_event(cli, event));
	}
	if (json_array_size(rows) == 0) {
		say("There are no entries.\n");
		return;
	}
	table_print(stdout, rows, columns);
}

/* A number of the command line; false where it is none. */
static bool
read_number(const char *text, uint64_t *number)
{
	char *end;

	if (text == NULL) {
		return true;
	}
	*number = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0';
}

static int
read_newest(struct cli *cli, struct checkpoint *newest_out)
{
	struct note_verifier verifier;
	struct bytes vkey, note;

	if (cli_connect(cli) < 0 || log_tree_key(cli, &vkey) < 0 ||
	    note_verifier_parse(&verifier, vkey, &cli->fault) < 0 ||
	    log_tree_newest(cli, &note) < 0) {
		return -1;
	}
	return checkpoint_open(newest_out, note, &verifier, &cli->fault);
}

static int
list(struct cli *cli, int argc, char **argv)
{
	const char *from_text = NULL, *count_text = NULL, *record = NULL;
	const struct cli_option known[] = {
		{ "from", &from_text, false },
		{ "count", &count_text, false },
		{ "record", &record, false },
		{ NULL, NULL, false },
	};
	struct listing listing = { .cli = cli,
		.rows = json_own(cli->arena, json_array()) };
	struct checkpoint newest;
	uint64_t count = LIST_PRESET;
	uint64_t from = 0;

	if (cli_options(argc, argv, known) != 0 ||
	    !read_number(from_text, &from) ||
	    !read_number(count_text, &count)) {
		return cli_usage(&cmd_audit, NULL);
	}
	listing.record = record;
	if (read_newest(cli, &newest) < 0) {
		return cli_fail(cli);
	}
	/* The last ones, unless it is said from where, or of what. */
	if (record != NULL && count_text == NULL) {
		count = newest.size;
	} else if (from_text == NULL && count < newest.size) {
		from = newest.size - count;
	}
	if (count > newest.size) {
		count = newest.size;
	}
	if (log_entries_each(cli, from, from + count, newest.size, take_entry,
	        &listing) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(listing.rows);
	} else {
		print_list(cli, listing.rows);
	}
	return CLI_OK;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "key", key },
		{ "checkpoint", checkpoint },
		{ "list", list },
		{ "receipt", receipt },
		{ "verify", audit_verify },
		{ "witnesses", audit_witness_list },
		{ "request", audit_witness_request },
		{ "cosign", audit_witness_cosign },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_audit, verbs, argc, argv);
}

const struct cli_command cmd_audit = {
	.name = "audit",
	.arguments = "list | key | checkpoint | receipt NUMBER | verify | "
	             "witnesses | request | cosign ...",
	.help =
	    "the archive's log: who did what and when, receipts, verification",
	.details =
	    "list                 who did what and when: the 20 newest entries\n"
	    "  --from NUMBER      from this entry on; --count NUMBER  how many\n"
	    "  --record ID        only what concerns this record\n"
	    "key                  the public key; keep it elsewhere than on "
	    "the server\n"
	    "checkpoint           the newest signed checkpoint; keep it to "
	    "compare later\n"
	    "receipt NUMBER       the receipt of an entry, as of now\n"
	    "verify               prove that the log was only added to\n"
	    "  --from NUMBER|FILE the old checkpoint: number of entries, or a "
	    "file that\n"
	    "                     was kept; else what this machine verified "
	    "last\n"
	    "  --to NUMBER|FILE   the new checkpoint; else the newest\n"
	    "  --receipt FILE     a receipt that was kept, as the old "
	    "checkpoint\n"
	    "  --key KEY|FILE     the log's key, from a source you trust\n"
	    "  --witness KEY|FILE a witness that must have cosigned; several\n"
	    "  --need NUMBER      how many of them; else all\n"
	    "witnesses            the log's outside witnesses, what they have "
	    "seen\n"
	    "request --for NAME --out FILE   what is carried to a witness; "
	    "--old NUMBER  where\n"
	    "                     it says to have stopped\n"
	    "cosign FILE          bring back what a witness signed\n\n"
	    "Example: hoso audit list --record hs-xa-xop-2025\n"
	    "         hoso audit checkpoint > 2026-01.txt\n"
	    "         hoso audit verify --from 2026-01.txt --key key.txt",
	.run = run,
};
