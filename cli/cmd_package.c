/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A container is verified before anything is made from it; what is handed out
 * is written whole or not at all.
 */

#include "config.h"

#include "archive/verify.h"
#include "base/clock.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/copy_request.h"
#include "cli/output.h"
#include "cli/proof.h"

#include <errno.h>
#include <stdlib.h>

#define PERMANENT "01" /* vĩnh viễn: all that a historical archive takes */

/* What the command line asks for. */
struct handing {
	const char *container;
	const char *trust;
	const char *output;
	const char *number;  /* of a SIP in its hand-over */
	const char *request; /* of a DIP: its file */
};

static int
write_file(void *arg, struct bytes bytes, struct fault *fault)
{
	struct output *output = arg;

	return fwrite(bytes.data, 1, bytes.len, output->file) == bytes.len
	           ? 0
	           : fault_errno(fault, errno, "%s", output->temporary);
}

static int
save(struct cli *cli, const struct package *package, const char *name,
    bool replace)
{
	struct output output;

	if (output_begin(&output, cli, name) < 0) {
		return -1;
	}
	if (package_write_plain(package, write_file, &output, &cli->fault) <
	    0) {
		output_drop(&output);
		return -1;
	}
	return output_end(&output, cli, name, replace);
}

/* 1 good, 0 with what is wrong on the screen, -1 with the fault. */
static int
prove(struct cli *cli, const struct handing *handing,
    const struct source *source)
{
	const struct proof_object object = { .name = handing->container,
		.kind = "container" };
	struct verify_options options = { .now = clock_now() };
	struct trust *signers = trust_new();
	struct trust *tsas = trust_new();
	struct findings findings;
	int rc = 0;

	findings_init(&findings, cli->arena);
	if (handing->trust != NULL) {
		rc = proof_anchors(cli, handing->trust, signers, tsas);
		options.anchors = signers;
		options.tsa_anchors = tsas;
	}
	if (rc == 0) {
		rc = verify_container(source, &options, &findings, &cli->fault);
	}
	if (rc == 0) {
		rc = findings_is_good(&findings);
		if (rc == 0) {
			proof_show(cli, &object, &findings);
		}
	}
	findings_fini(&findings);
	trust_free(signers);
	trust_free(tsas);
	return rc;
}

static void
tell(struct cli *cli, const char *name, const struct package *package)
{
	if (cli->json) {
		cli_print_json(json_own(cli->arena,
		    json_pack("{s:s, s:s}", "file", name, "object",
		        package_object_id(package))));
	} else {
		say("%s is made: package %s.\n", name,
		    package_object_id(package));
	}
}

static int
make_package(struct cli *cli, const struct handing *handing,
    struct handout *handout, struct package **package_out)
{
	const struct handout_moment moment = { clock_now(), PACKAGE_STRING };
	const char *retention = handout_retention(handout);
	struct handout_request request;

	if (handing->request != NULL) {
		return copy_request_read(cli, handing->request, &request) < 0
		           ? -1
		           : handout_dip(package_out, handout, &moment,
		                 &request, &cli->fault);
	}
	if (retention == NULL || strcmp(retention, PERMANENT) != 0) {
		say_to(stderr,
		    "A historical archive takes only what is kept for ever; "
		    "this dossier is not.\n");
	}
	return handout_sip(package_out, handout, &moment, &cli->fault);
}

static int
hand_out(struct cli *cli, const struct handing *handing,
    const struct source *source)
{
	struct package *package = NULL;
	struct handout *handout = NULL;
	const char *name = handing->output;
	int rc = handout_open(&handout, source, &cli->fault);

	if (rc == 0) {
		rc = make_package(cli, handing, handout, &package);
	}
	if (rc == 0) {
		if (name == NULL) {
			name = arena_format(cli->arena, "%s%s.zip",
			    handing->number != NULL ? handing->number : "",
			    package_object_id(package));
		}
		rc = save(cli, package, name, handing->output != NULL);
	}
	if (rc == 0) {
		tell(cli, name, package);
	}
	package_free(package);
	handout_close(handout);
	return rc < 0 ? cli_fail(cli) : CLI_OK;
}

static int
run_handing(struct cli *cli, const struct handing *handing)
{
	struct source source;
	int descriptor;
	int rc = proof_open(cli, handing->container, &descriptor, &source);

	if (rc == 0) {
		rc = prove(cli, handing, &source);
		rc = rc < 0    ? cli_fail(cli)
		     : rc == 0 ? CLI_UNPROVED
		               : hand_out(cli, handing, &source);
	} else {
		rc = cli_fail(cli);
	}
	proof_close(descriptor);
	return rc;
}

static int
sip(struct cli *cli, int argc, char **argv)
{
	struct handing handing = { .number = "1" };
	const struct cli_option known[] = {
		{ "number", &handing.number, false },
		{ "output", &handing.output, false },
		{ "trust", &handing.trust, false },
		{ NULL, NULL, false },
	};
	char *end = NULL;

	if (cli_options(argc, argv, known) != 1 ||
	    strtoul(handing.number, &end, 10) == 0 || *end != '\0') {
		return cli_usage(&cmd_package, NULL);
	}
	handing.container = argv[0];
	return run_handing(cli, &handing);
}

static int
dip(struct cli *cli, int argc, char **argv)
{
	struct handing handing = { 0 };
	const struct cli_option known[] = {
		{ "output", &handing.output, false },
		{ "request", &handing.request, false },
		{ "trust", &handing.trust, false },
		{ NULL, NULL, false },
	};

	if (cli_options(argc, argv, known) != 1 || handing.request == NULL) {
		return cli_usage(&cmd_package, NULL);
	}
	handing.container = argv[0];
	return run_handing(cli, &handing);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "sip", sip },
		{ "dip", dip },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_package, verbs, argc, argv);
}

const struct cli_command cmd_package = {
	.name = "package",
	.arguments = "sip|dip CONTAINER [--output FILE.zip] [--trust PATH]",
	.help = "make what is handed out of a container: SIP or DIP",
	.details =
	    "The container is verified first and stays as it is; no server is "
	    "asked.\n"
	    "package sip  to hand a dossier over to another archive (SIP_hoso)\n"
	    "package dip  a copy for a user, marked as one, with his request\n"
	    "--number N      the package's number in the hand-over, in the "
	    "name of the SIP; else 1\n"
	    "--request FILE  the request in JSON: requestID, requestDate and "
	    "purpose (01 to 03), and\n"
	    "                purposeContent, feeObjectType, researchTopic, "
	    "description, archive,\n"
	    "                recipient, recipientID, expires, copies, "
	    "documents ([1, 3])\n"
	    "--trust PATH    root certificates that you trust: a PEM file, or a "
	    "folder of them\n"
	    "Both are E-ARK packages of Thông tư 05/2025/TT-BNV.  Where the "
	    "container is bad\n"
	    "nothing is made and the exit code is 8.\n\n"
	    "Example: hoso package sip hs-001.asice --number 12 --trust "
	    "seal.pem\n"
	    "Example: hoso package dip hs-001.asice --request yeu-cau.json",
	.run = run,
};
