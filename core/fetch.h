/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FETCH_H
#define CORE_FETCH_H

#include "base/buf.h"

#include <stdatomic.h>

/*
 * One exchange over plain HTTP with a server elsewhere, for whatever comes
 * with a signature of its own: time-stamps, answers about certificates,
 * cosignatures.  No proxy, no redirect, no TLS.
 *
 * Source:  RFC 9112; asked as HTTP/1.0, so that no answer comes in chunks.
 */
struct fetch {
	const char *url;          /* "http://host[:port]/path[?query]" */
	const char *content_type; /* of the body; NULL asks with GET */
	struct bytes body;
	size_t answer_max;
	uint64_t timeout_ms;        /* of the whole exchange */
	const atomic_bool *stopped; /* looked at five times a second; or NULL */
};

/* Errors: FAULT_INVALID with the url, unless it can be asked. */
int fetch_check_url(const char *url, struct fault *fault);

/*
 * Append the body of the answer.  With status_out any answer is good and the
 * caller judges it; where it is NULL only 200 is.
 *
 * Errors:  FAULT_INVALID a url that is none; FAULT_BUSY it cannot be reached,
 *          does not answer in time, answers something else than HTTP, another
 *          status or too much, or *stopped became true.
 * Thread:  worker; as long as timeout_ms, the look-up of the name besides.
 */
int fetch_run(struct buf *answer, unsigned *status_out,
    const struct fetch *fetch, struct fault *fault);

#endif
