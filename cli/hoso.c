/* SPDX-License-Identifier: Apache-2.0 */

/*
 * hoso: the archive from a shell.  With a server everything goes over its
 * public API; verify and verify-receipt need none.
 */

#include "config.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/say.h"
#include "cli/commands.h"

#include <curl/curl.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_command *const commands[] = {
	&cmd_login,
	&cmd_logout,
	&cmd_unit,
	&cmd_dossier,
	&cmd_decision,
	&cmd_seal,
	&cmd_verify,
	&cmd_verify_receipt,
	&cmd_check,
	&cmd_package,
	&cmd_report,
	&cmd_rank,
	&cmd_audit,
	&cmd_witness,
	&cmd_evidence,
	&cmd_fixity,
	&cmd_plugin,
	&cmd_import,
	&cmd_export,
	NULL,
};

static void
print_help(FILE *out)
{
	say_to(out, "hoso [--url URL] [--json] [--english] COMMAND ...\n\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		fprintf(out, "  %-15s %s\n", commands[i]->name,
		    say_text(commands[i]->help));
	}
	say_to(out,
	    "\nhoso COMMAND --help explains each.  See hoso(1) as well.\n");
}

static const struct cli_command *
find_command(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, name) == 0) {
			return commands[i];
		}
	}
	return NULL;
}

static bool
wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			return true;
		}
	}
	return false;
}

/* General options may stand anywhere before the command's own words. */
static int
take_general(struct cli *cli, int argc, char **argv)
{
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			cli->json = true;
		} else if (strcmp(argv[i], "--english") == 0) {
			say_begin(true);
		} else if (strcmp(argv[i], "--url") == 0 && i + 1 < argc) {
			cli->url = argv[++i];
		} else if (strcmp(argv[i], "--authority") == 0 &&
		           i + 1 < argc) {
			cli->authority = argv[++i];
		} else {
			break;
		}
	}
	return i;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *command;
	int words = 1;
	int i = take_general(cli, argc, argv);

	cli->english = say_is_english();

	if (i < argc && strcmp(argv[i], "--version") == 0) {
		puts(PACKAGE_STRING);
		return CLI_OK;
	}
	if (i == argc || strcmp(argv[i], "--help") == 0 ||
	    strcmp(argv[i], "help") == 0) {
		print_help(stdout);
		return i == argc ? CLI_USAGE : CLI_OK;
	}
	command = find_command(argv[i]);
	if (command == NULL) {
		say_to(stderr, "hoso: there is no command %s\n\n", argv[i]);
		print_help(stderr);
		return CLI_USAGE;
	}
	if (wants_help(argc - i, argv + i)) {
		cli_help(stdout, command);
		return CLI_OK;
	}
	/* --json is understood behind the command, too. */
	argv += i;
	for (int j = 1; j < argc - i; j++) {
		if (strcmp(argv[j], "--json") == 0) {
			cli->json = true;
		} else {
			argv[words++] = argv[j];
		}
	}
	return command->run(cli, words - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	struct cli cli = { .json = false };
	int rc;

	setlocale(LC_CTYPE, "C.UTF-8");
	say_begin(false);
	signal(SIGPIPE, SIG_IGN);
	clock_init();
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	json_object_seed(0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	cli.progress = isatty(2) == 1;
	cli.arena = arena_new();
	rc = run(&cli, argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		say_to(stderr, "hoso: standard output cannot be written\n");
		rc = CLI_FAILED;
	}
	client_free(cli.client);
	arena_free(cli.arena);
	curl_global_cleanup();
	return rc;
}
