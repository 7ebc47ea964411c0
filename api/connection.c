/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A connection's life: its events, its turns, its deadlines.  What is done in
 * a turn is exchange.c's.
 *
 * turn() takes steps until one has to wait, or until others should have the
 * loop.  It is never entered twice: who answers, pauses or resumes from
 * within a step only leaves marks that the step or turn() sees afterwards.
 *
 * Nothing is read while a handler works or an answer waits to be sent; what
 * a client sends meanwhile stays in the socket.  The read event is then taken
 * away when it first fires, not before, since mostly it does not.
 */

#include "api/connection.h"

#include "api/exchange.h"
#include "api/tls.h"
#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX   16u
#define STATUS_GONE 499 /* never sent: the client left */

/* --- life ------------------------------------------------------------- */

static void
unlink_from_lane(struct connection *connection)
{
	struct lane *lane = connection->lane;

	if (connection->previous != NULL) {
		connection->previous->next = connection->next;
	} else {
		lane->connections = connection->next;
	}
	if (connection->next != NULL) {
		connection->next->previous = connection->previous;
	}
	lane->connection_count--;
}

/* The request loses its client; whoever has it in hand ends it. */
static void
abandon(struct connection *connection)
{
	struct request *request = connection->request;

	if (request == NULL) {
		return;
	}
	request->connection = NULL;
	if (request->reply.ready) {
		if (!request->reply.waiting) {
			request_end(request);
		}
		return;
	}
	request->reply.status = STATUS_GONE;
	if (connection->phase != PHASE_BODY) {
		if (request->on_gone != NULL) {
			request->on_gone(request);
		}
	} else if (request->sink == NULL) {
		request_end(request);
	} else if (!request->paused) {
		request_left(request);
	}
}

void
connection_close(struct connection *connection)
{
	struct lane *lane = connection->lane;

	event_del(&connection->read);
	event_del(&connection->write);
	unlink_from_lane(connection);
	abandon(connection);
	connection->transport.kind->fini(&connection->transport);
	close(connection->transport.descriptor);
	buf_fini(&connection->in);
	free(connection);
	counts_add(&lane->counts.closed, 1);
	lane_gone(lane);
}

struct connection *
connection_next(const struct connection *connection)
{
	return connection->next;
}

bool
connection_is_tls(const struct connection *connection)
{
	return connection->transport.ssl != NULL;
}

bool
connection_is_idle(const struct connection *connection)
{
	return connection->phase == PHASE_HEAD && !connection->in_head;
}

int64_t
connection_idle_since(const struct connection *connection)
{
	return connection->since;
}

/* --- turns ------------------------------------------------------------ */

static void
watch(struct connection *connection, bool reads, bool writes)
{
	if (reads && !connection->reads) {
		event_add(&connection->read, NULL);
		connection->reads = true;
	}
	if (writes != connection->writes) {
		if (writes) {
			event_add(&connection->write, NULL);
		} else {
			event_del(&connection->write);
		}
		connection->writes = writes;
	}
}

static void
stop_reading(struct connection *connection)
{
	event_del(&connection->read);
	connection->reads = false;
}

static enum step
take_steps(struct connection *connection)
{
	enum step step = STEP_ON;
	unsigned turns = 0;

	while (step == STEP_ON && turns < TURNS_MAX) {
		turns += connection->phase != PHASE_HANDLER;
		step = exchange_step(connection);
	}
	return step;
}

static void
turn(struct connection *connection)
{
	enum step step;

	connection->turning = true;
	step = take_steps(connection);
	connection->turning = false;
	switch (step) {
	case STEP_WAIT_READ:
		watch(connection, true, false);
		break;
	case STEP_WAIT_WRITE:
		watch(connection, false, true);
		break;
	case STEP_WAIT:
		watch(connection, false, false);
		break;
	case STEP_ON: /* others first */
		event_active(&connection->write, EV_WRITE, 0);
		break;
	case STEP_CLOSE:
	default:
		connection_close(connection);
		break;
	}
}

/*
 * The socket has something while nothing is to be read: the client sends
 * ahead, or has closed its side (and may still read), or is gone.
 */
static void
look_aside(struct connection *connection)
{
	char octet;
	ssize_t got = recv(connection->transport.descriptor, &octet, 1,
	    MSG_PEEK | MSG_DONTWAIT);

	if (got < 0 && errno != EAGAIN && errno != EINTR) {
		connection_close(connection);
	} else {
		stop_reading(connection);
	}
}

static void
on_read(evutil_socket_t descriptor, short what, void *arg)
{
	struct connection *connection = arg;
	bool paused =
	    connection->phase == PHASE_BODY && connection->request->paused;

	(void)descriptor;
	(void)what;
	if (connection->phase == PHASE_HANDLER || paused ||
	    (connection->phase == PHASE_SEND && connection->writes) ||
	    (connection->phase == PHASE_SEND &&
	        connection->request->reply.waiting)) {
		look_aside(connection);
	} else {
		turn(connection);
	}
}

static void
on_write(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	turn(arg);
}

void
connection_new(struct lane *lane, int descriptor, const char *peer, bool tls)
{
	struct connection *connection = xzalloc(sizeof(*connection));
	struct event_base *base = loop_base(lane->loop);

	transport_init_plain(&connection->transport, descriptor);
	if (tls && tls_attach(lane->tls, &connection->transport) < 0) {
		close(descriptor);
		free(connection);
		return;
	}
	connection->lane = lane;
	connection->phase = tls ? PHASE_HANDSHAKE : PHASE_HEAD;
	buf_init(&connection->in, LANE_SCRATCH_BYTES + HEAD_BYTES_MAX);
	snprintf(connection->peer, sizeof(connection->peer), "%s", peer);
	event_assign(&connection->read, base, descriptor, EV_READ | EV_PERSIST,
	    on_read, connection);
	event_assign(&connection->write, base, descriptor,
	    EV_WRITE | EV_PERSIST, on_write, connection);
	connection->next = lane->connections;
	if (connection->next != NULL) {
		connection->next->previous = connection;
	}
	lane->connections = connection;
	lane->connection_count++;
	counts_add(&lane->counts.accepted, 1);
	exchange_set_deadline(connection,
	    connection->lane->rules->conf->head_timeout_ms);
	watch(connection, true, false);
}

/* --- told by the request ---------------------------------------------- */

void
connection_resume(struct connection *connection)
{
	if (!connection->turning) {
		turn(connection);
	}
}

void
connection_answered(struct connection *connection)
{
	if (!connection->turning) {
		exchange_enter(connection, PHASE_HANDLER);
		turn(connection);
	}
}

void
connection_receive(struct connection *connection)
{
	exchange_enter(connection, PHASE_BODY);
	exchange_set_deadline(connection,
	    connection->lane->rules->conf->request_timeout_ms);
	connection_resume(connection);
}

/* --- deadlines -------------------------------------------------------- */

static void
late(struct connection *connection)
{
	counts_add(&connection->lane->counts.late, 1);
	connection->turning = true;
	switch (connection->phase) {
	case PHASE_BODY:
		exchange_cut(connection, 408, "the body came too slowly");
		break;
	case PHASE_HEAD:
		if (connection->in_head) {
			exchange_refuse(connection,
			    request_new(connection->lane), 408, NULL);
			break;
		}
		connection_close(connection);
		return;
	case PHASE_HANDSHAKE:
	case PHASE_HANDLER:
	case PHASE_SEND:
	case PHASE_DRAIN:
	case PHASE_LINGER:
	default:
		connection_close(connection);
		return;
	}
	turn(connection);
}

/*
 * Bytes that the client has given, or taken.  What lies in the socket's
 * buffer is not taken yet: that can be minutes of a weak line, during which
 * the socket takes nothing from us although all is well.
 */
static uint64_t
progress(const struct connection *connection)
{
	int unsent = 0;

	if (connection->phase != PHASE_SEND) {
		return connection->received;
	}
	if (ioctl(connection->transport.descriptor, SIOCOUTQ, &unsent) < 0) {
		unsent = 0;
	}
	return connection->sender.sent - (uint64_t)unsent;
}

static bool
is_under_rate(const struct connection *connection)
{
	switch (connection->phase) {
	case PHASE_BODY:
		return true;
	case PHASE_SEND:
		return !connection->request->reply.waiting;
	case PHASE_HANDSHAKE:
	case PHASE_HEAD:
	case PHASE_HANDLER:
	case PHASE_DRAIN:
	case PHASE_LINGER:
	default:
		return false;
	}
}

void
connection_check(struct connection *connection, int64_t now)
{
	const struct http_conf *conf = connection->lane->rules->conf;

	if (connection->phase == PHASE_BODY && connection->request->paused) {
		/* It is us who are waited for. */
		connection->pace = (struct pace){ 0 };
	} else if (connection->deadline != 0 && now >= connection->deadline) {
		late(connection);
	} else if (!is_under_rate(connection)) {
		connection->pace = (struct pace){ 0 };
	} else if (pace_is_below(&connection->pace, now, progress(connection),
	               conf->rate_min_bytes, conf->rate_window_ms)) {
		late(connection);
	}
}
