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
#include "host/answer.h"
#include "host/plugin.h"
#include "host/run.h"
#include "host/start.h"
#include "host/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define DATA_MAX (64u << 20) /* of a trial */

struct order {
	struct start start;
	const char *file;     /* of a person; NULL for the server */
	const char *try_call; /* KIND:NAME, or NULL */
	const char *data;     /* path of the lines for it, or NULL */
	char **parameters;    /* ends with NULL */
	int plugin;
	int sink;
};

enum {
	OPTION_DESCRIBE = START_END,
	OPTION_TRY,
	OPTION_DATA,
	OPTION_PLUGIN,
	OPTION_SINK
};

static const struct option options[] = {
	START_OPTIONS,
	{ "describe", required_argument, NULL, OPTION_DESCRIBE },
	{ "try", required_argument, NULL, OPTION_TRY },
	{ "data", required_argument, NULL, OPTION_DATA },
	{ "plugin", required_argument, NULL, OPTION_PLUGIN },
	{ "sink", required_argument, NULL, OPTION_SINK },
	{ NULL, 0, NULL, 0 },
};

static bool
take_option(struct order *order, int option)
{
	switch (option) {
	case OPTION_DESCRIBE:
		order->file = optarg;
		return true;
	case OPTION_TRY:
		order->try_call = optarg;
		return true;
	case OPTION_DATA:
		order->data = optarg;
		return true;
	case OPTION_PLUGIN:
		order->plugin = start_descriptor(&order->start, optarg);
		return true;
	case OPTION_SINK:
		order->sink = start_descriptor(&order->start, optarg);
		order->start.sandbox.writes_files = true;
		return true;
	default:
		return start_take(&order->start, option, optarg);
	}
}

static bool
read_order(struct order *order, int argc, char **argv)
{
	int option;

	*order = (struct order){ .plugin = -1, .sink = -1 };
	start_init(&order->start);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(order, option)) {
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
	           (order->start.serve && order->start.socket >= 0 &&
	               order->plugin >= 0));
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
serve(struct order *order)
{
	const struct hoso_plugin *plugin = NULL;
	struct port_socket socket;
	struct fault fault;
	char path[40];

	port_socket_init(&socket, order->start.socket);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", order->plugin);
	if (sandbox_limit(&order->start.sandbox, &fault) < 0 ||
	    load_confined(&order->start.sandbox, path, &plugin, &fault) < 0 ||
	    answer_hello(&socket.port, &order->start.sandbox, &fault) < 0) {
		answer_failed(&socket.port, &fault, NULL);
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
	order->plugin = order->start.sandbox.last_descriptor = copy;
	order->start.sandbox.writes_files =
	    true; /* standard output may be one */
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
	for (char **word = order->parameters; *word != NULL; word++) {
		if (strchr(*word, '=') == NULL) {
			return fault_set(fault, FAULT_INVALID,
			    "%s is not PARAMETER=VALUE, as "
			    "unit=tinh-kon-tum",
			    *word);
		}
	}
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
	if (rc == 0 && (sandbox_limit(&order->start.sandbox, &fault) < 0 ||
	                   load_confined(&order->start.sandbox, path, &plugin,
	                       &fault) < 0)) {
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
	_exit(order.start.serve ? serve(&order) : serve_person(&order));
}
