/* SPDX-License-Identifier: Apache-2.0 */

/*
 * hosod: the server and the tools that work on its folder.  Options are read
 * and checked before any part starts.
 */

#include "config.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/say.h"
#include "daemon/checking.h"
#include "daemon/drill.h"
#include "daemon/init.h"
#include "daemon/serve.h"
#include "daemon/settings.h"
#include "daemon/tools.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <getopt.h>
#include <jansson.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define OVERRIDES_MAX 64

struct command_row {
	const char *name;
	const char *arguments;
	int (*run)(const struct settings *settings, int argc, char **argv);
	const char *help;
	const char *usage; /* all of what its arguments may be */
};

/* --- commands ----------------------------------------------------------------- */

static int
run_serve(const struct settings *settings, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? serve_run(settings) : TOOLS_MISUSED;
}

static int
run_init(const struct settings *settings, int argc, char **argv)
{
	(void)argv;
	return argc == 0 ? init_run(settings) : TOOLS_MISUSED;
}

static int
run_show_config(const struct settings *settings, int argc, char **argv)
{
	struct settings copy = *settings;
	struct conf_part parts[SETTINGS_PARTS];
	struct buf out;

	(void)argv;
	if (argc != 0) {
		return TOOLS_MISUSED;
	}
	settings_parts(&copy, parts);
	buf_init(&out, 1u << 20);
	conf_show(&out, parts, SETTINGS_PARTS);
	fputs(buf_text(&out), stdout);
	buf_fini(&out);
	return EXIT_SUCCESS;
}

static const struct command_row commands[] = {
	{ "run", "", run_serve, "serve until SIGTERM (the default)",
	    "usage: hosod [--data DIR] run\n" },
	{ "init", "", run_init, "make a new archive with its keys",
	    "usage: hosod [--data NEWDIR] init\n" },
	{ "user", "add LOGIN ...", tools_user,
	    "add an account, or change its password",
	    "usage: hosod user add LOGIN --name NAME --role ROLE[:UNIT]... "
	    "[--no-password]\n"
	    "       hosod user password LOGIN\n"
	    "The password is one line of standard input.\n" },
	{ "backup", "DIR|-", tools_backup, "copy the archive while it runs",
	    "usage: hosod backup NEWDIR|-\n" },
	{ "restore", "DIR|-", tools_restore, "make the archive from a backup",
	    "usage: hosod --data NEWDIR restore DIR|-\n" },
	{ "drill", "[--json] DIR", drill_run,
	    "restore the newest backup for trial and prove it",
	    "usage: hosod drill [--json] DIR\n" },
	{ "fsck", "[--deep] [--json]", checking_fsck,
	    "check everything that is stored",
	    "usage: hosod fsck [--deep] [--json]\n" },
	{ "reindex", "", checking_reindex,
	    "build all indexes and counters anew", "usage: hosod reindex\n" },
	{ "show-config", "", run_show_config,
	    "print all options with values and help",
	    "usage: hosod [--data DIR] show-config\n" },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct command_row *
find_command(const char *name)
{
	const struct command_row *row = commands;

	while (row->name != NULL && strcmp(row->name, name) != 0) {
		row++;
	}
	return row->name != NULL ? row : NULL;
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			return true;
		}
	}
	return false;
}

static void
print_help(FILE *out)
{
	say_to(out, "usage: hosod [--data DIR] [--set SECTION.NAME=VALUE]... "
	            "[--english] [COMMAND ...]\n\n");
	for (const struct command_row *row = commands; row->name != NULL;
	     row++) {
		fprintf(out, "  %-11s %-17s %s\n", row->name, row->arguments,
		    say_text(row->help));
	}
	say_to(out,
	    "\nDIR holds one archive; it is %s where none is named.\n"
	    "See hosod(8) and hosod.conf(5).\n",
	    HOSO_STATEDIR);
}

/* --- once, before any thread --------------------------------------------------- */

static int
level_of(const char *word)
{
	static const char *const words[] = { "debug", "info", "warn", "error" };

	for (int i = 0; i < 4; i++) {
		if (strcmp(words[i], word) == 0) {
			return i;
		}
	}
	return -1;
}

/* Memory of OpenSSL: from ours, so that the reserve is for it as well. */
static void *
crypto_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return size > 0 ? xmalloc(size) : NULL;
}

static void
crypto_free(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

static void *
crypto_realloc(void *memory, size_t size, const char *file, int line)
{
	if (size == 0) {
		crypto_free(memory, file, line);
		return NULL;
	}
	return xrealloc(memory, size);
}

static int
prepare(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	/* libarchive converts the time of each entry: without a zone that is
	 * set glibc looks for one in a file, each time. */
	setenv("TZ", "UTC0", 1);
	signal(SIGPIPE, SIG_IGN);
	clock_init();
	memory_begin();
	/* Before anything asks for memory by them; both give up on a failed
	 * allocation in the middle of what they do. */
	CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free);
	event_set_mem_functions(xmalloc, xrealloc, free);
	json_set_alloc_funcs(xmalloc, free);
	memory_reserve();
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	json_object_seed(0);
	if (sodium_init() < 0 || evthread_use_pthreads() < 0) {
		say_to(stderr, "hosod: a library cannot start\n");
		return -1;
	}
	return 0;
}

/* argv[0] is the command's name, where there is one. */
static int
run_command(const struct command_row *row, const char *data,
    char *const *overrides, int argc, char **argv)
{
	struct settings settings;
	int level;
	int status;

	if (settings_read(&settings, data, overrides) < 0) {
		return 2;
	}
	level = level_of(settings.office.log_level);
	if (level < 0) {
		say_to(stderr,
		    "hosod: office.log_level is debug, info, warn or error\n");
		return 2;
	}
	log_init((enum log_level)level, 2);
	status = row->run(&settings, argc > 0 ? argc - 1 : 0, argv + 1);
	if (status == TOOLS_MISUSED) {
		fputs(say_text(row->usage), stderr);
	}
	return status;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "data", required_argument, NULL, 'd' },
		{ "set", required_argument, NULL, 's' },
		{ "english", no_argument, NULL, 'e' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *data = HOSO_STATEDIR;
	char *overrides[OVERRIDES_MAX + 1] = { NULL };
	const struct command_row *row;
	int override_count = 0;
	int option;

	say_begin(false);
	if (prepare() < 0) {
		return EXIT_FAILURE;
	}
	opterr = 0;
	/* "+": options of a command are its own. */
	while ((option = getopt_long(argc, argv, "+d:s:hV", options, NULL)) !=
	       -1) {
		switch (option) {
		case 'd':
			data = optarg;
			break;
		case 's':
			if (override_count < OVERRIDES_MAX) {
				overrides[override_count++] = optarg;
			}
			break;
		case 'e':
			say_begin(true);
			break;
		case 'h':
			print_help(stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts(PACKAGE_STRING);
			return EXIT_SUCCESS;
		default:
			say_to(stderr,
			    "hosod: %s is no option, or lacks its value\n\n",
			    argv[optind - 1]);
			print_help(stderr);
			return 2;
		}
	}
	argc -= optind;
	argv += optind;
	row = find_command(argc > 0 ? argv[0] : "run");
	if (row == NULL) {
		say_to(stderr, "hosod: there is no command %s\n\n", argv[0]);
		print_help(stderr);
		return 2;
	}
	if (asks_for_help(argc, argv)) {
		fputs(say_text(row->usage), stdout);
		return EXIT_SUCCESS;
	}
	return run_command(row, data, overrides, argc, argv);
}
