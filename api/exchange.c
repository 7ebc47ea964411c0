/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A connection is in one phase at a time; a phase has one step, which does
 * what can be done without waiting and says how to go on:
 *
 *   handshake -> head -> (handler | body -> handler) -> send -> head ...
 *                                                        |-> drain -> head
 *                                                        '-> linger -> closed
 *
 * Bytes are received into the lane's scratch and used from there; only what
 * is left over (part of a head, the next request) is kept in `in`.
 */

#include "api/exchange.h"

#include "api/connection.h"
#include "api/dispatch.h"
#include "api/peer.h"
#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define COLLECT_AHEAD_MAX 65536u
#define DRAIN_BYTES_MAX   65536u /* of an unwanted body; more is not awaited */

static const struct http_conf *
conf_of(const struct connection *connection)
{
	return connection->lane->rules->conf;
}

void
exchange_set_deadline(struct connection *connection, uint64_t ms)
{
	if (ms == 0) {
		connection->deadline = 0;
		return;
	}
	connection->since = clock_ticks();
	connection->deadline = connection->since + (int64_t)ms * 1000;
}

void
exchange_enter(struct connection *connection, enum phase phase)
{
	connection->phase = phase;
	connection->pace = (struct pace){ 0 };
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
		exchange_enter(connection, PHASE_HEAD);
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
	/* The request may outlive its connection. */
	request->peer = arena_text(request->arena, connection->peer);
	request->log.peer = request->peer;
	request->started = clock_ticks();
	exchange_enter(connection, PHASE_HANDLER);
	return request;
}

/* What came cannot be framed: answer, and trust nothing that follows. */
void
exchange_refuse(struct connection *connection, struct request *request,
    int status, const char *why)
{
	begin(connection, request);
	request->head.method = METHOD_OTHER;
	request->head.method_name = NO_BYTES;
	request->head.count = 0;
	request->head.minor = 1;
	connection->last = true;
	connection->intake = (struct intake){ .whole = false };
	reply_problem(request, status, why);
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
	request->peer = peer_find(conf_of(connection)->proxies, request->peer,
	    &request->head, request->arena);
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
		exchange_set_deadline(connection,
		    conf_of(connection)->head_timeout_ms);
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
		exchange_refuse(connection, request, -used, request->head.flaw);
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

/* Of the body, but no more memory than a client may take by a promise. */
static size_t
likely_length(const struct request *request)
{
	uint64_t length = request->head.length;

	return length < COLLECT_AHEAD_MAX ? (size_t)length : 0;
}

static void
collect(struct request *request, struct bytes piece)
{
	uint64_t max = request->lane->rules->conf->body_max_bytes;
	struct fault fault;

	request->collected.max = (size_t)max;
	if (request->collected.len == 0) {
		/* What comes in pieces is then not moved as it grows. */
		buf_reserve(&request->collected, likely_length(request));
	}
	buf_add_bytes(&request->collected, piece);
	if (buf_check(&request->collected, &fault) < 0) {
		reply_fault(request, &fault);
	}
}

static void
end_body(struct connection *connection)
{
	struct request *request = connection->request;

	connection->deadline = 0;
	exchange_enter(connection, PHASE_HANDLER);
	if (request->sink != NULL) {
		request->sink->end(request);
	} else {
		request->body = buf_bytes(&request->collected);
		dispatch_call(request);
	}
}

/* The body broke off, and the client may still read why. */
void
exchange_cut(struct connection *connection, int status, const char *why)
{
	struct request *request = connection->request;
	struct fault fault;

	connection->deadline = 0;
	connection->last = true;
	exchange_enter(connection, PHASE_HANDLER);
	request->cut_status = status;
	if (request->sink == NULL) {
		reply_problem(request, status, why);
		return;
	}
	fault_set(&fault, FAULT_INVALID, "the body broke off: %s", why);
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
		exchange_enter(connection, PHASE_HANDLER);
	} else if (step == INTAKE_BAD) {
		exchange_cut(connection, 400,
		    "the chunks of the body are broken");
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
		exchange_enter(connection, PHASE_HANDLER);
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
	exchange_enter(connection, PHASE_SEND);
	return STEP_ON;
}

/* Ready for the next request; does not look for it in the socket. */
static enum step
next_request(struct connection *connection)
{
	exchange_enter(connection, PHASE_HEAD);
	exchange_set_deadline(connection, conf_of(connection)->idle_timeout_ms);
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
	exchange_enter(connection, PHASE_LINGER);
	exchange_set_deadline(connection,
	    conf_of(connection)->linger_timeout_ms);
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
		exchange_enter(connection, PHASE_DRAIN);
		exchange_set_deadline(connection,
		    conf_of(connection)->head_timeout_ms);
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
	case SENDER_REFUSED:
		exchange_enter(connection, PHASE_HANDLER);
		return STEP_ON;
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

enum step
exchange_step(struct connection *connection)
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

	return steps[connection->phase](connection);
}
