/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sealing changes the dossier once; the container can be fetched as often as
 * one likes, so a dossier that is sealed already is only downloaded.
 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/download.h"

struct seal_ask {
	const char *path; /* of the dossier */
	const char *reason;
	const char *receipt;
};

/* The dossier's seal as it is now, or NULL where it has none. */
static int
find_seal(struct cli *cli, const char *path, const json_t **seal_out)
{
	json_t *dossier;

	if (client_json(cli->client, cli->arena, "GET", path, NULL, &dossier,
	        &cli->fault) < 0) {
		return -1;
	}
	*seal_out = json_object_get(dossier, "seal");
	return 0;
}

static int
seal(struct cli *cli, const struct seal_ask *ask, const json_t **seal_out)
{
	json_t *body = json_own(cli->arena, json_object());
	json_t *answer;

	if (ask->reason != NULL) {
		json_object_set_new(body, "reason", json_string(ask->reason));
	}
	client_label(cli->client, say_text("sealing"));
	if (client_json(cli->client, cli->arena, "POST",
	        arena_format(cli->arena, "%s/seal", ask->path), body, &answer,
	        &cli->fault) < 0) {
		return -1;
	}
	*seal_out = json_object_get(json_object_get(answer, "record"), "seal");
	return ask->receipt != NULL
	           ? cli_save_receipt(cli, answer, ask->receipt)
	           : 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct seal_ask ask = { 0 };
	const char *output = NULL;
	const struct cli_option known[] = {
		{ "reason", &ask.reason, false },
		{ "output", &output, false },
		{ "receipt", &ask.receipt, false },
		{ NULL, NULL, false },
	};
	const json_t *found = NULL;
	const char *name;

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_seal, NULL);
	}
	ask.path = arena_format(cli->arena, "/api/v1/dossiers/%s",
	    client_escape(cli->arena, argv[0]));
	if (cli_connect(cli) < 0 || find_seal(cli, ask.path, &found) < 0 ||
	    (found == NULL && seal(cli, &ask, &found) < 0)) {
		return cli_fail(cli);
	}
	if (json_text_at(found, "sha256") == NULL) {
		say_to(stderr,
		    "Dossier %s is archived and awaits its time-stamp.\n"
		    "Run this again in a few minutes to fetch the container.\n",
		    argv[0]);
		return CLI_AGAIN;
	}
	if (download_into(cli, arena_format(cli->arena, "%s/package", ask.path),
	        output, &name) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(json_own(cli->arena,
		    json_pack("{s:s, s:O}", "file", name, "seal", found)));
	} else if (strcmp(name, "-") != 0) {
		say("Container: %s\n"
		    "SHA-256: %s\n"
		    "Verify: hoso verify %s\n",
		    name, json_text_at(found, "sha256"), name);
	}
	return CLI_OK;
}

const struct cli_command cmd_seal = {
	.name = "seal",
	.arguments =
	    "DOSSIER_ID [--reason REASON] [--output FILE.asice] [--receipt "
	    "FILE]",
	.help = "seal a closed dossier and fetch its container",
	.details =
	    "Makes an ASiC-E container with the archive's signature and "
	    "fetches it.  Of a\n"
	    "sealed dossier it is only fetched.  --output - writes to standard "
	    "output.\n\n"
	    "Example: hoso seal hs-001 --output hs-001.asice",
	.run = run,
};
