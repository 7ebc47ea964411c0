/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include "api/method.h"
#include "base/arena.h"
#include "base/fault.h"

struct request;

#define ROUTE_PARAMS_MAX 6u

/* What a route does with a request's body. */
enum route_body {
	ROUTE_BODY_NONE = 0, /* has none: a body is refused with 400 */
	ROUTE_BODY_JSON,     /* collected; application/json or 415 */
	ROUTE_BODY_FORM,   /* collected; JSON or multipart/form-data, or 415 */
	ROUTE_BODY_BYTES,  /* collected, of any type */
	ROUTE_BODY_STREAM, /* the handler takes it by request_receive() */
};

/* Bits of `flags`; what they mean to admission is the admit hook's. */
enum route_flag {
	ROUTE_PUBLIC = 1, /* needs no log-in */
	ROUTE_QUIET = 2,  /* not logged: probes and scrapes */
};

/*
 * 0 when the request was answered by reply_*() or will be; -1 and the
 * machinery answers with the fault.
 */
typedef int (*route_fn)(struct request *request, struct fault *fault);

/* One row of the table in routes.c; a row whose path is NULL ends it. */
struct route {
	enum method method;
	/*
	 * "/api/v1/units/{id}/dossiers": a part in braces takes one segment
	 * that is not empty; "{rest...}", at the end alone, one or more.
	 * Where two routes fit, written words go before braces.
	 */
	const char *path;
	route_fn handler;
	const char *act; /* what it does, for admission: "unit.read" */
	enum route_body body;
	unsigned flags; /* of enum route_flag */
	/*
	 * Query names that the route knows, parted by blanks; any other is
	 * refused.  "year*" may be given more than once; "*" lets any other
	 * name pass, for the handler to judge.  NULL: none.
	 */
	const char *query;
	const char *summary; /* one line for people */
};

/* A table made ready for look-up.  Constant after route_tree_new(). */
struct route_tree;

struct route_param {
	const char *name;
	const char *value; /* decoded, in the arena of the look-up */
};

struct route_match {
	const struct route *route; /* NULL: none for this method */
	unsigned methods;          /* 1 << enum method of what the path takes */
	unsigned param_count;
	struct route_param params[ROUTE_PARAMS_MAX];
};

/*
 * Owner:   `routes` is borrowed for the tree's life.
 * Errors:  FAULT_INVALID for a path that is malformed or stands twice.
 */
int route_tree_new(struct route_tree **tree_out, const struct route *routes,
    struct fault *fault);
void route_tree_free(struct route_tree *tree);

/*
 * The route for a path's decoded segments.  HEAD finds GET's where it has
 * none of its own.  match->methods is 0 where nothing has this path, and
 * holds HEAD with GET, and OPTIONS, where it is not.
 */
void route_find(const struct route_tree *tree, enum method method,
    const struct bytes *segments, unsigned count, struct arena *arena,
    struct route_match *match);

/* "GET, HEAD, OPTIONS" for an Allow field, in the arena. */
const char *route_allow(unsigned methods, struct arena *arena);

#endif
