/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CONNECTION_H
#define API_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

struct connection;
struct lane;

/*
 * One client's socket: requests in, answers out, one at a time and in order.
 *
 * Owner:   its lane, from connection_new() to connection_close().
 * Thread:  the lane's loop.
 */

/* `descriptor` is taken: non-blocking, accepted.  `peer` is copied. */
void connection_new(struct lane *lane, int descriptor, const char *peer,
    bool tls);
/*
 * Close at once.  A request whose handler is not done lives on without its
 * connection.
 */
void connection_close(struct connection *connection);

/* The next of the lane's. */
struct connection *connection_next(const struct connection *connection);
/* Between two requests, and since when (clock_ticks()). */
bool connection_is_idle(const struct connection *connection);
int64_t connection_idle_since(const struct connection *connection);
/* Nobody on the way reads what is said. */
bool connection_is_tls(const struct connection *connection);
/* Look at the deadlines; may close or answer.  `now` is clock_ticks(). */
void connection_check(struct connection *connection, int64_t now);

/* Told by the request: its answer is ready; the body is wanted; go on. */
void connection_answered(struct connection *connection);
void connection_receive(struct connection *connection);
void connection_resume(struct connection *connection);

#endif
