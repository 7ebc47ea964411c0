/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The audit log from outside.  What was verified is remembered beside the
 * log-in, so that the next verification starts from what this machine has
 * seen itself: a log that was rewritten in between cannot pass.
 */

#include "base/file.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/log_entries.h"
#include "cli/log_tree.h"
#include "cli/login.h"
#include "cli/proof.h"
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

/* --- verify ---------------------------------------------------------------------- */

struct verifying {
	struct note_verifier verifier;
	bool key_is_given;
	bool is_first; /* nothing older is known on this machine */
	struct checkpoint newest;
	struct bytes newest_note;
	const char *memory; /* file of the last one that was verified */
};

static int
read_key(struct cli *cli, const char *text, struct verifying *verifying)
{
	struct bytes vkey;

	verifying->key_is_given = text != NULL;
	if (text != NULL) {
		return proof_key(cli, text, &verifying->verifier);
	}
	if (log_tree_key(cli, &vkey) < 0) {
		return -1;
	}
	return note_verifier_parse(&verifying->verifier, vkey, &cli->fault);
}

/* A checkpoint named by a size or by a file; NULL is the newest. */
static int
read_point(struct cli *cli, const char *word, const struct verifying *verifying,
    struct checkpoint *point_out)
{
	struct bytes note;
	char *end;

	if (word == NULL) {
		*point_out = verifying->newest;
		return 0;
	}
	if (word[0] >= '0' && word[0] <= '9') {
		uint64_t size = strtoull(word, &end, 10);

		if (*end == '\0') {
			*point_out = verifying->newest;
			point_out->size = size;
			return log_tree_root(cli, &verifying->newest, size,
			    &point_out->root);
		}
	}
	if (cli_read_file(cli, word, CHECKPOINT_MAX, &note) < 0) {
		return -1;
	}
	if (checkpoint_open(point_out, note, &verifying->verifier,
	        &cli->fault) < 0) {
		fault_prefix(&cli->fault, "%s", word);
		return -1;
	}
	return 0;
}

static int
prepare(struct cli *cli, const char *key_text, struct verifying *verifying)
{
	if (cli_connect(cli) < 0 || read_key(cli, key_text, verifying) < 0 ||
	    log_tree_newest(cli, &verifying->newest_note) < 0) {
		return -1;
	}
	verifying->memory = arena_format(cli->arena, "%s/audit-%08x.txt",
	    login_folder(cli->arena), verifying->verifier.id);
	return checkpoint_open(&verifying->newest, verifying->newest_note,
	    &verifying->verifier, &cli->fault);
}

/* The last one seen, as the older side where none is named. */
static const char *
remembered(const struct verifying *verifying)
{
	struct fault absent;
	struct buf text;
	bool there;

	buf_init(&text, CHECKPOINT_MAX);
	there = file_read(&text, verifying->memory, &absent) == 0;
	buf_fini(&text);
	return there ? verifying->memory : NULL;
}

static void
remember(struct cli *cli, const struct verifying *verifying)
{
	struct fault fault;

	if (file_make_folder(login_folder(cli->arena), 0700, &fault) < 0 ||
	    file_write(verifying->memory, verifying->newest_note, 0600,
	        &fault) < 0) {
		say_to(stderr,
		    "hoso: this checkpoint cannot be remembered: %s\n",
		    cli_words(cli, &fault));
	}
}

static int
tell(struct cli *cli, const struct verifying *verifying,
    const struct checkpoint *older, const struct checkpoint *newer, bool good)
{
	char root[SHA256_TEXT];

	sha256_format(root, &newer->root);
	if (cli->json) {
		cli_print_json(json_own(cli->arena,
		    json_pack("{s:s, s:b, s:b, s:I, s:I, s:s}", "log",
		        newer->origin, "good", good, "key_given",
		        verifying->key_is_given, "from",
		        (json_int_t)older->size, "to", (json_int_t)newer->size,
		        "root", root)));
	} else if (good && verifying->is_first) {
		say("Log %s: %" PRIu64 " entries, the signature is right.\n"
		    "Root of the tree: %s\n"
		    "This machine remembers the checkpoint for the next comparison.\n",
		    newer->origin, newer->size, root);
	} else if (good) {
		say("Log %s: the first %" PRIu64
		    " entries are unchanged among %" PRIu64 ".\n"
		    "Root of the tree: %s\n",
		    newer->origin, older->size, newer->size, root);
	} else {
		say("Log %s: WRONG.  %" PRIu64
		    " entries are not the beginning of "
		    "%" PRIu64 ":\n"
		    "the log was rewritten, or the server gave a false proof.  Keep "
		    "both\n"
		    "checkpoints and tell the administrator.\n",
		    newer->origin, older->size, newer->size);
	}
	if (!verifying->key_is_given && !cli->json) {
		say("The key is the server's own; use --key with one from a source you "
		    "trust.\n");
	}
	return good ? CLI_OK : CLI_UNPROVED;
}

static int
verify(struct cli *cli, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *key_text = NULL;
	const struct cli_option known[] = {
		{ "from", &from, false },
		{ "to", &to, false },
		{ "key", &key_text, false },
		{ NULL, NULL, false },
	};
	struct verifying verifying = { .is_first = false };
	struct checkpoint older;
	struct checkpoint newer;
	int good;

	if (cli_options(argc, argv, known) != 0) {
		return cli_usage(&cmd_audit, NULL);
	}
	if (prepare(cli, key_text, &verifying) < 0) {
		/* A signature that is missing or false is the finding. */
		int rc = cli_fail(cli);

		return cli->fault.code == FAULT_DENIED ? CLI_UNPROVED : rc;
	}
	if (from == NULL) {
		from = remembered(&verifying);
		verifying.is_first = from == NULL && to == NULL;
	}
	if (read_point(cli, from, &verifying, &older) < 0 ||
	    read_point(cli, to, &verifying, &newer) < 0) {
		return cli_fail(cli);
	}
	good = log_tree_compare(cli, &older, &newer);
	if (good == 1 && to != NULL) {
		good = log_tree_compare(cli, &newer, &verifying.newest);
	}
	if (good < 0) {
		return cli_fail(cli);
	}
	if (good == 1) {
		remember(cli, &verifying);
	}
	return tell(cli, &verifying, &older, &newer, good == 1);
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
	struct verifying seen = { .is_first = false };
	uint64_t count = LIST_PRESET;
	uint64_t from = 0;

	if (cli_options(argc, argv, known) != 0 ||
	    !read_number(from_text, &from) ||
	    !read_number(count_text, &count)) {
		return cli_usage(&cmd_audit, NULL);
	}
	listing.record = record;
	if (prepare(cli, NULL, &seen) < 0) {
		return cli_fail(cli);
	}
	/* The last ones, unless it is said from where, or of what. */
	if (record != NULL && count_text == NULL) {
		count = seen.newest.size;
	} else if (from_text == NULL && count < seen.newest.size) {
		from = seen.newest.size - count;
	}
	if (count > seen.newest.size) {
		count = seen.newest.size;
	}
	if (log_entries_each(cli, from, from + count, seen.newest.size,
	        take_entry, &listing) < 0) {
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
		{ "verify", verify },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_audit, verbs, argc, argv);
}

const struct cli_command cmd_audit = {
	.name = "audit",
	.arguments = "list | key | checkpoint | receipt NUMBER | verify ...",
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
	    "  --key KEY|FILE     the log's key, from a source you trust\n\n"
	    "Example: hoso audit list --record hs-xa-xop-2025\n"
	    "         hoso audit checkpoint > 2026-01.txt\n"
	    "         hoso audit verify --from 2026-01.txt --key key.txt",
	.run = run,
};
