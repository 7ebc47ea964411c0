/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The process in which a file of anybody is examined: it confines itself as
 * one does that runs a plugin, reads what the server holds by asking for it,
 * says what it found and ends.  A file that takes it over has a process
 * without network, files and other processes, for a few seconds.
 *
 *     hoso-examine --serve --parent PID --socket N [--filter N]
 *                  [--memory BYTES] [--cpu SECONDS] [--require-landlock]
 *
 * is how the server starts it.  A person uses hoso verify.
 */

#include "base/digest.h"
#include "base/say.h"
#include "host/answer.h"
#include "host/examination.h"
#include "host/start.h"

#include <locale.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const struct option options[] = {
	START_OPTIONS,
	{ NULL, 0, NULL, 0 },
};

static bool
read_start(struct start *start, int argc, char **argv)
{
	int option;

	start_init(start);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!start_take(start, option, optarg)) {
			return false;
		}
	}
	return optind == argc && start->serve && start->socket >= 0;
}

/* What would open files later is done before there are none. */
static void
prepare(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
}

static int
serve(struct start *start)
{
	struct port_socket socket;
	struct fault fault;

	port_socket_init(&socket, start->socket);
	if (sandbox_limit(&start->sandbox, &fault) < 0 ||
	    sandbox_before_load(&start->sandbox, &fault) < 0 ||
	    sandbox_after_load(&start->sandbox, &fault) < 0 ||
	    answer_hello(&socket.port, &start->sandbox, &fault) < 0) {
		answer_failed(&socket.port, &fault, NULL);
		return 1;
	}
	return examination_serve(&socket.port) < 0 ? 1 : 0;
}

int
main(int argc, char **argv)
{
	struct start start;

	say_begin(false);
	if (!read_start(&start, argc, argv)) {
		say_to(stderr, "hoso-examine is started by the server; to "
		               "examine a file use: hoso verify FILE\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	prepare();
	_exit(serve(&start));
}
