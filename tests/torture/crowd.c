/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A crowd before the server's door, and a few who only want to be served:
 *
 *     crowd PORT TOKEN PID SEED IDLE SLOW SECONDS
 *
 * IDLE connections say nothing (or asked once, or closed their side), SLOW
 * send a byte a second: of a head, of a body.  Others flood with headers,
 * send ahead, and try what makes a proxy and a server disagree about where a
 * request ends.  Beside them a thread asks for a record and measures, before
 * and during.  PID is the server, whose memory and descriptors are looked at.
 *
 * What was wrong is said on lines that begin with "wrong:"; the exit code is
 * 1 then.
 */

#include "base/memory.h"
#include "tests/torture/beside.h"
#include "tests/torture/process.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#define HEAD_MAX  65536u /* what a flood may send before it is cut */
#define PIPELINED 200u
#define SLICES    20u  /* of a second, in which the slow take turns */
#define BATCH     200u /* that come at a time: the kernel lets 4,096 wait */

struct crowd {
	unsigned port;
	const char *token;
	const char *pid;
	uint64_t seed;
	unsigned idle_count;
	unsigned slow_count;
	unsigned seconds;
	int *idle;
	struct slow *slow;
	char get[600]; /* a request of those who are served */
	unsigned wrong;
};

/* One that sends its text byte by byte, and begins anew where it is cut. */
struct slow {
	int descriptor; /* -1: not open */
	char text[400];
	size_t at;
};

static void __attribute__((format(printf, 2, 3)))
wrong(struct crowd *crowd, const char *format, ...)
{
	va_list args;

	crowd->wrong++;
	printf("wrong: ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* --- those who only stand there ------------------------------------------------- */

static int
open_one(const struct crowd *crowd)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)crowd->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (descriptor >= 0 &&
	    connect(descriptor, (struct sockaddr *)&address, sizeof(address)) <
	        0 &&
	    errno != EINPROGRESS) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

/* Silent, or asked once and never read, or closed its side. */
static void
stand(struct crowd *crowd, unsigned i)
{
	int descriptor = open_one(crowd);
	struct pollfd ready = { descriptor, POLLOUT, 0 };

	crowd->idle[i] = descriptor;
	if (descriptor < 0) {
		return;
	}
	if (scratch_draw(&crowd->seed) % 3 == 0 && poll(&ready, 1, 100) == 1) {
		(void)!send(descriptor, crowd->get, strlen(crowd->get),
		    MSG_NOSIGNAL);
		if (scratch_draw(&crowd->seed) % 4 == 0) {
			shutdown(descriptor, SHUT_WR);
		}
	}
}

static void
send_slowly(struct crowd *crowd, struct slow *slow)
{
	if (slow->descriptor < 0) {
		slow->descriptor = open_one(crowd);
		slow->at = 0;
		snprintf(slow->text, sizeof(slow->text),
		    scratch_draw(&crowd->seed) % 2 == 0
		        ? "GET /api/v1/units/tinh HTTP/1.1\r\nHost: h\r\n"
		          "X-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		        : "POST /api/v1/units HTTP/1.1\r\nHost: h\r\n"
		          "Authorization: Bearer %s\r\nContent-Type: "
		          "application/json\r\nContent-Length: 60000\r\n\r\n{",
		    crowd->token);
		return;
	}
	/* All but the last bytes of a head at once: the rest is what is slow. */
	size_t len = slow->at == 0 ? strlen(slow->text) - 20 : 1;
	const char *from =
	    slow->at < strlen(slow->text) ? slow->text + slow->at : " ";

	if (send(slow->descriptor, from, len, MSG_NOSIGNAL | MSG_DONTWAIT) >=
	    0) {
		slow->at += len;
	} else if (errno != EAGAIN) {
		close(slow->descriptor);
		slow->descriptor = -1;
	}
}

/* --- those who want to be taken for two ---------------------------------------- */

#define POST    "POST /api/v1/units HTTP/1.1\r\nHost: h\r\n"
#define HIDDEN  "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"

/* What must be refused, and end the connection, before HIDDEN is seen. */
static const struct trick {
	const char *name;
	const char *text;
} tricks[] = {
	{ "two lengths",
	    POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde" HIDDEN },
	{ "two equal lengths",
	    POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde" HIDDEN },
	{ "a list of lengths",
	    POST "Content-Length: 5, 5\r\n\r\nabcde" HIDDEN },
	{ "a length and chunks",
	    POST "Content-Length: 4\r\n" CHUNKED "\r\n0\r\n\r\n" HIDDEN },
	{ "chunks and a length",
	    POST CHUNKED "Content-Length: 4\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "a length with a sign",
	    POST "Content-Length: +5\r\n\r\nabcde" HIDDEN },
	{ "a negative length", POST "Content-Length: -5\r\n\r\n" HIDDEN },
	{ "a length in hexadecimal",
	    POST "Content-Length: 0x5\r\n\r\nabcde" HIDDEN },
	{ "a length beyond 64 bits",
	    POST "Content-Length: 18446744073709551621\r\n\r\nabcde" HIDDEN },
	{ "an empty length", POST "Content-Length:\r\n\r\n" HIDDEN },
	{ "a blank before the colon",
	    POST "Content-Length : 5\r\n\r\nabcde" HIDDEN },
	{ "a folded field",
	    POST "X: a\r\n Content-Length: 5\r\n\r\nabcde" HIDDEN },
	{ "a folded coding",
	    POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "a bare LF behind a field",
	    POST "X: a\nContent-Length: 5\r\n\r\nabcde" HIDDEN },
	{ "a bare CR in a field",
	    POST "X: a\rContent-Length: 5\r\n\r\nabcde" HIDDEN },
	{ "a bare LF at the end of the head",
	    POST "Content-Length: 0\r\n\n" HIDDEN },
	{ "another coding",
	    POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "two codings", POST
	    "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "a coding twice", POST CHUNKED CHUNKED "\r\n0\r\n\r\n" HIDDEN },
	{ "identity before chunks", POST
	    "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "a coding with a control character",
	    POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" HIDDEN },
	{ "chunks in HTTP/1.0",
	    "POST /api/v1/units HTTP/1.0\r\nHost: h\r\n" CHUNKED
	    "\r\n0\r\n\r\n" HIDDEN },
	{ "two hosts",
	    "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" HIDDEN },
	{ "no host", "GET /healthz HTTP/1.1\r\n\r\n" HIDDEN },
	{ "a GET with a body",
	    "GET /healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 36\r\n\r\n" HIDDEN },
	{ "HTTP/1.9", "GET /healthz HTTP/1.9\r\nHost: h\r\n\r\n" HIDDEN },
	{ "a tab in the first line",
	    "GET\t/healthz HTTP/1.1\r\nHost: h\r\n\r\n" HIDDEN },
	{ "two blanks in the first line",
	    "GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n" HIDDEN },
	{ "a field without a name",
	    "GET /healthz HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n" HIDDEN },
	{ "a field of no colon",
	    "GET /healthz HTTP/1.1\r\nHost: h\r\nx\r\n\r\n" HIDDEN },
};

/* The same for chunks, of a request that is let in: behind its head. */
static const struct trick chunk_tricks[] = {
	{ "a chunk's size with 0x", "0x2\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a chunk's size with a sign", "+2\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a chunk's size with a blank", " 2\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a chunk's size beyond 64 bits",
	    "10000000000000002\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a chunk's size that is none", "\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a bare LF behind a chunk's size", "2\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "no line end behind a chunk", "2\r\n{}0\r\n\r\n" HIDDEN },
	{ "a bare LF behind a chunk", "2\r\n{}\n0\r\n\r\n" HIDDEN },
	{ "a bare CR in a chunk's extension",
	    "2;a\rb\r\n{}\r\n0\r\n\r\n" HIDDEN },
	{ "a bare LF in a chunk's extension",
	    "2;a\nb\r\n{}\r\n0\r\n\r\n" HIDDEN },
};

/* All that comes until the end. */
static void
read_all(struct client *client)
{
	while (client->in.len < 65536 && client_fill(client) > 0) {
	}
	buf_add_byte(&client->in, '\0');
}

static unsigned
count_answers(const struct client *client)
{
	const char *at = (const char *)client->in.data;
	unsigned count = 0;

	while ((at = strstr(at, "HTTP/1.1 ")) != NULL) {
		count++;
		at += 9;
	}
	return count;
}

static void
play(struct crowd *crowd, const struct trick *trick, const char *head)
{
	struct client client = client_open(crowd->port);
	int status = 0;

	client_send(&client, head);
	client_send(&client, trick->text);
	read_all(&client);
	sscanf((const char *)client.in.data, "HTTP/1.1 %3d", &status);
	if (status < 400 || (status >= 500 && status != 501 && status != 505) ||
	    count_answers(&client) != 1) {
		wrong(crowd, "%s: %u answers, the first %d", trick->name,
		    count_answers(&client), status);
	}
	client_close(&client);
}

static void
play_all(struct crowd *crowd)
{
	char head[700];

	snprintf(head, sizeof(head),
	    POST "Authorization: Bearer %s\r\nContent-Type: application/json"
	         "\r\n" CHUNKED "\r\n",
	    crowd->token);
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		play(crowd, &tricks[i], "");
	}
	for (size_t i = 0; i < sizeof(chunk_tricks) / sizeof(chunk_tricks[0]);
	     i++) {
		play(crowd, &chunk_tricks[i], head);
	}
}

/* A chunk extension is legal: skipped, and the next request is seen. */
static void
extend_chunks(struct crowd *crowd)
{
	struct client client = client_open(crowd->port);
	struct answer *answer = xzalloc(sizeof(*answer));
	char text[900];

	buf_init(&answer->body, CLIENT_BODY_MAX);
	snprintf(text, sizeof(text),
	    POST "Authorization: Bearer %s\r\nContent-Type: application/json"
	         "\r\n" CHUNKED "\r\n2;a=b;c=\"d\"\r\n{}\r\n0;e\r\nX: y\r\n"
	         "\r\n",
	    crowd->token);
	if (!client_ask(&client, text, answer) || answer->status != 400 ||
	    strstr(buf_text(&answer->body), "problem:invalid") == NULL ||
	    !client_ask(&client, HIDDEN, answer) || answer->status != 200) {
		wrong(crowd, "chunk extensions: %d %s", answer->status,
		    buf_text(&answer->body));
	}
	client_close(&client);
	buf_fini(&answer->body);
	free(answer);
}

/* --- those who send too much ------------------------------------------------------ */

/* Heads without an end; the server must cut them, not collect them. */
static void
flood(struct crowd *crowd, const char *begin, const char *again)
{
	struct client client = client_open(crowd->port);
	size_t sent = strlen(begin);
	int status = 0;

	client_send(&client, begin);
	while (sent < HEAD_MAX && client_send(&client, again)) {
		struct pollfd ready = { client.descriptor, POLLIN, 0 };

		sent += strlen(again);
		if (poll(&ready, 1, 0) == 1) {
			break;
		}
	}
	if (sent >= HEAD_MAX) {
		/* All of it may have been on its way. */
		struct pollfd ready = { client.descriptor, POLLIN, 0 };

		poll(&ready, 1, (int)CLIENT_PATIENCE_MS);
	}
	read_all(&client);
	sscanf((const char *)client.in.data, "HTTP/1.1 %3d", &status);
	if (status != 431 && status != 414 && status != 400) {
		wrong(crowd, "a flood of %.10s was answered %d", again, status);
	}
	client_close(&client);
}

static void
flood_all(struct crowd *crowd)
{
	static const char begin[] = "GET /healthz HTTP/1.1\r\nHost: h\r\n";

	flood(crowd, begin, "X-Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: bbbbbbbbbb\r\n");
	flood(crowd, begin, "A:\r\n");
	flood(crowd, begin,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	flood(crowd, "GET /",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	flood(crowd, "",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

/* Many at once, and its side closed behind them: all are answered in order. */
static void
send_ahead(struct crowd *crowd)
{
	struct client client = client_open(crowd->port);
	struct answer *answer = xzalloc(sizeof(*answer));
	unsigned count = 0;

	buf_init(&answer->body, CLIENT_BODY_MAX);
	for (unsigned i = 0; i < PIPELINED; i++) {
		client_send(&client, crowd->get);
	}
	shutdown(client.descriptor, SHUT_WR);
	while (count < PIPELINED && client_answer(&client, answer, false) &&
	       answer->status == 200) {
		count++;
	}
	if (count != PIPELINED || !client_at_end(&client)) {
		wrong(crowd, "of %u that were sent ahead %u were answered",
		    PIPELINED, count);
	}
	client_close(&client);
	buf_fini(&answer->body);
	free(answer);
}

/* --- the day ------------------------------------------------------------------------ */

static void
let_in(struct crowd *crowd)
{
	unsigned refused = 0;

	crowd->idle = xzalloc((crowd->idle_count + 1) * sizeof(*crowd->idle));
	crowd->slow = xzalloc((crowd->slow_count + 1) * sizeof(*crowd->slow));
	for (unsigned i = 0; i < crowd->idle_count; i++) {
		stand(crowd, i);
		refused += crowd->idle[i] < 0;
		if (i % BATCH == BATCH - 1) {
			poll(NULL, 0, 20);
		}
	}
	for (unsigned i = 0; i < crowd->slow_count; i++) {
		crowd->slow[i].descriptor = -1;
		send_slowly(crowd, &crowd->slow[i]);
	}
	if (refused > 0) {
		printf("# %u of the crowd got no descriptor of their own\n",
		    refused);
	}
}

static void
send_away(struct crowd *crowd)
{
	for (unsigned i = 0; i < crowd->idle_count; i++) {
		if (crowd->idle[i] >= 0) {
			close(crowd->idle[i]);
		}
	}
	for (unsigned i = 0; i < crowd->slow_count; i++) {
		if (crowd->slow[i].descriptor >= 0) {
			close(crowd->slow[i].descriptor);
		}
	}
}

/* A second of the crowd: every slow one a byte, and some mischief. */
static void
press(struct crowd *crowd)
{
	int64_t end = beside_us() + 1000000;

	switch (scratch_draw(&crowd->seed) % 4) {
	case 0:
		play_all(crowd);
		break;
	case 1:
		flood_all(crowd);
		break;
	case 2:
		send_ahead(crowd);
		break;
	default:
		extend_chunks(crowd);
		break;
	}
	for (unsigned i = 0; i < SLICES; i++) {
		for (unsigned j = i; j < crowd->slow_count; j += SLICES) {
			send_slowly(crowd, &crowd->slow[j]);
		}
		poll(NULL, 0, 1000 / SLICES);
	}
	while (beside_us() < end) {
		poll(NULL, 0, 10);
	}
}

static void
live(struct crowd *crowd)
{
	struct beside *served = xzalloc(sizeof(*served));
	long before, most, after;
	unsigned open_before, open_after;
	uint32_t quiet, crowded;
	pthread_t thread;

	play_all(crowd);
	flood_all(crowd);
	send_ahead(crowd);
	extend_chunks(crowd);
	thread = beside_begin(served, crowd->port, crowd->get);
	poll(NULL, 0, (int)crowd->seconds * 500);
	quiet = beside_end(served, thread);
	before = process_kb(crowd->pid);
	open_before = process_descriptors(crowd->pid);
	let_in(crowd);
	thread = beside_begin(served, crowd->port, crowd->get);
	most = before;
	for (unsigned i = 0; i < crowd->seconds; i++) {
		long now;

		press(crowd);
		now = process_kb(crowd->pid);
		most = now > most ? now : most;
	}
	crowded = beside_end(served, thread);
	if (served->refused > 0 || served->count == 0) {
		wrong(crowd, "%u of %u requests of others were not served",
		    served->refused, served->count + served->refused);
	}
	send_away(crowd);
	for (unsigned i = 0; i < 300 && (open_after = process_descriptors(
	                                     crowd->pid)) > open_before;
	     i++) {
		poll(NULL, 0, (int)patience_ms(100));
	}
	open_after = process_descriptors(crowd->pid);
	after = process_kb(crowd->pid);
	if (open_after > open_before) {
		wrong(crowd, "%u descriptors are open, and were %u", open_after,
		    open_before);
	}
	printf("requests=%u p99_quiet_us=%u p99_crowded_us=%u "
	       "kb_before=%ld kb_most=%ld kb_after=%ld\n",
	    served->count, quiet, crowded, before, most, after);
	free(served);
}

int
main(int argc, char **argv)
{
	struct crowd crowd = { 0 };

	if (argc != 8) {
		fputs("usage: crowd PORT TOKEN PID SEED IDLE SLOW SECONDS\n",
		    stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	crowd.port = (unsigned)strtoul(argv[1], NULL, 10);
	crowd.token = argv[2];
	crowd.pid = argv[3];
	crowd.seed = strtoull(argv[4], NULL, 10) + 1;
	crowd.idle_count = (unsigned)strtoul(argv[5], NULL, 10);
	crowd.slow_count = (unsigned)strtoul(argv[6], NULL, 10);
	crowd.seconds = (unsigned)strtoul(argv[7], NULL, 10);
	snprintf(crowd.get, sizeof(crowd.get),
	    "GET /api/v1/units/tinh HTTP/1.1\r\nHost: h\r\n"
	    "Authorization: Bearer %s\r\n\r\n",
	    crowd.token);
	live(&crowd);
	free(crowd.idle);
	free(crowd.slow);
	return crowd.wrong > 0;
}
