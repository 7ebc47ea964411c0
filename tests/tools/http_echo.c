/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The small application of the HTTP tests as a program:
 *
 *     http_echo [section.name=value ...]
 *
 * Prints the ports, "PLAIN TLS", when it listens; stops in order at SIGTERM.
 */

#include "tests/unit/http_app.h"

#include <signal.h>

int
main(int argc, char **argv)
{
	static struct app app;
	const struct conf_part part = { "http", http_options, &app.conf };
	struct fault fault;
	sigset_t signals;
	int number;

	app_init(&app);
	for (int i = 1; i < argc; i++) {
		app_check(conf_set(&part, 1, argv[i], &fault), &fault);
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	app_start(&app);
	printf("%u %u\n", server_port(app.server, false),
	    server_port(app.server, true));
	fflush(stdout);
	sigwait(&signals, &number);
	app_stop(&app);
	return 0;
}
