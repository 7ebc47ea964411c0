/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/receipt.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/proof.h"
#include "cli/show.h"

/* What the receipt is about: the event that it proves, in its own words. */
static void
print_event(struct cli *cli, struct bytes text)
{
	struct receipt receipt;
	struct fault unread;
	json_t *event;

	if (receipt_parse(&receipt, cli->arena, text, &unread) < 0) {
		return;
	}
	say("Entry %llu of the log:\n", (unsigned long long)receipt.index);
	event = json_read(cli->arena, receipt.leaf, &unread);
	if (event != NULL) {
		show_record(cli, stdout, "event", event);
	}
}

static void
check_witnesses(struct cli *cli, struct bytes text,
    const struct cosigners *cosigners, struct findings *findings)
{
	struct receipt receipt;
	struct fault told; /* receipt_verify() did */

	if (receipt_parse(&receipt, cli->arena, text, &told) == 0) {
		cosigners_verify(cosigners, receipt.checkpoint, findings);
	}
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *key = NULL;
	const struct cli_option known[] = {
		{ "key", &key, false },
		{ NULL, NULL, false },
	};
	struct proof_object object = { .kind = "receipt" };
	struct note_verifier verifier;
	struct cosigners cosigners;
	struct findings findings;
	struct bytes text;
	int rc;

	if (proof_witnesses(cli, &argc, argv, &cosigners) < 0) {
		return cli_fail(cli);
	}
	if (cli_options(argc, argv, known) != 1 || key == NULL) {
		return cli_usage(&cmd_verify_receipt, NULL);
	}
	if (proof_key(cli, key, &verifier) < 0 ||
	    cli_read_file(cli, argv[0], RECEIPT_MAX, &text) < 0) {
		return cli_fail(cli);
	}
	findings_init(&findings, cli->arena);
	receipt_verify(text, &verifier, &findings);
	if (cosigners.count > 0) {
		check_witnesses(cli, text, &cosigners, &findings);
	}
	if (!cli->json && findings_is_good(&findings)) {
		print_event(cli, text);
	}
	object.name = argv[0];
	rc = proof_show(cli, &object, &findings);
	findings_fini(&findings);
	return rc;
}

const struct cli_command cmd_verify_receipt = {
	.name = "verify-receipt",
	.arguments = "FILE --key KEY|FILE [--witness KEY|FILE]... [--need N]",
	.help = "verify a receipt, without a server",
	.details =
	    "A receipt proves that an act was entered in the archive's log.\n"
	    "--key  the log's public key (hoso audit key), or a file that "
	    "holds it; take it\n"
	    "       from a source you trust, not from whoever gave the "
	    "receipt.\n"
	    "--witness  a witness whose cosignature the checkpoint must have; "
	    "several\n"
	    "--need N   how many of them; else all.  Receipts from before the "
	    "witnesses came\n"
	    "           have none: ask for a new one by hoso audit receipt\n"
	    "FILE - is standard input.  Where something is wrong the exit code "
	    "is 8.\n\n"
	    "Example: hoso verify-receipt receipt.json --key log-key.txt",
	.run = run,
};
