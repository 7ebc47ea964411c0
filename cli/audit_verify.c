/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What was verified is remembered beside the log-in, so that the next
 * verification starts from what this machine has seen itself: a log that was
 * rewritten in between cannot pass.
 */

#include "cli/audit_verify.h"

#include "archive/receipt.h"
#include "base/file.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/log_tree.h"
#include "cli/login.h"
#include "cli/proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct verifying {
	struct note_verifier verifier;
	bool key_is_given;
	bool is_first; /* nothing older is known on this machine */
	struct checkpoint newest;
	struct bytes newest_note;
	const char *memory;         /* file of the last one that was verified */
	struct cosigners cosigners; /* count 0: none asked for */
	struct cosigned cosigned;
	struct checkpoint seen; /* by them; size 0: nothing */
};

/* What the options name. */
struct points {
	const char *from;
	const char *to;
	const char *receipt;
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
	if (cli_read_file(cli, word, NOTE_TEXT_MAX, &note) < 0) {
		return -1;
	}
	if (checkpoint_open(point_out, note, &verifying->verifier,
	        &cli->fault) < 0) {
		fault_prefix(&cli->fault, "%s", word);
		return -1;
	}
	return 0;
}

/* The receipt must hold by itself; what it was made by is the old side. */
static int
read_receipt(struct cli *cli, const char *path,
    const struct verifying *verifying, struct checkpoint *point_out)
{
	struct receipt receipt;
	struct bytes text;

	if (cli_read_file(cli, path, RECEIPT_MAX, &text) < 0) {
		return -1;
	}
	if (receipt_parse(&receipt, cli->arena, text, &cli->fault) < 0 ||
	    checkpoint_open(point_out, receipt.checkpoint, &verifying->verifier,
	        &cli->fault) < 0) {
		fault_prefix(&cli->fault, "%s", path);
		return -1;
	}
	if (!receipt_is_logged(&receipt, point_out)) {
		return fault_set(&cli->fault, FAULT_DENIED,
		    "%s: its proof does not lead to its checkpoint", path);
	}
	return 0;
}

/* Before the newest one: the log may grow, and be cosigned, in between. */
static int
read_cosigned(struct cli *cli, struct verifying *verifying)
{
	struct bytes note;

	if (verifying->cosigners.count == 0) {
		return 0;
	}
	if (log_tree_cosigned(cli, &note) < 0) {
		return cli->fault.code == FAULT_ABSENT ? 0 : -1;
	}
	if (checkpoint_open(&verifying->seen, note, &verifying->verifier,
	        &cli->fault) < 0) {
		return -1;
	}
	return cosigners_read(&verifying->cosigned, &verifying->cosigners, note,
	    &cli->fault);
}

static int
prepare(struct cli *cli, const char *key_text, struct verifying *verifying)
{
	if (cli_connect(cli) < 0 || read_key(cli, key_text, verifying) < 0 ||
	    read_cosigned(cli, verifying) < 0 ||
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

/* What was found of each side. */
struct outcome {
	struct checkpoint older;
	struct checkpoint newer;
	int good;      /* 1: nothing was changed between the two */
	int witnessed; /* 1: enough witnesses saw this log, or none was asked */
};

static void
tell_data(struct cli *cli, const struct verifying *verifying,
    const struct outcome *outcome)
{
	json_t *answer;
	char root[SHA256_TEXT];

	sha256_format(root, &outcome->newer.root);
	answer = json_own(cli->arena,
	    json_pack("{s:s, s:b, s:b, s:I, s:I, s:s}", "log",
	        outcome->newer.origin, "good",
	        outcome->good == 1 && outcome->witnessed == 1, "key_given",
	        verifying->key_is_given, "from",
	        (json_int_t)outcome->older.size, "to",
	        (json_int_t)outcome->newer.size, "root", root));
	if (verifying->cosigners.count > 0) {
		json_object_set_new(answer, "witnesses",
		    json_pack("{s:i, s:i, s:I, s:b}", "cosigned",
		        (int)verifying->cosigned.count, "needed",
		        (int)verifying->cosigners.needed, "size",
		        (json_int_t)verifying->seen.size, "good",
		        outcome->witnessed == 1));
	}
	cli_print_json(answer);
}

static void
tell_witnesses(const struct verifying *verifying, bool witnessed)
{
	say("Witnesses that cosigned: %u of the %u given, %u are needed; they "
	    "saw the first %" PRIu64 " entries.\n",
	    verifying->cosigned.count, verifying->cosigners.count,
	    verifying->cosigners.needed, verifying->seen.size);
	if (!witnessed) {
		say("WRONG: not enough witnesses have seen this log.\n");
	}
}

static void
tell_words(const struct verifying *verifying, const struct outcome *outcome)
{
	const struct checkpoint *older = &outcome->older;
	const struct checkpoint *newer = &outcome->newer;
	char root[SHA256_TEXT];

	sha256_format(root, &newer->root);
	if (outcome->good == 1 && verifying->is_first) {
		say("Log %s: %" PRIu64 " entries, the signature is right.\n"
		    "Root of the tree: %s\n"
		    "This machine remembers the checkpoint for the next comparison.\n",
		    newer->origin, newer->size, root);
	} else if (outcome->good == 1) {
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
	if (verifying->cosigners.count > 0) {
		tell_witnesses(verifying, outcome->witnessed == 1);
	}
	if (!verifying->key_is_given) {
		say("The key is the server's own; use --key with one from a source you "
		    "trust.\n");
	}
}

/* 1 enough of them saw the beginning of this log, 0 they did not, -1. */
static int
check_witnesses(struct cli *cli, const struct verifying *verifying)
{
	if (verifying->cosigners.count == 0) {
		return 1;
	}
	if (!cosigners_are_enough(&verifying->cosigners,
	        &verifying->cosigned)) {
		return 0;
	}
	return log_tree_compare(cli, &verifying->seen, &verifying->newest);
}

/* The two sides that were asked for, else what is remembered and the newest. */
static int
compare(struct cli *cli, struct verifying *verifying,
    const struct points *points, struct outcome *outcome)
{
	const char *from = points->from;

	if (points->receipt == NULL) {
		if (from == NULL) {
			from = remembered(verifying);
			verifying->is_first =
			    from == NULL && points->to == NULL;
		}
		if (read_point(cli, from, verifying, &outcome->older) < 0) {
			return -1;
		}
	}
	if (read_point(cli, points->to, verifying, &outcome->newer) < 0) {
		return -1;
	}
	outcome->good = log_tree_compare(cli, &outcome->older, &outcome->newer);
	if (outcome->good == 1 && points->to != NULL) {
		outcome->good =
		    log_tree_compare(cli, &outcome->newer, &verifying->newest);
	}
	outcome->witnessed = check_witnesses(cli, verifying);
	return outcome->good < 0 || outcome->witnessed < 0 ? -1 : 0;
}

int
audit_verify(struct cli *cli, int argc, char **argv)
{
	struct points points = { .from = NULL };
	const char *key_text = NULL;
	const struct cli_option known[] = {
		{ "from", &points.from, false },
		{ "to", &points.to, false },
		{ "receipt", &points.receipt, false },
		{ "key", &key_text, false },
		{ NULL, NULL, false },
	};
	struct verifying verifying = { .is_first = false };
	struct outcome outcome;

	if (proof_witnesses(cli, &argc, argv, &verifying.cosigners) < 0) {
		return cli_fail(cli);
	}
	if (cli_options(argc, argv, known) != 0 ||
	    (points.from != NULL && points.receipt != NULL)) {
		return cli_usage(&cmd_audit, NULL);
	}
	if (prepare(cli, key_text, &verifying) < 0 ||
	    (points.receipt != NULL && read_receipt(cli, points.receipt,
	                                   &verifying, &outcome.older) < 0)) {
		/* A signature that is missing or false is the finding. */
		int rc = cli_fail(cli);

		return cli->fault.code == FAULT_DENIED ? CLI_UNPROVED : rc;
	}
	if (compare(cli, &verifying, &points, &outcome) < 0) {
		return cli_fail(cli);
	}
	if (outcome.good == 1 && outcome.witnessed == 1) {
		remember(cli, &verifying);
	}
	if (cli->json) {
		tell_data(cli, &verifying, &outcome);
	} else {
		tell_words(&verifying, &outcome);
	}
	return outcome.good == 1 && outcome.witnessed == 1 ? CLI_OK
	                                                   : CLI_UNPROVED;
}
