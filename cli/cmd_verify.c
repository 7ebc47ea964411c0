/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/verify.h"
#include "base/clock.h"
#include "cli/commands.h"
#include "cli/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define ANCHORS_MAX (4u << 20)

struct proving {
	struct trust *anchors;
	struct trust *tsa_anchors;
	struct note_verifier log;
	struct verify_options options;
};

static int
read_anchors(struct cli *cli, const char *path, struct trust **trust_out)
{
	struct bytes pem;

	if (path == NULL) {
		return 0;
	}
	*trust_out = trust_new();
	if (cli_read_file(cli, path, ANCHORS_MAX, &pem) < 0) {
		return -1;
	}
	if (trust_add(*trust_out, pem, &cli->fault) < 0) {
		fault_prefix(&cli->fault, "%s", path);
		return -1;
	}
	return 0;
}

static int
verify(struct cli *cli, const char *path, const struct proving *proving)
{
	struct findings findings;
	struct source source;
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	findings_init(&findings, cli->arena);
	if (descriptor < 0) {
		rc = errno == ENOENT
		         ? fault_set(&cli->fault, FAULT_ABSENT,
		               "there is no file %s", path)
		         : fault_errno(&cli->fault, errno, "%s", path);
	} else {
		rc = source_of_file(&source, &descriptor, &cli->fault);
	}
	if (rc == 0) {
		rc = verify_container(&source, &proving->options, &findings,
		    &cli->fault);
	}
	rc = rc < 0 ? cli_fail(cli) : proof_show(cli, path, &findings);
	findings_fini(&findings);
	if (descriptor >= 0) {
		close(descriptor);
	}
	return rc;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *key = NULL, *trust = NULL, *tsa_trust = NULL;
	const struct cli_option known[] = {
		{ "key", &key, false },
		{ "trust", &trust, false },
		{ "tsa-trust", &tsa_trust, false },
		{ NULL, NULL, false },
	};
	struct proving proving = { .options = { .now = clock_now() } };
	int rc;

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_verify, NULL);
	}
	if (read_anchors(cli, trust, &proving.anchors) < 0 ||
	    read_anchors(cli, tsa_trust, &proving.tsa_anchors) < 0 ||
	    (key != NULL && proof_key(cli, key, &proving.log) < 0)) {
		rc = cli_fail(cli);
	} else {
		proving.options.anchors = proving.anchors;
		proving.options.tsa_anchors = proving.tsa_anchors;
		proving.options.log = key != NULL ? &proving.log : NULL;
		rc = verify(cli, argv[0], &proving);
	}
	trust_free(proving.anchors);
	trust_free(proving.tsa_anchors);
	return rc;
}

const struct cli_command cmd_verify = {
	.name = "verify",
	.arguments =
	    "FILE.asice [--trust FILE.pem] [--tsa-trust FILE.pem] [--key "
	    "KEY|FILE]",
	.help = "verify a container, without a server",
	.details =
	    "Verifies structure, every file, manifest, signature, time-stamp, "
	    "and says what is\n"
	    "proved and what is not.\n"
	    "--trust FILE     root certificates that you trust, in PEM\n"
	    "--tsa-trust FILE those of time-stamping authorities; else --trust "
	    "is used\n"
	    "--key KEY|FILE   the log's key, to verify the receipts inside as "
	    "well\n"
	    "Where something is wrong the exit code is 8.\n\n"
	    "Example: hoso verify hs-001.asice --trust seal.pem --key "
	    "log-key.txt",
	.run = run,
};
