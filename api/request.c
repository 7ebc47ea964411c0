/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The life of a request and what a handler may ask of it.  Requests and their
 * arenas are used again: an idle connection has none.
 */

#include "api/request.h"

#include "api/connection.h"
#include "api/etag.h"
#include "api/header.h"
#include "api/lane.h"
#include "base/clock.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define SPARE_MAX       64u
#define PATH_LOGGED_MAX 200u

/* Hand-made: printf would cost more than all else here. */
static void
make_id(char id[REQUEST_ID_TEXT], const struct lane *lane)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t serial = lane->serial;
	size_t len = strlen(lane->prefix);

	memcpy(id, lane->prefix, len);
	id[len++] = '-';
	for (unsigned shift = 40; shift > 0; shift -= 4) {
		id[len++] = digits[serial >> (shift - 4) & 15];
	}
	id[len] = '\0';
}

struct request *
request_new(struct lane *lane)
{
	struct request *request = lane->spare;

	if (request != NULL) {
		struct arena *arena = request->arena;

		lane->spare = request->next;
		lane->spare_count--;
		memset(request, 0, offsetof(struct request, head));
		request->arena = arena;
	} else {
		request = xzalloc(sizeof(*request));
		request->arena = arena_new();
	}
	lane->request_count++;
	lane->serial++;
	request->lane = lane;
	request->loop = lane->loop;
	request->app = lane->rules->app;
	request->reply.fields_end = &request->reply.fields;
	make_id(request->id, lane);
	request->log.id = request->id;
	return request;
}

void
request_free(struct request *request)
{
	struct lane *lane;

	if (request == NULL) {
		return;
	}
	lane = request->lane;
	lane->request_count--;
	reply_release(&request->reply);
	buf_fini(&request->collected);
	if (lane->spare_count < SPARE_MAX) {
		arena_reset(request->arena);
		request->next = lane->spare;
		lane->spare = request;
		lane->spare_count++;
	} else {
		arena_free(request->arena);
		free(request);
	}
}

/* A text that is not there is an empty one, no number. */
static struct bytes
bytes_or_none(struct bytes text)
{
	return text.data != NULL ? text : bytes_of_text("");
}

static void
log_end(const struct request *request, int64_t us)
{
	struct bytes path = request->target.path;
	const struct log_field fields[] = {
		{ "method", bytes_or_none(request->head.method_name), 0 },
		{ "path",
		    bytes_or_none(bytes_of(path.data, path.len < PATH_LOGGED_MAX
		                                          ? path.len
		                                          : PATH_LOGGED_MAX)),
		    0 },
		{ "status", NO_BYTES, (uint64_t)request->reply.status },
		{ "bytes", NO_BYTES, request->bytes_out },
		{ "us", NO_BYTES, (uint64_t)us },
		{ "gone", NO_BYTES, 1 },
	};
	size_t count = sizeof(fields) / sizeof(fields[0]);

	log_fields(LOG_INFO, &request->log, "http.request", fields,
	    request->connection == NULL ? count : count - 1);
}

void
request_end(struct request *request)
{
	struct lane *lane = request->lane;
	bool quiet = request->route != NULL &&
	             (request->route->flags & ROUTE_QUIET) != 0;
	int64_t us = clock_ticks() - request->started;

	counts_request(&lane->counts, request->reply.status, (uint64_t)us);
	if (request->connection == NULL) {
		counts_add(&lane->counts.gone, 1);
	}
	if (lane->rules->conf->log_requests && !quiet) {
		log_end(request, us);
	}
	request_free(request);
}

/* --- what was asked --------------------------------------------------- */

const char *
request_param(const struct request *request, const char *name)
{
	for (unsigned i = 0; i < request->param_count; i++) {
		if (strcmp(request->params[i].name, name) == 0) {
			return request->params[i].value;
		}
	}
	return "";
}

const char *
request_query(const struct request *request, const char *name)
{
	return target_find(&request->target, name);
}

const char *
request_query_next(const struct request *request, const char *name,
    unsigned *at)
{
	const struct target *target = &request->target;

	while (*at < target->pair_count) {
		const struct target_pair *pair = &target->pairs[(*at)++];

		if (strcmp(pair->name, name) == 0) {
			return pair->value;
		}
	}
	return NULL;
}

static bool
read_integer(const char *text, int64_t *value_out)
{
	bool minus = text[0] == '-';
	uint64_t number;

	if (!header_number(bytes_of_text(text + minus), &number)) {
		return false;
	}
	*value_out = minus ? -(int64_t)number : (int64_t)number;
	return true;
}

int
request_query_integer(const struct request *request, const char *name,
    int64_t fallback, int64_t min, int64_t max, int64_t *value_out,
    struct fault *fault)
{
	const char *text = request_query(request, name);

	if (text == NULL) {
		*value_out = fallback;
		return 0;
	}
	if (!read_integer(text, value_out) || *value_out < min ||
	    *value_out > max) {
		return fault_field(fault, name,
		    "must be an integer from %" PRId64 " to %" PRId64, min,
		    max);
	}
	return 0;
}

const char *
request_header(const struct request *request, const char *name)
{
	struct bytes value;

	if (!header_find(&request->head, name, &value)) {
		return NULL;
	}
	return arena_text_of(request->arena, value);
}

const char *
request_cookie(const struct request *request, const char *name)
{
	struct bytes value;

	if (!header_cookie(&request->head, name, &value)) {
		return NULL;
	}
	return arena_text_of(request->arena, value);
}

const char *
request_peer(const struct request *request)
{
	return request->peer;
}

bool
request_is_tls(const struct request *request)
{
	return request->connection != NULL &&
	       connection_is_tls(request->connection);
}

bool
request_is_english(const struct request *request)
{
	const struct head *head = &request->head;

	return header_weight(head, "accept-language", "en") >
	       header_weight(head, "accept-language", "vi");
}

int
request_json(struct request *request, const json_t **value_out,
    struct fault *fault)
{
	if (request->body.len == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "a body in JSON is needed");
	}
	*value_out = json_read(request->arena, request->body, fault);
	return *value_out != NULL ? 0 : -1;
}

int
request_if_match(const struct request *request, uint64_t *rev_out,
    struct fault *fault)
{
	struct bytes value;

	if (!header_find(&request->head, "if-match", &value) ||
	    header_is(value, "*")) {
		return 0;
	}
	if (!etag_rev(value, rev_out)) {
		fault_field(fault, "If-Match",
		    "must be the one tag that the record was read with");
		return -1;
	}
	return 1;
}

/* --- work that takes longer ------------------------------------------- */

static struct request *
of_job(struct job *job)
{
	return (struct request *)(void *)((char *)job -
	                                  offsetof(struct request, job));
}

static void
run_work(struct job *job)
{
	struct request *request = of_job(job);

	request->work(request);
}

static void
run_done(struct job *job)
{
	struct request *request = of_job(job);

	request->done(request);
}

void
request_submit(struct request *request, struct job_pool *pool,
    void (*work)(struct request *request),
    void (*done)(struct request *request))
{
	request->work = work;
	request->done = done;
	request->job.work = run_work;
	request->job.done = run_done;
	job_submit(pool, &request->job, request->loop);
}

void
request_on_gone(struct request *request, void (*fn)(struct request *request))
{
	request->on_gone = fn;
}

bool
request_is_gone(const struct request *request)
{
	return request->connection == NULL;
}

void
request_left(struct request *request)
{
	struct fault fault;

	fault_set(&fault, FAULT_INVALID,
	    "the client left before the end of the body");
	request->sink->cut(request, &fault);
}

void
request_receive(struct request *request, const struct request_sink *sink)
{
	request->sink = sink;
	if (request->connection != NULL) {
		connection_receive(request->connection);
	} else {
		request_left(request);
	}
}

uint64_t
request_length(const struct request *request)
{
	return request->head.framing == HEAD_BODY_CHUNKED
	           ? REPLY_UNKNOWN
	           : request->head.length;
}

void
request_pause(struct request *request)
{
	request->paused = true;
}

void
request_resume(struct request *request)
{
	request->paused = false;
	if (request->connection != NULL) {
		connection_resume(request->connection);
	} else {
		request_left(request);
	}
}
