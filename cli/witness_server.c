/* SPDX-License-Identifier: Apache-2.0 */

/*
 * As small as it can be: what it answers is decided by the folder, and
 * whoever breaks off, waits or floods loses his one connection.
 */

#include "cli/witness_server.h"

#include "base/clock.h"
#include "base/say.h"

#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX  8192u
#define PATIENCE  (5 * INT64_C(1000000)) /* for a whole request */
#define BACKLOG   16
#define PATH_ROOM 128u
#define PLAIN     "text/plain; charset=utf-8"

/* One connection. */
struct visit {
	struct witness_folder *folder;
	int client;
	int64_t ends; /* clock_ticks() */
	struct buf in;
	size_t head_len; /* 0 until it is there */
	size_t body_len;
	char method[8];
	char path[PATH_ROOM];
};

/* --- listening ------------------------------------------------------------- */

/* "host:port" or "[host]:port" taken apart. */
static int
split_address(const char *address, char host[64], const char **port_out,
    struct fault *fault)
{
	const char *colon = strrchr(address, ':');
	const char *start = address[0] == '[' ? address + 1 : address;
	size_t len = colon != NULL ? (size_t)(colon - start) : 0;

	if (start != address && len > 0 && start[len - 1] == ']') {
		len--;
	}
	if (len == 0 || len >= 64) {
		return fault_set(fault, FAULT_INVALID,
		    "%s is no address like 127.0.0.1:8490", address);
	}
	memcpy(host, start, len);
	host[len] = '\0';
	*port_out = colon + 1;
	return 0;
}

static unsigned
port_of(int server)
{
	struct sockaddr_storage here;
	socklen_t len = sizeof(here);
	char port[16] = "0";

	if (getsockname(server, (struct sockaddr *)&here, &len) == 0) {
		getnameinfo((struct sockaddr *)&here, len, NULL, 0, port,
		    sizeof(port), NI_NUMERICSERV);
	}
	return (unsigned)strtoul(port, NULL, 10);
}

int
witness_server_listen(const char *address, int *socket_out, unsigned *port_out,
    struct fault *fault)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	const char *port = "";
	char host[64];
	const int yes = 1;
	int server;

	if (split_address(address, host, &port, fault) < 0) {
		return -1;
	}
	if (getaddrinfo(host, port, &hints, &found) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s is no address like 127.0.0.1:8490", address);
	}
	server = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0 ||
	    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) <
	        0 ||
	    bind(server, found->ai_addr, found->ai_addrlen) < 0 ||
	    listen(server, BACKLOG) < 0) {
		fault_errno(fault, errno, "listen on %s", address);
		freeaddrinfo(found);
		if (server >= 0) {
			close(server);
		}
		return -1;
	}
	freeaddrinfo(found);
	*socket_out = server;
	*port_out = port_of(server);
	return 0;
}

/* --- the request ----------------------------------------------------------- */

/* Wait for the client; false where its time is over. */
static bool
wait_for(const struct visit *visit, short what)
{
	struct pollfd look = { .fd = visit->client, .events = what };
	int64_t left = (visit->ends - clock_ticks()) / 1000;

	return left > 0 && poll(&look, 1, (int)left) > 0;
}

/* The value of a field of the head, or NULL. */
static const char *
field(const struct visit *visit, const char *name)
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
read_head(struct visit *visit)
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

/* Read until the request is whole; false where it never is. */
static bool
read_request(struct visit *visit)
{
	while (visit->head_len == 0 ||
	       visit->in.len < visit->head_len + visit->body_len) {
		uint8_t *room = buf_reserve(&visit->in, 4096);
		const char *end;
		ssize_t count;

		if (room == NULL || !wait_for(visit, POLLIN)) {
			return false;
		}
		count = read(visit->client, room, 4096);
		if (count <= 0) {
			return false;
		}
		buf_grow(&visit->in, (size_t)count);
		end = strstr(buf_text(&visit->in), "\r\n\r\n");
		if (visit->head_len == 0 && end != NULL) {
			visit->head_len =
			    (size_t)(end - buf_text(&visit->in)) + 4;
			if (!read_head(visit)) {
				return false;
			}
		} else if (visit->head_len == 0 && visit->in.len > HEAD_MAX) {
			return false;
		}
	}
	return true;
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
	case 409:
		return "Conflict";
	case 422:
		return "Unprocessable Entity";
	default:
		return "Internal Server Error";
	}
}

static void
answer(struct visit *visit, unsigned status, const char *type,
    struct bytes body)
{
	struct buf out;
	size_t sent = 0;

	buf_init(&out, HEAD_MAX + body.len);
	buf_add_format(&out,
	    "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    status, reason_of(status), type, body.len);
	buf_add_bytes(&out, body);
	while (sent < out.len && wait_for(visit, POLLOUT)) {
		ssize_t count = send(visit->client, out.data + sent,
		    out.len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (count < 0 && errno != EAGAIN && errno != EINTR) {
			break;
		}
		sent += count > 0 ? (size_t)count : 0;
	}
	buf_fini(&out);
}

static void
answer_fault(struct visit *visit, unsigned status, const struct fault *fault)
{
	char line[sizeof(fault->text) + 2];

	snprintf(line, sizeof(line), "%s\n", fault->text);
	answer(visit, status, PLAIN, bytes_of_text(line));
}

static void
answer_verdict(struct visit *visit, const struct witness_verdict *verdict,
    struct bytes line)
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
add_checkpoint(struct visit *visit)
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
show_checkpoint(struct visit *visit)
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
serve_one(struct visit *visit)
{
	if (!read_request(visit)) {
		answer(visit, 400, PLAIN, NO_BYTES);
	} else if (strcmp(visit->path, "/add-checkpoint") == 0) {
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

int
witness_server_run(int socket, struct witness_folder *folder,
    struct fault *fault)
{
	for (;;) {
		struct visit visit = { .folder = folder };

		visit.client = accept(socket, NULL, NULL);
		if (visit.client < 0) {
			if (errno == EINTR || errno == ECONNABORTED) {
				continue;
			}
			return fault_errno(fault, errno,
			    "wait for a connection");
		}
		visit.ends = clock_ticks() + PATIENCE;
		buf_init(&visit.in, HEAD_MAX + WITNESS_REQUEST_MAX + 4096);
		serve_one(&visit);
		buf_fini(&visit.in);
		close(visit.client);
	}
}
