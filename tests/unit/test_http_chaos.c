/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients drawn at random: some requests each, sent in pieces of any size,
 * pipelined or not; some clients leave in the middle.  Whoever stays gets
 * every answer, whole and in order; whoever leaves leaves nothing behind.
 */

#include "tests/unit/http_fixture.h"

#include <poll.h>

#define SESSIONS     600
#define REQUESTS_MAX 8
#define BODY_MAX     200000u

enum kind {
	KIND_HELLO,
	KIND_LATER,
	KIND_RECORD,
	KIND_BYTES,
	KIND_CHUNKS,
	KIND_UPLOAD,
	KIND_BIG,
	KIND_UNKNOWN,
	KIND_RANGE,
	KIND_ABSENT,
	KIND_COUNT,
};

struct drawn {
	enum kind kind;
	size_t bytes;
	unsigned number;
};

static struct buf text;

static size_t
draw(size_t below)
{
	return (size_t)(unit_draw() % below);
}

static void
add_pattern(size_t from, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buf_add_byte(&text, app_byte(from + i));
	}
}

static void
add_chunks(size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t part = draw(9000) + 1;

		part = len - at < part ? len - at : part;
		buf_add_format(&text, "%zx%s\r\n", part,
		    draw(4) == 0 ? ";a=b" : "");
		add_pattern(at, part);
		buf_add_text(&text, "\r\n");
		at += part;
	}
	buf_add_text(&text, draw(2) == 0 ? "0\r\n\r\n" : "0\r\nX: y\r\n\r\n");
}

static void
add_request(struct drawn *drawn)
{
	drawn->kind = (enum kind)draw(KIND_COUNT);
	drawn->bytes = draw(2) == 0 ? draw(BODY_MAX) : draw(100);
	drawn->number = (unsigned)draw(1000);
	switch (drawn->kind) {
	case KIND_HELLO:
		buf_add_text(&text, GET("/hello"));
		break;
	case KIND_LATER:
		buf_add_text(&text, GET("/later"));
		break;
	case KIND_RECORD:
		buf_add_format(&text, "GET /record/%u" HOST "\r\n",
		    drawn->number);
		break;
	case KIND_BYTES:
		buf_add_format(&text,
		    "POST /bytes" HOST "Content-Length: %zu\r\n\r\n",
		    drawn->bytes);
		add_pattern(0, drawn->bytes);
		break;
	case KIND_CHUNKS:
		buf_add_text(&text,
		    "POST /bytes" HOST "Transfer-Encoding: chunked\r\n\r\n");
		add_chunks(drawn->bytes);
		break;
	case KIND_UPLOAD:
		buf_add_format(&text,
		    "PATCH /upload%s" HOST "Content-Length: %zu\r\n\r\n",
		    draw(2) == 0 ? "?pause" : "", drawn->bytes);
		add_pattern(0, drawn->bytes);
		break;
	case KIND_BIG:
	case KIND_UNKNOWN:
		buf_add_format(&text, "GET /big?bytes=%zu%s%s" HOST "\r\n",
		    drawn->bytes, draw(2) == 0 ? "&waits" : "",
		    drawn->kind == KIND_UNKNOWN ? "&unknown" : "");
		break;
	case KIND_RANGE:
		drawn->number %= (unsigned)drawn->bytes + 1;
		buf_add_format(&text,
		    "GET /big?bytes=%zu" HOST "Range: bytes=%u-\r\n\r\n",
		    drawn->bytes + 1, drawn->number);
		break;
	case KIND_ABSENT:
	case KIND_COUNT:
	default:
		buf_add_text(&text,
		    "PUT /absent" HOST "Content-Length: 3\r\n\r\nabc");
		break;
	}
}

static void
check_pattern(size_t from, size_t len)
{
	assert_int_equal(answer.body.len, len);
	for (size_t i = 0; i < len; i++) {
		if (answer.body.data[i] != app_byte(from + i)) {
			print_error("byte %zu of %zu differs\n", i, len);
			fail();
		}
	}
}

static void
check_answer(const struct drawn *drawn)
{
	char wanted[64];

	switch (drawn->kind) {
	case KIND_HELLO:
		check_body("hello\n");
		break;
	case KIND_LATER:
		check_body("worked\n");
		break;
	case KIND_RECORD:
		snprintf(wanted, sizeof(wanted), "{\"id\":\"%u\"}",
		    drawn->number);
		check_body(wanted);
		break;
	case KIND_UPLOAD:
		snprintf(wanted, sizeof(wanted), "%zu ", drawn->bytes);
		assert_memory_equal(buf_text(&answer.body), wanted,
		    strlen(wanted));
		break;
	case KIND_RANGE:
		check_status(206);
		check_pattern(drawn->number, drawn->bytes + 1 - drawn->number);
		break;
	case KIND_ABSENT:
		check_status(404);
		break;
	case KIND_BYTES:
	case KIND_CHUNKS:
	case KIND_BIG:
	case KIND_UNKNOWN:
	case KIND_COUNT:
	default:
		check_status(200);
		check_pattern(0, drawn->bytes);
		break;
	}
}

/*
 * Send up to `len` bytes in pieces, reading what comes meanwhile, since a
 * server that has answers to send reads no more requests.
 */
static void
send_in_pieces(size_t len)
{
	size_t at = 0;
	size_t most = draw(3) == 0 ? 7 : 30000;

	/* Many bytes one by one would only take long. */
	most = len > 5000 ? 30000 : most;
	while (at < len) {
		struct pollfd ready = { client.descriptor, POLLIN | POLLOUT,
			0 };
		size_t part = draw(most) + 1;
		ssize_t sent;

		assert_true(poll(&ready, 1, (int)CLIENT_PATIENCE_MS) > 0);
		if ((ready.revents & POLLIN) != 0) {
			assert_true(client_fill(&client) > 0);
		}
		part = len - at < part ? len - at : part;
		sent = send(client.descriptor, text.data + at, part,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		at += sent > 0 ? (size_t)sent : 0;
	}
}

static void
run_session(void)
{
	struct drawn drawn[REQUESTS_MAX];
	size_t count = draw(REQUESTS_MAX) + 1;

	client = client_open(server_port(app.server, false));
	buf_reset(&text);
	for (size_t i = 0; i < count; i++) {
		add_request(&drawn[i]);
	}
	if (draw(4) == 0) {
		send_in_pieces(draw(text.len));
		if (draw(2) == 0) {
			client_reset(&client);
		}
	} else {
		send_in_pieces(text.len);
		for (size_t i = 0; i < count; i++) {
			assert_true(client_answer(&client, &answer, false));
			check_answer(&drawn[i]);
		}
		assert_int_equal(client.in.len, 0);
	}
	client_close(&client);
}

static void
clients_that_do_anything_get_their_answers_or_leave_nothing(void **state)
{
	struct counts counts;

	(void)state;
	app.loop_count = 2;
	buf_init(&text, 64 << 20);
	open_app();
	client_close(&client);
	for (int i = 0; i < SESSIONS; i++) {
		run_session();
	}
	buf_fini(&text);
	/* A stop waits for every request, so one that is lost would hang. */
	server_stop(app.server);
	assert_true(becomes(&app.stopped, 1));
	server_counts(app.server, &counts);
	assert_int_equal(atomic_load(&counts.accepted), SESSIONS + 1);
	assert_int_equal(atomic_load(&counts.closed), SESSIONS + 1);
}

UNIT_MAIN(app_test(clients_that_do_anything_get_their_answers_or_leave_nothing))
