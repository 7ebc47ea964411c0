/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/inside.h"
#include "archive/receipt.h"
#include "archive/trust_folder.h"
#include "archive/validation_material.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/proof.h"

struct proving {
	struct trust *anchors;
	struct trust *tsa_anchors;
	struct note_verifier log;
	struct verify_options options;
	struct validation_material material;
	const char *content; /* path of what is signed; NULL */
	bool looks_inside;
};

static int
read_trust(struct cli *cli, const char *trust, const char *tsa_trust,
    struct proving *proving)
{
	if (trust != NULL) {
		proving->anchors = trust_new();
	}
	if (trust != NULL || tsa_trust != NULL) {
		proving->tsa_anchors = trust_new();
	}
	if (trust != NULL &&
	    proof_anchors(cli, trust, proving->anchors,
	        tsa_trust == NULL ? proving->tsa_anchors : NULL) < 0) {
		return -1;
	}
	return tsa_trust != NULL
	           ? proof_anchors(cli, tsa_trust, NULL, proving->tsa_anchors)
	           : 0;
}

static int
read_material(struct cli *cli, const char *path, struct proving *proving)
{
	struct bytes file;

	if (path == NULL) {
		return 0;
	}
	if (cli_read_file(cli, path, VALIDATION_FILE_MAX, &file) < 0) {
		return -1;
	}
	if (validation_material_add_file(&proving->material, file,
	        &cli->fault) < 0) {
		fault_prefix(&cli->fault, "%s", path);
		return -1;
	}
	return 0;
}

static const char *
word_of(enum examined examined)
{
	switch (examined) {
	case EXAMINED_CONTAINER:
		return "container";
	case EXAMINED_PDF:
		return "pdf";
	case EXAMINED_CMS:
		return "cms";
	case EXAMINED_TIMESTAMP:
		return "timestamp";
	case EXAMINED_EVIDENCE:
		return "evidence";
	case EXAMINED_NOTHING:
		break;
	}
	return NULL;
}

/* Of the log, not of a person; 1, 0 it is none. */
static int
examine_receipt(struct cli *cli, const char *path,
    const struct proving *proving, struct findings *findings)
{
	struct receipt receipt;
	struct fault ignored;
	struct bytes text;

	if (cli_read_file(cli, path, RECEIPT_MAX, &text) < 0 ||
	    receipt_parse(&receipt, cli->arena, text, &ignored) < 0) {
		return 0;
	}
	if (proving->options.log != NULL) {
		receipt_verify(text, proving->options.log, findings);
	} else {
		findings_add(findings, FOUND_RECEIPTS_UNCHECKED, NULL, "%u",
		    1u);
	}
	return 1;
}

/* *kind_out says what it is. */
static int
examine_file(struct cli *cli, const char *path, const char **kind_out,
    const struct proving *proving, struct findings *findings)
{
	struct examine_question question = { .options = &proving->options };
	enum examined examined = EXAMINED_NOTHING;
	struct source file, source;
	struct content content = content_of_source(&source);
	int descriptor = -1, beside = -1;
	int rc = proof_open(cli, path, &descriptor, &file);

	question.file = &file;
	if (rc == 0 && proving->content != NULL) {
		rc = proof_open(cli, proving->content, &beside, &source);
		question.objects = &content;
		question.object_count = 1;
	}
	if (rc == 0) {
		rc = examine(&examined, findings, &question, &cli->fault);
	}
	proof_close(beside);
	proof_close(descriptor);
	*kind_out = word_of(examined);
	if (rc == 0 && *kind_out == NULL &&
	    examine_receipt(cli, path, proving, findings) == 1) {
		*kind_out = "receipt";
	}
	return rc == 0 && *kind_out == NULL
	           ? fault_set(&cli->fault, FAULT_INVALID,
	                 "%s is no container, PDF, signature, time-stamp, "
	                 "evidence record or receipt",
	                 path)
	           : rc;
}

/* --- files inside --------------------------------------------------------------- */

struct looking {
	struct cli *cli;
	json_t *list; /* of data; NULL: they are shown in words */
	int code;     /* the worst of them */
};

static int
take_inside(void *arg, const char *member, enum examined kind,
    const struct findings *findings, struct fault *fault)
{
	struct looking *looking = arg;
	const struct proof_object object = { .name = member,
		.kind = word_of(kind) };

	(void)fault;
	if (!findings_is_good(findings)) {
		looking->code = CLI_UNPROVED;
	}
	if (looking->list != NULL) {
		json_array_append(looking->list,
		    proof_json(looking->cli, &object, findings));
	} else {
		putchar('\n');
		proof_show(looking->cli, &object, findings);
	}
	return 0;
}

static int
look_inside(struct looking *looking, const char *path,
    const struct proving *proving, const struct findings *container)
{
	struct cli *cli = looking->cli;
	struct source source;
	int descriptor = -1;
	int rc = proof_open(cli, path, &descriptor, &source);

	if (rc == 0) {
		rc = inside_examine(&source, &proving->options,
		    inside_existed_at(container), take_inside, looking,
		    &cli->fault);
	}
	proof_close(descriptor);
	return rc < 0 ? cli_fail(cli) : looking->code;
}

/* --- one file -------------------------------------------------------------------- */

/* Words come one file after the other, data as one object. */
static int
show(struct cli *cli, struct proof_object *object,
    const struct proving *proving, const struct findings *findings)
{
	struct looking looking = { .cli = cli, .code = CLI_OK };
	int rc = CLI_OK;
	int inside;

	if (!proving->looks_inside) {
		return proof_show(cli, object, findings);
	}
	if (cli->json) {
		looking.list = json_own(cli->arena, json_array());
		object->inside = looking.list;
	} else {
		rc = proof_show(cli, object, findings);
	}
	inside = look_inside(&looking, object->name, proving, findings);
	if (cli->json && (inside == CLI_OK || inside == CLI_UNPROVED)) {
		rc = proof_show(cli, object, findings);
	}
	return rc == CLI_OK ? inside : rc;
}

static int
verify(struct cli *cli, const char *path, const struct proving *proving)
{
	struct proof_object object = { .name = path };
	struct findings findings;
	int rc;

	findings_init(&findings, cli->arena);
	rc = examine_file(cli, path, &object.kind, proving, &findings);
	rc = rc < 0 ? cli_fail(cli) : show(cli, &object, proving, &findings);
	findings_fini(&findings);
	return rc;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *key = NULL, *trust = NULL, *tsa_trust = NULL;
	const char *validation = NULL, *inside = NULL;
	struct proving proving = { .options = { .now = clock_now() } };
	const struct cli_option known[] = {
		{ "key", &key, false },
		{ "trust", &trust, false },
		{ "tsa-trust", &tsa_trust, false },
		{ "content", &proving.content, false },
		{ "validation", &validation, false },
		{ "inside", &inside, true },
		{ NULL, NULL, false },
	};
	int rc;

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_verify, NULL);
	}
	proving.looks_inside = inside != NULL;
	validation_material_init(&proving.material);
	proving.options.material = &proving.material;
	if (read_trust(cli, trust, tsa_trust, &proving) < 0 ||
	    read_material(cli, validation, &proving) < 0 ||
	    (key != NULL && proof_key(cli, key, &proving.log) < 0)) {
		rc = cli_fail(cli);
	} else {
		proving.options.anchors = proving.anchors;
		proving.options.tsa_anchors = proving.tsa_anchors;
		proving.options.log = key != NULL ? &proving.log : NULL;
		rc = verify(cli, argv[0], &proving);
	}
	validation_material_fini(&proving.material);
	trust_free(proving.anchors);
	trust_free(proving.tsa_anchors);
	return rc;
}

const struct cli_command cmd_verify = {
	.name = "verify",
	.arguments = "FILE [--content FILE] [--trust PATH] [--tsa-trust PATH] "
	             "[--validation FILE] [--inside] [--key KEY|FILE]",
	.help = "verify a container or a signed file, without a server",
	.details =
	    "A container: its structure, every file, manifest, signature, "
	    "time-stamp.  A PDF: every\n"
	    "signature and what each covers.  A signature (.p7s, .p7m), a "
	    "time-stamp token (.tst),\n"
	    "an evidence record (.ers), a receipt.  Says what is proved and "
	    "what is not, and for each\n"
	    "signature the verdict of EN 319 102-1.\n"
	    "--content FILE   what a signature, token or record of its own is "
	    "about\n"
	    "--trust PATH     root certificates that you trust: a PEM file, or a "
	    "folder of them\n"
	    "--tsa-trust PATH those of time-stamping authorities; else --trust "
	    "is used\n"
	    "--validation FILE  what issuers said of its certificates, from a "
	    "container (.p7c)\n"
	    "--inside         examine the signed files inside a container as "
	    "well\n"
	    "--key KEY|FILE   the log's key, to verify the receipts inside as "
	    "well\n"
	    "Where something is wrong the exit code is 8.\n\n"
	    "Example: hoso verify hs-001.asice --trust seal.pem --key "
	    "log-key.txt\n"
	    "Example: hoso verify quyet-dinh.pdf --trust ca.pem",
	.run = run,
};
