/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The process in which a plugin runs: it confines itself, loads the plugin,
 * serves one call (an audit sink: event after event) and ends.
 *
 *     hoso-host --serve --parent PID --socket N --plugin N [--filter N]
 *               [--sink N] [--memory BYTES] [--cpu SECONDS]
 *               [--require-landlock]
 *
 * is how the server starts it; the numbers are descriptors.  A person uses
 *
 *     hoso-host --describe FILE
 *
 * which prints what a plugin offers, under the same confinement but for the
 * seccomp filters, which the server builds.
 */

#include "config.h"

#include "base/memory.h"
#include "host/plugin.h"
#include "host/run.h"
#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

struct order {
	bool serve;
	const char *describe; /* path, or NULL */
	int socket;
	int plugin;
	int sink;
	struct sandbox sandbox;
};

enum {
	OPTION_SERVE = 256,
	OPTION_DESCRIBE,
	OPTION_PARENT,
	OPTION_SOCKET,
	OPTION_PLUGIN,
	OPTION_FILTER,
	OPTION_SINK,
	OPTION_MEMORY,
	OPTION_CPU,
	OPTION_LANDLOCK
};

static const struct option options[] = {
	{ "serve", no_argument, NULL, OPTION_SERVE },
	{ "describe", required_argument, NULL, OPTION_DESCRIBE },
	{ "parent", required_argument, NULL, OPTION_PARENT },
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "plugin", required_argument, NULL, OPTION_PLUGIN },
	{ "filter", required_argument, NULL, OPTION_FILTER },
	{ "sink", required_argument, NULL, OPTION_SINK },
	{ "memory", required_argument, NULL, OPTION_MEMORY },
	{ "cpu", required_argument, NULL, OPTION_CPU },
	{ "require-landlock", no_argument, NULL, OPTION_LANDLOCK },
	{ NULL, 0, NULL, 0 },
};

static uint64_t
number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text) {
		fprintf(stderr, "hoso-host: %s is no number\n", text);
		exit(2);
	}
	return value;
}

static int
descriptor(struct order *order, const char *text)
{
	int value = (int)number(text);

	if (value > order->sandbox.last_descriptor) {
		order->sandbox.last_descriptor = value;
	}
	return value;
}

static bool
read_order(struct order *order, int argc, char **argv)
{
	int option;

	*order = (struct order){
		.socket = -1,
		.plugin = -1,
		.sink = -1,
		.sandbox = { .last_descriptor = STDERR_FILENO, .filter = -1 },
	};
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case OPTION_SERVE:
			order->serve = true;
			break;
		case OPTION_DESCRIBE:
			order->describe = optarg;
			break;
		case OPTION_PARENT:
			order->sandbox.parent = (pid_t)number(optarg);
			break;
		case OPTION_SOCKET:
			order->socket = descriptor(order, optarg);
			break;
		case OPTION_PLUGIN:
			order->plugin = descriptor(order, optarg);
			break;
		case OPTION_FILTER:
			order->sandbox.filter = descriptor(order, optarg);
			break;
		case OPTION_SINK:
			order->sink = descriptor(order, optarg);
			order->sandbox.writes_files = true;
			break;
		case OPTION_MEMORY:
			order->sandbox.memory_bytes = number(optarg);
			break;
		case OPTION_CPU:
			order->sandbox.cpu_seconds = number(optarg);
			break;
		case OPTION_LANDLOCK:
			order->sandbox.landlock_must_be = true;
			break;
		default:
			return false;
		}
	}
	return optind == argc &&
	       (order->describe != NULL ||
	           (order->serve && order->socket >= 0 && order->plugin >= 0));
}

/* Confine the process, load the plugin in it, confine it further. */
static int
load_confined(struct sandbox *sandbox, const char *path,
    const struct hoso_plugin **plugin_out, struct fault *fault)
{
	if (sandbox_before_load(sandbox, fault) < 0 ||
	    plugin_load(plugin_out, path, fault) < 0 ||
	    sandbox_after_load(sandbox, fault) < 0) {
		return -1;
	}
	return plugin_check(*plugin_out, fault);
}

static int
say_hello(struct port *port, const struct sandbox *sandbox, struct fault *fault)
{
	char text[80];
	int len =
	    snprintf(text, sizeof(text), "{\"landlock\":%d,\"seccomp\":%s}",
	        sandbox->landlock, sandbox->seccomp ? "true" : "false");

	return port->send(port, FRAME_HELLO, bytes_of(text, (size_t)len),
	    fault);
}

static int
serve(struct order *order)
{
	const struct hoso_plugin *plugin = NULL;
	struct port_socket socket;
	struct fault fault;
	char path[40];

	port_socket_init(&socket, order->socket);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", order->plugin);
	if (sandbox_limit(&order->sandbox, &fault) < 0 ||
	    load_confined(&order->sandbox, path, &plugin, &fault) < 0 ||
	    say_hello(&socket.port, &order->sandbox, &fault) < 0) {
		run_report_failure(&socket.port, &fault);
		return 1;
	}
	return run_serve(&socket.port, plugin, order->sink) < 0 ? 1 : 0;
}

/* The plugin's bytes as a memory file: a path would be closed to us. */
static int
copy_plugin(struct order *order, struct fault *fault)
{
	int file = open(order->describe, O_RDONLY | O_CLOEXEC);
	int copy = memfd_create("plugin", MFD_CLOEXEC);
	ssize_t n = -1;

	if (file >= 0 && copy >= 0) {
		do {
			n = sendfile(copy, file, NULL, 1u << 20);
		} while (n > 0);
	}
	if (n < 0) {
		return fault_errno(fault, errno, "read");
	}
	order->plugin = order->sandbox.last_descriptor = copy;
	order->sandbox.writes_files = true; /* standard output may be one */
	return 0;
}

static int
describe(struct order *order)
{
	struct arena *arena = arena_new();
	const struct hoso_plugin *plugin = NULL;
	struct fault fault;
	char path[40];
	int rc = 1;

	if (copy_plugin(order, &fault) == 0) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", order->plugin);
		rc = sandbox_limit(&order->sandbox, &fault) < 0 ||
		             load_confined(&order->sandbox, path, &plugin,
		                 &fault) < 0
		         ? 1
		         : 0;
	}
	if (rc != 0) {
		fprintf(stderr, "hoso-host: %s: %s\n", order->describe,
		    fault.text);
	} else {
		struct bytes text =
		    json_bytes(arena, plugin_describe(plugin, arena));

		printf("%.*s\n", (int)text.len, (const char *)text.data);
		rc = fflush(stdout) == 0 ? 0 : 1;
	}
	arena_free(arena);
	return rc;
}

int
main(int argc, char **argv)
{
	struct order order;

	if (!read_order(&order, argc, argv)) {
		fprintf(stderr, "usage: hoso-host --describe PLUGIN.so\n"
		                "(--serve is the server's)\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* Not exit(): the plugin's destructors are none of our business. */
	_exit(order.describe != NULL ? describe(&order) : serve(&order));
}
