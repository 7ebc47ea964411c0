/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_HTTP_CLIENT_H
#define TESTS_UNIT_HTTP_CLIENT_H

#include "base/buf.h"
#include "tests/unit/patience.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/*
 * A client that sends exactly what a test says and reads answers by itself:
 * it shares no code with what it tests.  It waits up to CLIENT_PATIENCE_MS.
 */
struct client {
	int descriptor;
	struct buf in; /* received and not yet read */
};

struct answer {
	int status;
	char head[16384]; /* with its last empty line */
	struct buf body;
};

#define CLIENT_BODY_MAX    (1u << 30)
#define CLIENT_PATIENCE_MS patience_ms(60000)

/* False where nobody listens. */
static inline bool
client_try(struct client *client_out, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = CLIENT_PATIENCE_MS / 1000 };
	struct client client = { .descriptor =
		                     socket(AF_INET, SOCK_STREAM, 0) };
	int one = 1;

	setsockopt(client.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience));
	setsockopt(client.descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof(patience));
	setsockopt(client.descriptor, IPPROTO_TCP, TCP_NODELAY, &one,
	    sizeof(one));
	if (connect(client.descriptor, (struct sockaddr *)&address,
	        sizeof(address)) < 0) {
		close(client.descriptor);
		return false;
	}
	buf_init(&client.in, CLIENT_BODY_MAX);
	*client_out = client;
	return true;
}

static inline struct client
client_open(unsigned port)
{
	struct client client;

	if (!client_try(&client, port)) {
		perror("connect");
		abort();
	}
	return client;
}

static inline void
client_close(struct client *client)
{
	if (client->descriptor >= 0) {
		close(client->descriptor);
		client->descriptor = -1;
	}
	buf_fini(&client->in);
}

/* Close so that the server sees a reset, not an end. */
static inline void
client_reset(struct client *client)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(client->descriptor, SOL_SOCKET, SO_LINGER, &now,
	    sizeof(now));
	client_close(client);
}

static inline bool
client_send_bytes(struct client *client, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t sent = send(client->descriptor, at, len, MSG_NOSIGNAL);

		if (sent <= 0) {
			return false;
		}
		at += sent;
		len -= (size_t)sent;
	}
	return true;
}

static inline bool
client_send(struct client *client, const char *text)
{
	return client_send_bytes(client, text, strlen(text));
}

/* One more read: > 0 bytes, 0 end, -1 reset or nothing came. */
static inline ssize_t
client_fill(struct client *client)
{
	uint8_t *place = buf_reserve(&client->in, 65536);
	ssize_t got = recv(client->descriptor, place, 65536, 0);

	if (got > 0) {
		buf_grow(&client->in, (size_t)got);
	}
	return got;
}

static inline void
client_drop(struct client *client, size_t len)
{
	memmove(client->in.data, client->in.data + len, client->in.len - len);
	client->in.len -= len;
	client->in.data[client->in.len] = '\0';
}

/* Take `len` bytes into `out`. */
static inline bool
client_take(struct client *client, size_t len, struct buf *out)
{
	while (client->in.len < len) {
		if (client_fill(client) <= 0) {
			return false;
		}
	}
	buf_add(out, client->in.data, len);
	client_drop(client, len);
	return true;
}

/* Take up to and with `mark`. */
static inline bool
client_take_until(struct client *client, const char *mark, char *text,
    size_t room)
{
	const char *found;
	size_t len;

	while (client->in.len == 0 ||
	       (found = memmem(client->in.data, client->in.len, mark,
	            strlen(mark))) == NULL) {
		if (client_fill(client) <= 0) {
			return false;
		}
	}
	len = (size_t)(found - (const char *)client->in.data) + strlen(mark);
	if (len >= room) {
		return false;
	}
	memcpy(text, client->in.data, len);
	text[len] = '\0';
	client_drop(client, len);
	return true;
}

/* The value of the field, until this thread asks for another; NULL: absent. */
static inline const char *
answer_field(const struct answer *answer, const char *name)
{
	static _Thread_local char value[8192];
	const char *line = strstr(answer->head, "\r\n");
	size_t len = strlen(name);

	while (line != NULL && line[2] != '\r') {
		line += 2;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			snprintf(value, sizeof(value), "%.*s",
			    (int)strcspn(line + len + 2, "\r"), line + len + 2);
			return value;
		}
		line = strstr(line, "\r\n");
	}
	return NULL;
}

static inline bool
client_take_chunks(struct client *client, struct buf *out)
{
	char line[64];
	size_t len = 1;

	while (len > 0) {
		if (!client_take_until(client, "\r\n", line, sizeof(line))) {
			return false;
		}
		len = strtoul(line, NULL, 16);
		if (!client_take(client, len, out) ||
		    !client_take_until(client, "\r\n", line, sizeof(line))) {
			return false;
		}
	}
	return true;
}

/* Read one answer; to a HEAD with `bare`.  False when it broke off. */
static inline bool
client_answer(struct client *client, struct answer *answer, bool bare)
{
	const char *field;

	buf_reset(&answer->body);
	answer->body.max = CLIENT_BODY_MAX;
	answer->status = 0;
	if (!client_take_until(client, "\r\n\r\n", answer->head,
	        sizeof(answer->head)) ||
	    sscanf(answer->head, "HTTP/1.1 %3d ", &answer->status) != 1) {
		return false;
	}
	if (bare || answer->status == 204 || answer->status == 304 ||
	    answer->status == 100) {
		return true;
	}
	if (answer_field(answer, "Transfer-Encoding") != NULL) {
		return client_take_chunks(client, &answer->body);
	}
	field = answer_field(answer, "Content-Length");
	if (field != NULL) {
		return client_take(client, strtoul(field, NULL, 10),
		    &answer->body);
	}
	while (client_fill(client) > 0) {
	}
	return client_take(client, client->in.len, &answer->body);
}

/* Send, and read one answer. */
static inline bool
client_ask(struct client *client, const char *text, struct answer *answer)
{
	return client_send(client, text) &&
	       client_answer(client, answer, strncmp(text, "HEAD ", 5) == 0);
}

/* The server has closed in order: an end, and no byte before it. */
static inline bool
client_at_end(struct client *client)
{
	return client->in.len == 0 && client_fill(client) == 0;
}

#endif
