/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The order of refusals: an address that cannot be read (400), one that
 * nothing has (404), a method it does not take (405), query names it does not
 * know (400), a caller who may not (401, 403), a body it does not take (400,
 * 413, 415).  Nothing of the body has been read by then.
 */

#include "api/dispatch.h"

#include "api/header.h"
#include "api/lane.h"

/*
 * Is `name` a word of the route's list, or "*" one of them?  *repeats when it
 * stands with "*" behind it.
 */
static bool
knows(const char *list, const char *name, bool *repeats)
{
	size_t len = strlen(name);

	while (list != NULL && *list != '\0') {
		size_t word = strcspn(list, " ");
		bool starred = word > 0 && list[word - 1] == '*';

		if (word == 1 && starred) {
			return true;
		}
		if (word - starred == len && memcmp(list, name, len) == 0) {
			*repeats = starred;
			return true;
		}
		list += word;
		list += *list == ' ';
	}
	return false;
}

static int
check_query(const struct request *request, struct fault *fault)
{
	const struct target *target = &request->target;

	for (unsigned i = 0; i < target->pair_count; i++) {
		const char *name = target->pairs[i].name;
		bool repeats = false;

		if (!knows(request->route->query, name, &repeats)) {
			return fault_field(fault, name,
			    "the address takes no such parameter");
		}
		for (unsigned j = 0; !repeats && j < i; j++) {
			if (strcmp(target->pairs[j].name, name) == 0) {
				return fault_field(fault, name,
				    "the parameter stands more than once");
			}
		}
	}
	return 0;
}

/* RFC 9110, 9.3.7, and 405 of 15.5.6. */
static void
answer_without_route(struct request *request, unsigned methods)
{
	const enum method method = request->head.method;
	struct fault ignored;

	if (method == METHOD_OPTIONS && request->target.segment_count == 0) {
		methods = (1u << METHOD_COUNT) - 2; /* any */
	}
	if (methods == 0) {
		reply_problem(request, 404, NULL);
		return;
	}
	reply_header(request, "Allow", route_allow(methods, request->arena),
	    &ignored);
	if (method == METHOD_OPTIONS) {
		reply_empty(request, 204);
	} else {
		reply_problem(request, method == METHOD_OTHER ? 501 : 405,
		    NULL);
	}
}

static bool
is_of_type(const struct request *request, const char *wanted)
{
	struct bytes type;

	return header_find(&request->head, "content-type", &type) &&
	       header_is(header_main(type), wanted);
}

/* The body's framing against the route; false when it was answered. */
static bool
takes_body(struct request *request)
{
	const struct head *head = &request->head;
	const struct lane_rules *rules = request->lane->rules;
	enum route_body body = request->route->body;
	bool has_body = head->framing == HEAD_BODY_CHUNKED || head->length > 0;

	if (!has_body) {
		return true;
	}
	if (body == ROUTE_BODY_NONE) {
		reply_problem(request, 400, "this address takes no body");
		return false;
	}
	if (header_count(head, "content-encoding") > 0) {
		/* Bytes in are bytes out: what is stored must not depend on
		 * how it travelled. */
		reply_problem(request, 415,
		    "the body must be sent without Content-Encoding");
		return false;
	}
	if (body == ROUTE_BODY_STREAM) {
		return true;
	}
	if (head->length > rules->conf->body_max_bytes) {
		struct fault fault;

		fault_set(&fault, FAULT_LIMIT,
		    "the body is %llu bytes long, at most %llu are taken",
		    (unsigned long long)head->length,
		    (unsigned long long)rules->conf->body_max_bytes);
		reply_fault(request, &fault);
		return false;
	}
	if ((body == ROUTE_BODY_JSON || body == ROUTE_BODY_FORM) &&
	    !is_of_type(request, "application/json") &&
	    (body == ROUTE_BODY_JSON ||
	        !is_of_type(request, "multipart/form-data"))) {
		reply_problem(request, 415,
		    body == ROUTE_BODY_JSON
		        ? "the body must be application/json"
		        : "the body must be application/json or "
		          "multipart/form-data");
		return false;
	}
	return true;
}

static int
resolve(struct request *request, unsigned *methods_out, struct fault *fault)
{
	struct target *target = &request->target;
	struct route_match match;

	if (target_parse(target, request->head.target, request->arena, fault) <
	    0) {
		return -1;
	}
	route_find(request->lane->rules->routes, request->head.method,
	    target->segments, target->segment_count, request->arena, &match);
	*methods_out = match.methods;
	if (match.route == NULL) {
		return 0;
	}
	request->route = match.route;
	request->log.action = match.route->act;
	request->param_count = match.param_count;
	memcpy(request->params, match.params, sizeof(match.params));
	return check_query(request, fault);
}

void
dispatch_begin(struct request *request)
{
	const struct lane_rules *rules = request->lane->rules;
	const struct route *route;
	unsigned methods = 0;
	struct fault fault;

	if (resolve(request, &methods, &fault) < 0) {
		reply_fault(request, &fault);
		return;
	}
	route = request->route;
	if (route == NULL) {
		answer_without_route(request, methods);
		return;
	}
	if (rules->admit != NULL && rules->admit(request, route, &fault) < 0) {
		reply_fault(request, &fault);
		return;
	}
	if (!takes_body(request)) {
		return;
	}
	if (request->head.framing == HEAD_BODY_CHUNKED ||
	    request->head.length > 0) {
		request->collects = route->body != ROUTE_BODY_STREAM;
	}
	if (!request->collects) {
		dispatch_call(request);
	}
}

void
dispatch_call(struct request *request)
{
	struct fault fault;

	if (request->route->handler(request, &fault) < 0) {
		reply_fault(request, &fault);
	}
}
