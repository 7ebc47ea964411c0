/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_LANE_H
#define API_LANE_H

#include "api/counts.h"
#include "api/http.h"
#include "api/imfdate.h"
#include "api/request.h"

#include <event2/event.h>

struct ssl_ctx_st;

/* Received into at a time: bodies are handed on in pieces of this size. */
#define LANE_SCRATCH_BYTES 262144u

/* What every request meets; constant after start, the same for all lanes. */
struct lane_rules {
	const struct http_conf *conf;
	const struct route_tree *routes;
	/* May this request go on?  Called before the body is read. */
	int (*admit)(struct request *request, const struct route *route,
	    struct fault *fault);
	void *app;
};

/*
 * What the connections of one loop share.
 *
 * Thread:  its loop, but for `counts`.
 */
struct lane {
	const struct lane_rules *rules;
	struct loop *loop;
	struct connection *connections; /* all of this loop */
	unsigned connection_count;
	unsigned connections_max;
	int64_t made_room_ticks; /* when lane_make_room() last looked */
	struct request *spare;   /* requests to be used again */
	unsigned spare_count;
	unsigned request_count; /* not yet ended, also of clients that left */
	struct event *tick;
	struct ssl_ctx_st *tls; /* NULL without TLS */
	uint64_t serial;        /* of the last request */
	bool draining;          /* no new requests; stop when empty */
	bool stopped;
	int64_t drain_until; /* clock_ticks() */
	/* A connection ended: listeners that wait for room; stop. */
	void (*on_room)(void *arg);
	void (*on_stopped)(void *arg);
	void *arg;
	char prefix[16]; /* of the ids of requests */
	char date[IMFDATE_TEXT];
	struct counts counts;
	uint8_t *scratch; /* LANE_SCRATCH_BYTES; nobody's between two calls */
};

int lane_new(struct lane **lane_out, const struct lane_rules *rules,
    struct loop *loop, struct fault *fault);
/* Closes what is open.  Thread: the loop, or any once the loop has ended. */
void lane_free(struct lane *lane);
/* Take no new requests, close what is idle, wait for the rest. */
void lane_drain(struct lane *lane);
/*
 * Clients wait to be accepted and there is no room: connections that only
 * might be used again, idle for a while, are closed.
 */
void lane_make_room(struct lane *lane);
/* A connection has ended. */
void lane_gone(struct lane *lane);

#endif
