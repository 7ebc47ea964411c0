/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include "api/head.h"
#include "api/reply.h"
#include "api/route.h"
#include "api/target.h"
#include "base/job.h"
#include "base/log.h"

struct actor;
struct connection;
struct lane;

#define REQUEST_ID_TEXT 40u

/*
 * Takes the body of a ROUTE_BODY_STREAM request, piece by piece.  Any of
 * these may answer the request; after an answer none is called again.  None
 * is called between request_pause() and request_resume(), whatever happens
 * to the client, so a worker may have the request in hand meanwhile.
 */
struct request_sink {
	/* Bytes of the body, borrowed for the call. */
	void (*data)(struct request *request, struct bytes piece);
	/* The body is whole. */
	void (*end)(struct request *request);
	/*
	 * It broke off: the client left, was too slow or sent bad framing.
	 * Keep what came and answer, by reply_fault(request, fault) if nothing
	 * else; the right status, and whether anybody hears it, is seen to.
	 */
	void (*cut)(struct request *request, const struct fault *fault);
};

/*
 * One HTTP exchange, from its head to the last byte of its answer.
 *
 * Owner:   the handler's from the call until reply_*(), else its
 *          connection's.
 * Thread:  loop; `job` is a worker's from request_submit() until its reply.
 */
struct request {
	struct arena *arena;  /* all that belongs to it lives here */
	struct log_scope log; /* id, peer and action */
	struct loop *loop;
	const struct route *route; /* borrowed; NULL where none was found */
	void *app;                 /* the server's, for handlers */
	const struct actor *actor; /* who asks, set by the admit hook */
	void *data;                /* the handler's own */
	struct job job;            /* the handler's, by request_submit() */
	struct bytes body;         /* of a collected one */
	struct target target;

	/* --- the machinery's --- */
	struct request *next; /* spare ones */
	struct lane *lane;
	struct connection *connection; /* NULL once the client is gone */
	const struct request_sink *sink;
	void (*on_gone)(struct request *request);
	void (*work)(struct request *request);
	void (*done)(struct request *request);
	const char *peer;
	int64_t started; /* clock_ticks() */
	uint64_t bytes_out;
	int cut_status; /* 0: the body did not break off */
	bool paused;
	bool collects; /* the machinery collects the body */
	struct buf collected;
	unsigned param_count;
	struct route_param params[ROUTE_PARAMS_MAX];
	struct reply reply;
	char id[REQUEST_ID_TEXT];
	struct head head; /* last: it is large and filled by the parser */
};

/* --- what was asked --------------------------------------------------- */

/* The segment that stands for {name}; the route must have it. */
const char *request_param(const struct request *request, const char *name);
/* The first value of that name in the query, or NULL. */
const char *request_query(const struct request *request, const char *name);
/*
 * The next value of a name that may stand more than once; *at begins at 0.
 * NULL at the end.
 */
const char *request_query_next(const struct request *request, const char *name,
    unsigned *at);
/* `fallback` where absent.  Errors: FAULT_INVALID naming the parameter. */
int request_query_integer(const struct request *request, const char *name,
    int64_t fallback, int64_t min, int64_t max, int64_t *value_out,
    struct fault *fault);
/* The value of a field as text in the arena, or NULL. */
const char *request_header(const struct request *request, const char *name);
const char *request_cookie(const struct request *request, const char *name);
/* The peer's address without port. */
const char *request_peer(const struct request *request);
/* It came over TLS, and its client is still there. */
bool request_is_tls(const struct request *request);
/* Messages in English were asked for; else Vietnamese. */
bool request_is_english(const struct request *request);

/* The body as JSON.  Errors: FAULT_INVALID, also where there is no body. */
int request_json(struct request *request, const json_t **value_out,
    struct fault *fault);

/*
 * The revision that If-Match names: 1 with *rev_out; 0 where there is no
 * If-Match, or "*"; -1 where it is no tag of a record.
 */
int request_if_match(const struct request *request, uint64_t *rev_out,
    struct fault *fault);

/* --- work that takes longer ------------------------------------------- */

/* work() on a worker, then done() on the loop. */
void request_submit(struct request *request, struct job_pool *pool,
    void (*work)(struct request *request),
    void (*done)(struct request *request));

/*
 * Call fn when the client has left before the answer, once; to give up early.
 * The request still waits for its answer, which goes nowhere.
 */
void request_on_gone(struct request *request,
    void (*fn)(struct request *request));
bool request_is_gone(const struct request *request);

/*
 * Begin to take the body (ROUTE_BODY_STREAM), now or later, as the caller's
 * last act.  A client that waits for "100 Continue" gets it here; one that is
 * answered instead keeps its bytes.
 */
void request_receive(struct request *request, const struct request_sink *sink);
/* How long the body will be, or REPLY_UNKNOWN for a chunked one. */
uint64_t request_length(const struct request *request);
/*
 * Nothing is read from the client between the two, and no deadline runs.  A
 * client that left meanwhile is told by request_resume(), which calls
 * sink->cut() itself: it is the caller's last act.
 */
void request_pause(struct request *request);
void request_resume(struct request *request);

/* --- for the machinery ------------------------------------------------ */

struct request *request_new(struct lane *lane);
void request_free(struct request *request);
/* The client left while its body was being taken: tell the sink. */
void request_left(struct request *request);
/* The answer is out, or there is nobody to hear it: log, count, free. */
void request_end(struct request *request);

#endif
