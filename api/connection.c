/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A connection is in one phase at a time; a phase has one step, which does
 * what can be done without waiting and says how to go on:
 *
 *   handshake -> head -> (handler | body -> handler) -> send -> head ...
 *                                                        |-> drain -> head
 *                                                        '-> linger -> closed
 *
 * turn() takes steps until one has to wait, or until others should have the
 * loop.  It is never entered twice: who answers, pauses or resumes from
 * within a step only leaves marks that the step or turn() sees afterwards.
 *
 * Nothing is read while a handler works or an answer waits to be sent; what
 * a client sends meanwhile stays in the socket.  The read event is then taken
 * away when it first fires, not before, since mostly it does not.
 *
 * Bytes are received into the lane's scratch and used from there; only what
 * is left over (part of a head, the next request) is kept in `in`.
 */

#include "api/connection.h"

#include "api/dispatch.h"
#include "api/intake.h"
#include "api/lane.h"
#include "api/peer.h"
#include "api/sender.h"
#include "api/tls.h"
#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <event2/event_struct.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TURNS_MAX       16u
#define DRAIN_BYTES_MAX 65536u /* of an unwanted body; more is not awaited */
#define STATUS_GONE     499    /* never sent: the client left */

enum phase {
	PHASE_HANDSHAKE,
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_HANDLER,
	PHASE_SEND,
	PHASE_DRAIN,
	PHASE_LINGER,
};

enum step {
	STEP_ON,         /* take the next */
	STEP_WAIT_READ,  /* until the socket has bytes */
	STEP_WAIT_WRITE, /* until it takes bytes */
	STEP_WAIT,       /* until somebody calls */
	STEP_CLOSE,
};

struct connection {
	struct connection *next;
	struct connection *previous;
	struct lane *lane;
	struct transport transport;
	struct event read;
	struct event write;
	enum phase phase;
	bool reads;     /* the read event is added */
	bool writes;    /* the write event is */
	bool turning;   /* within turn() */
	bool in_head;   /* part of a head has come */
	bool continued; /* "100 Continue" was sent */
	bool last;      /* close after this answer */
	struct buf in;  /* received and not used */
	size_t in_at;   /* used of it */
	size_t tried;   /* that many unused bytes are no whole head */
	struct request *request;
	struct intake intake;
	struct sender sender;
	uint64_t served;
	uint64_t received;
	int64_t deadline;       /* clock_ticks(); 0: none */
	int64_t since;          /* when it was set */
	int64_t window_at;      /* 0: begins at the next check */
	uint64_t window_amount; /* progress at that time */
	char peer[64];
};

/* --- life ------------------------------------------------------------- */

static const struct http_conf *
conf_of(const struct connection *connection)
{
	return connection->lane->rules->conf;
}

static void
set_deadline(struct connection *connection, uint64_t ms)
{
	connection->since = clock_ticks();
	connection->deadline = connection->since + (int64_t)ms * 1000;
}

static void
enter(struct connection *connection, enum phase phase)
{
	connection->phase = phase;
	connection->window_at = 0;
}

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

/* --- bytes that came and were not used -------------------------------- */

static struct bytes
unused(const struct connection *connection)
{
	return bytes_of(connection->in.data + connection->in_at,
	    connection->in.len - connection->in_at);
}

/* Keep exactly these: the end of `in`, or bytes in the scratch. */
static void
keep(struct connection *connection, struct bytes rest)
{
	struct buf *in = &connection->in;

	if (in->len > 0) {
		connection->in_at = in->len - rest.len;
	} else if (rest.len > 0) {
		buf_add_bytes(in, rest);
	}
	if (rest.len == 0) {
		buf_fini(in); /* most of the time there is nothing */
		connection->in_at = 0;
	}
}

/*
 * Receive up to `max` bytes behind the unused ones; *input_out is all of
 * them.
 */
static ssize_t
receive(struct connection *connection, size_t max, struct bytes *input_out)
{
	struct transport *transport = &connection->transport;
	struct buf *in = &connection->in;
	struct bytes old = unused(connection);
	uint8_t *place = connection->lane->scratch;
	ssize_t got;

	if (old.len > 0) {
		if (connection->in_at > 0) {
			memmove(in->data, old.data, old.len);
			in->len = old.len;
			connection->in_at = 0;
		}
		place = buf_reserve(in, max);
		if (place == NULL) {
			return TRANSPORT_FAILED;
		}
	}
	got = transport->kind->read(transport, place, max);
	if (got > 0) {
		connection->received += (uint64_t)got;
		counts_add(&connection->lane->counts.bytes_in, (uint64_t)got);
		if (old.len > 0) {
			buf_grow(in, (size_t)got);
		}
		*input_out = old.len > 0 ? unused(connection)
		                         : bytes_of(place, (size_t)got);
	}
	return got;
}

/* Whether there is more to read without the socket saying so. */
static enum step
read_on(const struct connection *connection)
{
	const struct transport *transport = &connection->transport;

	return transport->kind->has_pending(transport) ? STEP_ON
	                                               : STEP_WAIT_READ;
}

static enum step
step_of(ssize_t answer)
{
	switch (answer) {
	case TRANSPORT_WANT_READ:
		return STEP_WAIT_READ;
	case TRANSPORT_WANT_WRITE:
		return STEP_WAIT_WRITE;
	default:
		return STEP_CLOSE; /* the end, or reset */
	}
}

/* --- handshake -------------------------------------------------------- */

static enum step
step_handshake(struct connection *connection)
{
	struct transport *transport = &connection->transport;
	ssize_t answer = transport->kind->handshake(transport);

	if (answer > 0) {
		enter(connection, PHASE_HEAD);
		return STEP_ON;
	}
	if (step_of(answer) == STEP_CLOSE) {
		counts_add(&connection->lane->counts.handshakes_failed, 1);
	}
	return step_of(answer);
}

/* --- head ------------------------------------------------------------- */

static struct request *
begin(struct connection *connection, struct request *request)
{
	connection->request = request;
	connection->deadline = 0;
	connection->in_head = false;
	connection->continued = false;
	connection->tried = 0;
	connection->served++;
	request->connection = connection;
	request->peer = connection->peer;
	request->log.peer = connection->peer;
	request->started = clock_ticks();
	enter(connection, PHASE_HANDLER);
	return request;
}

/* What came cannot be framed: answer, and trust nothing that follows. */
static void
refuse(struct connection *connection, struct request *request, int status)
{
	begin(connection, request);
	request->head.method = METHOD_OTHER;
	request->head.method_name = NO_BYTES;
	request->head.count = 0;
	request->head.minor = 1;
	connection->last = true;
	connection->intake = (struct intake){ .whole = false };
	reply_problem(request, status, NULL);
}

static void
accept_head(struct connection *connection, struct request *request,
    struct bytes input, size_t used)
{
	struct bytes head =
	    arena_copy(request->arena, bytes_of(input.data, used));

	head_move(&request->head, input.data, head.data);
	keep(connection, bytes_of(input.data + used, input.len - used));
	begin(connection, request);
	request->peer = peer_find(conf_of(connection)->proxies,
	    connection->peer, &request->head, request->arena);
	request->log.peer = request->peer;
	intake_init(&connection->intake, &request->head);
	connection->last =
	    request->head.closes ||
	    connection->served >= conf_of(connection)->keepalive_max;
	dispatch_begin(request);
	if (request->collects) {
		connection_receive(connection);
	}
}

static enum step
wait_for_head(struct connection *connection, struct bytes input)
{
	keep(connection, input);
	connection->tried = input.len;
	if (!connection->in_head) {
		connection->in_head = true;
		set_deadline(connection, conf_of(connection)->head_timeout_ms);
	}
	return read_on(connection);
}

static enum step
step_head(struct connection *connection)
{
	struct bytes input = unused(connection);
	struct request *request;
	int used;

	if (input.len <= connection->tried) {
		ssize_t got = receive(connection, HEAD_BYTES_MAX, &input);

		if (got <= 0) {
			return step_of(got);
		}
	}
	request = request_new(connection->lane);
	used = head_parse(&request->head, input);
	if (used == 0) {
		request_free(request);
		return wait_for_head(connection, input);
	}
	if (used < 0) {
		refuse(connection, request, -used);
	} else {
		accept_head(connection, request, input, (size_t)used);
	}
	return STEP_ON;
}

/* --- body ------------------------------------------------------------- */

/* The client waits for it before it sends the body (RFC 9110, 10.1.1). */
static bool
send_continue(struct connection *connection)
{
	static const char line[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct transport *transport = &connection->transport;
	const struct bytes piece = bytes_of(line, sizeof(line) - 1);

	connection->continued = true;
	/* Nothing else is under way, so a socket that is alive takes it. */
	return transport->kind->write(transport, &piece, 1) ==
	       (ssize_t)piece.len;
}

static void
collect(struct request *request, struct bytes piece)
{
	uint64_t max = request->lane->rules->conf->body_max_bytes;
	struct fault fault;

	request->collected.max = (size_t)max;
	buf_add_bytes(&request->collected, piece);
	if (buf_check(&request->collected, &fault) < 0) {
		reply_problem(request, 413, fault.text);
	}
}

static void
end_body(struct connection *connection)
{
	struct request *request = connection->request;

	connection->deadline = 0;
	enter(connection, PHASE_HANDLER);
	if (request->sink != NULL) {
		request->sink->end(request);
	} else {
		request->body = buf_bytes(&request->collected);
		dispatch_call(request);
	}
}

/* The body broke off, and the client may still read why. */
static void
cut_body(struct connection *connection, int status, const char *why)
{
	struct request *request = connection->request;
	struct fault fault;

	connection->deadline = 0;
	connection->last = true;
	enter(connection, PHASE_HANDLER);
	request->cut_status = status;
	if (request->sink == NULL) {
		reply_problem(request, status, why);
		return;
	}
	fault_set(&fault, FAULT_INVALID, "%s", why);
	request->sink->cut(request, &fault);
}

/* Hand on what the framing makes of the input. */
static void
take_body(struct connection *connection, struct bytes *input)
{
	struct request *request = connection->request;
	enum intake_step step = INTAKE_PIECE;
	struct bytes piece;

	while (
	    step == INTAKE_PIECE && !request->paused && !request->reply.ready) {
		step = intake_next(&connection->intake, input, &piece);
		if (step != INTAKE_PIECE) {
			break;
		}
		if (request->sink != NULL) {
			request->sink->data(request, piece);
		} else {
			collect(request, piece);
		}
	}
	keep(connection, *input);
	if (request->reply.ready) {
		enter(connection, PHASE_HANDLER);
	} else if (step == INTAKE_BAD) {
		cut_body(connection, 400, "the chunks of the body are broken");
	} else if (step == INTAKE_END) {
		end_body(connection);
	}
}

static enum step
step_body(struct connection *connection)
{
	struct request *request = connection->request;
	struct bytes input = unused(connection);
	size_t room = LANE_SCRATCH_BYTES;
	ssize_t got = 0;

	if (request->reply.ready) {
		enter(connection, PHASE_HANDLER);
		return STEP_ON;
	}
	if (request->paused) {
		return STEP_WAIT;
	}
	if (input.len == 0 && !connection->intake.whole) {
		if (request->head.expects && !connection->continued &&
		    !send_continue(connection)) {
			return STEP_CLOSE;
		}
		room = intake_room(&connection->intake, room);
		got = receive(connection, room, &input);
		if (got <= 0) {
			return step_of(got);
		}
	}
	take_body(connection, &input);
	if (connection->phase == PHASE_BODY && got > 0 && (size_t)got < room &&
	    !request->paused) {
		return read_on(connection); /* the socket is empty */
	}
	return STEP_ON;
}

/* --- answer ----------------------------------------------------------- */

/* Can the rest of an unread body be skipped, to keep the connection? */
static bool
can_drain(const struct connection *connection)
{
	const struct request *request = connection->request;

	return connection->intake.framing == HEAD_BODY_LENGTH &&
	       connection->intake.left <= DRAIN_BYTES_MAX &&
	       (!request->head.expects || connection->continued);
}

static enum step
step_handler(struct connection *connection)
{
	struct request *request = connection->request;
	struct lane *lane = connection->lane;

	if (!request->reply.ready) {
		return STEP_WAIT;
	}
	connection->deadline = 0;
	if (lane->draining ||
	    (!connection->intake.whole && !can_drain(connection)) ||
	    (request->reply.length == REPLY_UNKNOWN &&
	        request->head.minor == 0)) {
		connection->last = true;
	}
	sender_init(&connection->sender, request,
	    reply_format(request, lane->date, connection->last));
	enter(connection, PHASE_SEND);
	return STEP_ON;
}

/* Ready for the next request; does not look for it in the socket. */
static enum step
next_request(struct connection *connection)
{
	enter(connection, PHASE_HEAD);
	set_deadline(connection, conf_of(connection)->idle_timeout_ms);
	return unused(connection).len > 0 ? STEP_ON : read_on(connection);
}

/*
 * Closing with bytes unread would reset the connection and may take the
 * answer with it (RFC 9112, 9.6): say that no more comes, then read on for a
 * moment.
 */
static enum step
close_gently(struct connection *connection)
{
	connection->transport.kind->finish(&connection->transport);
	enter(connection, PHASE_LINGER);
	set_deadline(connection, conf_of(connection)->linger_timeout_ms);
	return STEP_ON;
}

static enum step
end_answer(struct connection *connection)
{
	struct request *request = connection->request;

	counts_add(&connection->lane->counts.bytes_out,
	    connection->sender.sent);
	connection->request = NULL;
	request_end(request);
	if (connection->last) {
		return close_gently(connection);
	}
	if (!connection->intake.whole) {
		enter(connection, PHASE_DRAIN);
		set_deadline(connection, conf_of(connection)->head_timeout_ms);
		return STEP_ON;
	}
	return next_request(connection);
}

static enum step
step_send(struct connection *connection)
{
	switch (sender_step(&connection->sender, &connection->transport)) {
	case SENDER_ON:
		return STEP_ON;
	case SENDER_DONE:
		return end_answer(connection);
	case SENDER_WANT_READ:
		return STEP_WAIT_READ;
	case SENDER_WANT_WRITE:
		return STEP_WAIT_WRITE;
	case SENDER_WAIT:
		return STEP_WAIT;
	case SENDER_FAILED:
	default:
		return STEP_CLOSE;
	}
}

static enum step
step_drain(struct connection *connection)
{
	struct intake *intake = &connection->intake;
	struct bytes input = unused(connection);
	struct bytes piece;

	if (input.len == 0) {
		ssize_t got = receive(connection,
		    intake_room(intake, LANE_SCRATCH_BYTES), &input);

		if (got <= 0) {
			return step_of(got);
		}
	}
	while (intake_next(intake, &input, &piece) == INTAKE_PIECE) {
	}
	keep(connection, input);
	return intake->whole ? next_request(connection) : STEP_ON;
}

static enum step
step_linger(struct connection *connection)
{
	struct lane *lane = connection->lane;
	ssize_t got = recv(connection->transport.descriptor, lane->scratch,
	    LANE_SCRATCH_BYTES, 0);

	if (got > 0) {
		return STEP_ON;
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR) ? STEP_WAIT_READ
	                                                      : STEP_CLOSE;
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
	static enum step (*const steps[])(struct connection *) = {
		[PHASE_HANDSHAKE] = step_handshake,
		[PHASE_HEAD] = step_head,
		[PHASE_BODY] = step_body,
		[PHASE_HANDLER] = step_handler,
		[PHASE_SEND] = step_send,
		[PHASE_DRAIN] = step_drain,
		[PHASE_LINGER] = step_linger,
	};
	enum step step = STEP_ON;
	unsigned turns = 0;

	while (step == STEP_ON && turns < TURNS_MAX) {
		turns += connection->phase != PHASE_HANDLER;
		step = steps[connection->phase](connection);
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
	set_deadline(connection, conf_of(connection)->head_timeout_ms);
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
		enter(connection, PHASE_HANDLER);
		turn(connection);
	}
}

void
connection_receive(struct connection *connection)
{
	enter(connection, PHASE_BODY);
	set_deadline(connection, conf_of(connection)->request_timeout_ms);
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
		cut_body(connection, 408, "the body came too slowly");
		break;
	case PHASE_HEAD:
		if (connection->in_head) {
			refuse(connection, request_new(connection->lane), 408);
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

/* Whether the window is over and too little has moved in it. */
static bool
is_too_slow(struct connection *connection, int64_t now)
{
	const struct http_conf *conf = conf_of(connection);
	uint64_t amount = progress(connection);
	uint64_t ms = (uint64_t)(now - connection->window_at) / 1000;

	if (connection->window_at != 0 && ms < conf->rate_window_ms) {
		return false;
	}
	if (connection->window_at != 0 &&
	    (amount - connection->window_amount) * 1000 <
	        conf->rate_min_bytes * ms) {
		return true;
	}
	connection->window_at = now;
	connection->window_amount = amount;
	return false;
}

void
connection_check(struct connection *connection, int64_t now)
{
	if (connection->phase == PHASE_BODY && connection->request->paused) {
		connection->window_at = 0; /* it is us who are waited for */
	} else if (connection->deadline != 0 && now >= connection->deadline) {
		late(connection);
	} else if (!is_under_rate(connection)) {
		connection->window_at = 0;
	} else if (is_too_slow(connection, now)) {
		late(connection);
	}
}
