/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A station is what the server has on one loop.  Other threads reach it by
 * tasks of the loop; a station's own tasks lie in it, one for each purpose.
 */

#include "api/server.h"

#include "api/lane.h"
#include "api/listener.h"
#include "api/tls.h"
#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#define LISTENERS_MAX     16u
#define DESCRIPTORS_SPARE 128u /* for the store, plugins, the log */

struct station {
	struct server *server;
	struct lane *lane;
	struct listener *listeners[LISTENERS_MAX];
	unsigned listener_count;
	struct loop_task stop;
};

struct reload {
	struct loop_task task;
	struct lane *lane;
	struct ssl_ctx_st *tls;
};

struct server {
	struct server_options options;
	struct http_conf conf; /* with a limit that the system grants */
	struct lane_rules rules;
	struct route_tree *tree;
	struct ssl_ctx_st *tls; /* the first; lanes may have newer ones */
	struct event *renew;    /* of the first loop */
	unsigned ports[2];      /* plain, TLS */
	_Atomic unsigned running;
	atomic_bool stopping;
	unsigned station_count;
	struct station *stations;
};

/* --- stations --------------------------------------------------------- */

static void
close_listeners(struct station *station)
{
	while (station->listener_count > 0) {
		listener_free(station->listeners[--station->listener_count]);
	}
}

static void
on_room(void *arg)
{
	struct station *station = arg;

	for (unsigned i = 0; i < station->listener_count; i++) {
		listener_resume(station->listeners[i]);
	}
}

static void
on_stopped(void *arg)
{
	struct station *station = arg;
	struct server *server = station->server;

	if (atomic_fetch_sub(&server->running, 1) == 1 &&
	    server->options.stopped != NULL) {
		server->options.stopped(server->options.app);
	}
}

static void
run_stop(struct loop_task *task)
{
	struct station *station =
	    (struct station *)(void *)((char *)task -
	                               offsetof(struct station, stop));

	if (!station->lane->draining) {
		close_listeners(station);
		lane_drain(station->lane);
	}
}

/* One address; the first loop's port is every loop's. */
static int
listen_on(struct station *station, const char *address, bool tls,
    struct fault *fault)
{
	struct server *server = station->server;
	bool first = station == server->stations;
	struct listener_options options = { .address = address, .tls = tls };
	struct listener **place = &station->listeners[station->listener_count];

	if (station->listener_count == LISTENERS_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "more than %u addresses to listen on", LISTENERS_MAX);
	}
	if (!first) {
		options.port = listener_port(
		    server->stations[0].listeners[station->listener_count]);
	}
	if (listener_new(place, station->lane, &options, fault) < 0) {
		return -1;
	}
	station->listener_count++;
	if (server->ports[tls] == 0) {
		server->ports[tls] = listener_port(*place);
	}
	return 0;
}

static int
listen_on_all(struct station *station, const char *addresses, bool tls,
    struct fault *fault)
{
	char *list = xstrdup(addresses);
	char *rest = NULL;
	int rc = 0;

	for (char *address = strtok_r(list, " ", &rest);
	     address != NULL && rc == 0; address = strtok_r(NULL, " ", &rest)) {
		rc = listen_on(station, address, tls, fault);
	}
	free(list);
	return rc;
}

static int
station_open(struct station *station, struct server *server, struct loop *loop,
    struct fault *fault)
{
	station->server = server;
	station->stop.run = run_stop;
	if (lane_new(&station->lane, &server->rules, loop, fault) < 0) {
		return -1;
	}
	station->lane->tls = tls_share(server->tls);
	station->lane->on_room = on_room;
	station->lane->on_stopped = on_stopped;
	station->lane->arg = station;
	if (listen_on_all(station, server->conf.listen, false, fault) < 0) {
		return -1;
	}
	return server->tls == NULL ? 0
	                           : listen_on_all(station,
	                                 server->conf.tls_listen, true, fault);
}

/* --- certificates ------------------------------------------------------ */

static void
run_reload(struct loop_task *task)
{
	struct reload *reload = (struct reload *)(void *)task;

	tls_free(reload->lane->tls);
	reload->lane->tls = reload->tls;
	free(reload);
}

int
server_reload_tls(struct server *server, struct fault *fault)
{
	struct ssl_ctx_st *tls = NULL;

	if (server->tls == NULL || atomic_load(&server->stopping)) {
		return 0; /* loops that have ended run no tasks */
	}
	if (tls_new(&tls, &server->conf, fault) < 0) {
		return -1;
	}
	for (unsigned i = 0; i < server->station_count; i++) {
		struct reload *reload = xzalloc(sizeof(*reload));

		reload->task.run = run_reload;
		reload->lane = server->stations[i].lane;
		reload->tls = tls_share(tls);
		loop_post(reload->lane->loop, &reload->task);
	}
	tls_free(tls);
	return 0;
}

/*
 * The keys of session tickets are the context's, so a new context is also how
 * they change: who gets hold of one opens no older session with it.
 */
static void
on_renew(evutil_socket_t descriptor, short what, void *arg)
{
	struct server *server = arg;
	struct fault fault;

	(void)descriptor;
	(void)what;
	if (server_reload_tls(server, &fault) < 0) {
		log_error(NULL, "http.tls_kept", "reason=%s", fault.text);
	}
}

static int
open_tls(struct server *server, struct fault *fault)
{
	const uint64_t ms = server->conf.tls_renew_ms;
	const struct timeval period = { .tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000) };

	if (server->conf.tls_listen == NULL) {
		return 0;
	}
	if (tls_new(&server->tls, &server->conf, fault) < 0) {
		return -1;
	}
	server->renew = event_new(loop_base(server->options.loops[0]), -1,
	    EV_PERSIST, on_renew, server);
	if (server->renew == NULL || event_add(server->renew, &period) < 0) {
		return fault_set(fault, FAULT_SYSTEM, "no timer for TLS");
	}
	return 0;
}

/* --- server ----------------------------------------------------------- */

/* Never accept more than there are descriptors for. */
static void
fit_limits(struct http_conf *conf, unsigned loops)
{
	uint64_t wanted = conf->connections_max + DESCRIPTORS_SPARE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
		limit.rlim_cur =
		    wanted < limit.rlim_max ? wanted : limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		if (limit.rlim_cur < wanted) {
			conf->connections_max =
			    limit.rlim_cur > 2 * DESCRIPTORS_SPARE
			        ? limit.rlim_cur - DESCRIPTORS_SPARE
			        : limit.rlim_cur / 2;
			log_warn(NULL, "http.connections_limited",
			    "descriptors=%llu connections=%llu",
			    (unsigned long long)limit.rlim_cur,
			    (unsigned long long)conf->connections_max);
		}
	}
	conf->connections_max = (conf->connections_max + loops - 1) / loops;
}

int
server_new(struct server **server_out, const struct server_options *options,
    struct fault *fault)
{
	struct server *server = xzalloc(sizeof(*server));
	int rc = -1;

	server->options = *options;
	server->conf = *options->conf;
	fit_limits(&server->conf, options->loop_count);
	server->rules.conf = &server->conf;
	server->rules.admit = options->admit;
	server->rules.app = options->app;
	server->running = options->loop_count;
	server->stations =
	    xzalloc(options->loop_count * sizeof(*server->stations));
	if (route_tree_new(&server->tree, options->routes, fault) < 0) {
		goto out;
	}
	server->rules.routes = server->tree;
	if (open_tls(server, fault) < 0) {
		goto out;
	}
	for (unsigned i = 0; i < options->loop_count; i++) {
		server->station_count++;
		if (station_open(&server->stations[i], server,
		        options->loops[i], fault) < 0) {
			goto out;
		}
	}
	*server_out = server;
	server = NULL;
	rc = 0;
out:
	server_free(server);
	return rc;
}

void
server_free(struct server *server)
{
	if (server == NULL) {
		return;
	}
	for (unsigned i = 0; i < server->station_count; i++) {
		close_listeners(&server->stations[i]);
		lane_free(server->stations[i].lane);
	}
	if (server->renew != NULL) {
		event_free(server->renew);
	}
	tls_free(server->tls);
	route_tree_free(server->tree);
	free(server->stations);
	free(server);
}

unsigned
server_port(const struct server *server, bool tls)
{
	return server->ports[tls];
}

void
server_stop(struct server *server)
{
	if (atomic_exchange(&server->stopping, true)) {
		return; /* the tasks are on their way, or have run */
	}
	for (unsigned i = 0; i < server->station_count; i++) {
		struct station *station = &server->stations[i];

		loop_post(station->lane->loop, &station->stop);
	}
}

void
server_counts(const struct server *server, struct counts *sum_out)
{
	memset(sum_out, 0, sizeof(*sum_out));
	for (unsigned i = 0; i < server->station_count; i++) {
		counts_sum(sum_out, &server->stations[i].lane->counts);
	}
}
