/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include "api/counts.h"
#include "api/http.h"
#include "api/route.h"
#include "base/loop.h"

/*
 * The HTTP server: a lane and its listeners on each loop, one table of
 * routes.
 */
struct server;

struct server_options {
	const struct http_conf *conf;
	struct loop *const *loops;
	unsigned loop_count;
	const struct route *routes; /* ends where path is NULL */
	/*
	 * May this request go on?  Called with its route, before the handler
	 * and before its body is read; sets request->actor.  NULL: all may.
	 */
	int (*admit)(struct request *request, const struct route *route,
	    struct fault *fault);
	/* After server_stop(), when the last loop is done; on that loop. */
	void (*stopped)(void *app);
	void *app; /* request->app */
};

/*
 * Bind everything.  Clients are served as soon as the loops run.
 *
 * Owner:   all of the options is borrowed for the server's life.
 * Errors:  FAULT_INVALID an address, a route, a certificate; FAULT_SYSTEM.
 */
int server_new(struct server **server_out, const struct server_options *options,
    struct fault *fault);
/* Closes what is still open.  Thread: any, once the loops have ended. */
void server_free(struct server *server);

/* The port of the first address (of the first with TLS), or 0. */
unsigned server_port(const struct server *server, bool tls);

/*
 * No new clients; answer what is under way within drain_timeout_ms; then
 * `stopped` is called.  A second call does nothing.  Thread: any.
 */
void server_stop(struct server *server);

/* Read the certificate's files again, for new connections. Thread: any. */
int server_reload_tls(struct server *server, struct fault *fault);

/* *sum_out is set to the sum over the loops.  Thread: any. */
void server_counts(const struct server *server, struct counts *sum_out);

#endif
