/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The process in which a plugin runs: it confines itself, loads the plugin,
 * serves one call (an audit sink: event after event) and ends.
 *
 *     hoso-host --serve --parent PID --socket N --plugin N [--filter N]
 *               [--sink N] [--memory BYTES] [--cpu SECONDS]
 *               [--require-landlock]
 *
 * is how the server starts it; the numbers are descriptors.  A plugin's author
 * uses
 *
 *     hoso-host --describe FILE
 *     hoso-host --try KIND:NAME [--data LINES] FILE [PARAMETER=VALUE]...
 *
 * which print what a plugin offers and what one call of it gives (trial.h),
 * under the same confinement but for the seccomp filters, which the server
 * builds.
 */

#include "config.h"

#include "base/file.h"
#include "base/say.h"
#include "host/plugin.h"
#include "host/run.h"
#include "host/sandbox.h"
#include "host/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define DATA_MAX (64u << 20) /* of a trial */

struct order {
	bool serve;
	const char *file;     /* of a person; NULL for the server */
	const char *try_call; /* KIND:NAME, or NULL */
	const char *data;     /* path of the lines for it, or NULL */
	char **parameters;    /* ends with NULL */
	int socket;
	int plugin;
	int sink;
	struct sandbox sandbox;
};

enum {
	OPTION_SERVE = 256,
	OPTION_DESCRIBE,
	OPTION_TRY,
	OPTION_DATA,
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
	{ "try", required_argument, NULL, OPTION_TRY },
	{ "data", required_argument, NULL, OPTION_DATA },
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
		say_to(stderr, "hoso-host: %s is no number\n", text);
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
			order->file = optarg;
			break;
		case OPTION_TRY:
			order->try_call = optarg;
			break;
		case OPTION_DATA:
			order->data = optarg;
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
	if (order->try_call != NULL && order->file == NULL && optind < argc) {
		order->file = argv[optind++];
		order->parameters = argv + optind;
		return true;
	}
	return optind == argc &&
	       (order->file != NULL ||
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
		run_report_failure(&socket.port, &fault, NULL);
		return 1;
	}
	return run_serve(&socket.port, plugin, order->sink) < 0 ? 1 : 0;
}

/* The plugin's bytes as a memory file: a path would be closed to us. */
static int
copy_plugin(struct order *order, struct fault *fault)
{
	int file = open(order->file, O_RDONLY | O_CLOEXEC);
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
describe(const struct hoso_plugin *plugin)
{
	struct arena *arena = arena_new();
	struct bytes text = json_bytes(arena, plugin_describe(plugin, arena));
	int rc;

	printf("%.*s\n", (int)text.len, (const char *)text.data);
	rc = fflush(stdout) == 0 ? 0 : 1;
	arena_free(arena);
	return rc;
}

static int
try_call(const struct order *order, const struct hoso_plugin *plugin,
    struct bytes data, struct fault *fault)
{
	struct trial trial = { .data = data, .out = STDOUT_FILENO };
	char kind[16];

	if (sscanf(order->try_call, "%15[a-z]:", kind) != 1 ||
	    strchr(order->try_call, ':') == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "%s is not KIND:NAME, as report:half-year",
		    order->try_call);
	}
	trial.kind = kind;
	trial.name = strchr(order->try_call, ':') + 1;
	trial.parameters = (const char *const *)order->parameters;
	return trial_run(&trial, plugin, fault);
}

/* What a person asks for: the data is read before the files close. */
static int
serve_person(struct order *order)
{
	const struct hoso_plugin *plugin = NULL;
	struct fault fault = { 0 };
	struct buf data;
	char path[40];
	int rc = 0;

	buf_init(&data, DATA_MAX);
	if ((order->data != NULL &&
	        file_read(&data, order->data, &fault) < 0) ||
	    copy_plugin(order, &fault) < 0) {
		rc = -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", order->plugin);
	if (rc == 0 &&
	    (sandbox_limit(&order->sandbox, &fault) < 0 ||
	        load_confined(&order->sandbox, path, &plugin, &fault) < 0)) {
		rc = -1;
	}
	if (rc == 0) {
		rc = order->try_call != NULL
		         ? try_call(order, plugin, buf_bytes(&data), &fault)
		         : describe(plugin);
	}
	if (rc < 0) {
		fprintf(stderr, "hoso-host: %s: %s\n", order->file,
		    say_fault(&fault));
	}
	buf_fini(&data);
	return rc == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct order order;

	say_begin(false);
	if (!read_order(&order, argc, argv)) {
		say_to(stderr,
		    "usage: hoso-host --describe PLUGIN.so\n"
		    "       hoso-host --try KIND:NAME [--data LINES] PLUGIN.so "
		    "[PARAMETER=VALUE]...\n"
		    "(--serve is the server's)\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	/* Not exit(): the plugin's destructors are none of our business. */
	_exit(order.serve ? serve(&order) : serve_person(&order));
}
