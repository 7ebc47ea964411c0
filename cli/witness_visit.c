/* SPDX-License-Identifier: Apache-2.0 */

/*
 * READING until the request is whole, ANSWERING until the answer is sent, and
 * LEAVING until the peer has closed: who closes first while bytes of the
 * request are still on their way would take the answer back by a reset.
 */

#include "cli/witness_visit.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX   8192u
#define READ_BYTES 4096u
#define PATIENCE   (5 * INT64_C(1000000)) /* for a request, for an answer */
#define PATH_ROOM  128u
#define ANSWER_MAX (2 * WITNESS_REQUEST_MAX + HEAD_MAX)
#define PLAIN      "text/plain; charset=utf-8"

struct witness_visit {
	struct witness_folder *folder;
	int client;
	int64_t ends; /* clock_ticks() */

	enum { READING, ANSWERING, LEAVING } state;
	struct buf in;
	size_t head_len; /* 0 until it is there */
	size_t body_len;
	char method[8];
	char path[PATH_ROOM];
	struct buf out;
	size_t sent;
};

struct witness_visit *
witness_visit_new(int client, struct witness_folder *folder)
{
	struct witness_visit *visit = xzalloc(sizeof(*visit));

	visit->folder = folder;
	visit->client = client;
	visit->ends = clock_ticks() + PATIENCE;
	buf_init(&visit->in, HEAD_MAX + WITNESS_REQUEST_MAX + 2 * READ_BYTES);
	buf_init(&visit->out, ANSWER_MAX);
	return visit;
}

void
witness_visit_free(struct witness_visit *visit)
{
	if (visit != NULL) {
		buf_fini(&visit->out);
		buf_fini(&visit->in);
		close(visit->client);
		free(visit);
	}
}

int
witness_visit_descriptor(const struct witness_visit *visit)
{
	return visit->client;
}

short
witness_visit_events(const struct witness_visit *visit)
{
	return visit->state == ANSWERING ? POLLOUT : POLLIN;
}

int64_t
witness_visit_ends(const struct witness_visit *visit)
{
	return visit->ends;
}

/* --- the answer ------------------------------------------------------------ */

static const char *
reason_of(unsigned status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 409:
		return "Conflict";
	case 422:
		return "Unprocessable Entity";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

static void
answer(struct witness_visit *visit, unsigned status, const char *type,
    struct bytes body)
{
	buf_add_format(&visit->out,
	    "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    status, reason_of(status), type, body.len);
	buf_add_bytes(&visit->out, body);
	visit->state = ANSWERING;
	visit->ends = clock_ticks() + PATIENCE;
}

static void
answer_fault(struct witness_visit *visit, unsigned status,
    const struct fault *fault)
{
	char line[sizeof(fault->text) + 2];

	snprintf(line, sizeof(line), "%s\n", fault->text);
	answer(visit, status, PLAIN, bytes_of_text(line));
}

static void
answer_verdict(struct witness_visit *visit,
    const struct witness_verdict *verdict, struct bytes line)
{
	char size[32];

	if (verdict->status == WITNESS_AGREES) {
		answer(visit, 200, PLAIN, line);
		return;
	}
	fprintf(stderr, "hoso: %s\n", say_fault(&verdict->why));
	if (verdict->status == WITNESS_ELSEWHERE) {
		snprintf(size, sizeof(size), "%" PRIu64 "\n", verdict->seen);
		answer(visit, 409, "text/x.tlog.size", bytes_of_text(size));
	} else {
		answer_fault(visit, verdict->status, &verdict->why);
	}
}

static void
add_checkpoint(struct witness_visit *visit)
{
	struct bytes body =
	    bytes_of(visit->in.data + visit->head_len, visit->body_len);
	struct witness_verdict verdict;
	struct fault fault;
	struct buf line;

	buf_init(&line, HEAD_MAX);
	if (witness_folder_judge(visit->folder, body, &verdict, &line, &fault) <
	    0) {
		fprintf(stderr, "hoso: %s\n", say_fault(&fault));
		answer(visit, 500, PLAIN, NO_BYTES);
	} else {
		answer_verdict(visit, &verdict, buf_bytes(&line));
	}
	buf_fini(&line);
}

/* GET /<hex>/checkpoint */
static void
show_checkpoint(struct witness_visit *visit)
{
	char hex[2 * SHA256_BYTES + 1] = "";
	struct fault fault;
	struct buf note;
	int at = 0;
	int found = 0;

	buf_init(&note, 2 * WITNESS_REQUEST_MAX);
	if (sscanf(visit->path, "/%64[0-9a-f]/checkpoint%n", hex, &at) == 1 &&
	    at > 0 && visit->path[at] == '\0') {
		found = witness_folder_find(visit->folder, hex, &note, &fault);
	}
	if (found == 1) {
		answer(visit, 200, PLAIN, buf_bytes(&note));
	} else {
		answer(visit, found < 0 ? 500 : 404, PLAIN, NO_BYTES);
	}
	buf_fini(&note);
}

static void
serve(struct witness_visit *visit)
{
	if (strcmp(visit->path, "/add-checkpoint") == 0) {
		if (strcmp(visit->method, "POST") == 0) {
			add_checkpoint(visit);
		} else {
			answer(visit, 405, PLAIN, NO_BYTES);
		}
	} else if (strcmp(visit->method, "GET") == 0) {
		show_checkpoint(visit);
	} else {
		answer(visit, 405, PLAIN, NO_BYTES);
	}
}

/* --- the request ----------------------------------------------------------- */

/* The value of a field of the head, or NULL. */
static const char *
field(const struct witness_visit *visit, const char *name)
{
	const char *line = buf_text(&visit->in);
	const char *end = line + visit->head_len;
	size_t len = strlen(name);

	while ((line = strstr(line, "\r\n")) != NULL && line + 2 < end) {
		line += 2;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			return line + len + 1 + strspn(line + len + 1, " ");
		}
	}
	return NULL;
}

/* Method, path and length; false where it is no request. */
static bool
read_head(struct witness_visit *visit)
{
	const char *text = buf_text(&visit->in);
	const char *length;
	char *end;

	if (sscanf(text, "%7[A-Z] %127[!-~] HTTP/1.", visit->method,
	        visit->path) != 2) {
		return false;
	}
	length = field(visit, "Content-Length");
	if (length != NULL) {
		if (length[0] < '0' || length[0] > '9') {
			return false;
		}
		errno = 0;
		visit->body_len = strtoul(length, &end, 10);
		if (errno != 0 || *end != '\r') {
			return false;
		}
	}
	return field(visit, "Transfer-Encoding") == NULL &&
	       visit->body_len <= WITNESS_REQUEST_MAX;
}

/* Look at what has come so far; false where it is no request. */
static bool
look(struct witness_visit *visit)
{
	const char *text = buf_text(&visit->in);
	const char *end =
	    visit->head_len == 0 ? strstr(text, "\r\n\r\n") : NULL;

	if (end != NULL) {
		visit->head_len = (size_t)(end - text) + 4;
		if (!read_head(visit)) {
			return false;
		}
	}
	if (visit->head_len == 0) {
		return visit->in.len <= HEAD_MAX;
	}
	if (visit->in.len >= visit->head_len + visit->body_len) {
		serve(visit);
	}
	return true;
}

/* --- going on -------------------------------------------------------------- */

static bool
may_come_later(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static bool
go_on_reading(struct witness_visit *visit)
{
	while (visit->state == READING) {
		uint8_t *room = buf_reserve(&visit->in, READ_BYTES);
		ssize_t count =
		    room != NULL ? recv(visit->client, room, READ_BYTES, 0) : 0;

		if (count < 0) {
			return may_come_later();
		}
		buf_grow(&visit->in, (size_t)count);
		if (count == 0 || !look(visit)) {
			answer(visit, 400, PLAIN, NO_BYTES);
		}
	}
	return true;
}

static bool
go_on_answering(struct witness_visit *visit)
{
	const struct buf *out = &visit->out;

	while (visit->sent < out->len) {
		ssize_t count = send(visit->client, out->data + visit->sent,
		    out->len - visit->sent, MSG_NOSIGNAL);

		if (count < 0) {
			return may_come_later();
		}
		visit->sent += (size_t)count;
	}
	shutdown(visit->client, SHUT_WR);
	visit->state = LEAVING;
	return true;
}

static bool
go_on_leaving(struct witness_visit *visit)
{
	uint8_t ignored[READ_BYTES];
	ssize_t count = recv(visit->client, ignored, sizeof(ignored), 0);

	return count > 0 || (count < 0 && may_come_later());
}

bool
witness_visit_go_on(struct witness_visit *visit)
{
	bool goes_on = true;

	if (visit->state == READING) {
		goes_on = go_on_reading(visit);
	}
	if (goes_on && visit->state == ANSWERING) {
		goes_on = go_on_answering(visit);
	}
	if (goes_on && visit->state == LEAVING) {
		goes_on = go_on_leaving(visit);
	}
	return goes_on;
}

void
witness_visit_refuse(struct witness_visit *visit, unsigned status)
{
	if (visit->state == READING) {
		answer(visit, status, PLAIN, NO_BYTES);
		go_on_answering(visit);
	}
}
