/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_TSA_HTTP_H
#define TESTS_UNIT_TSA_HTTP_H

/*
 * A time-stamping authority over HTTP, for tests: answers one connection as it
 * should or by one of these mistakes.
 *
 *     503      refuses by HTTP
 *     moved    sends the client somewhere else
 *     garbage  answers what is no ASN.1
 *     long     answers more than anybody should read
 *     nonce    answers rightly, but another request
 *     imprint  answers rightly, but for other bytes
 *     refused  answers that it takes no such request
 *     pieces   answers rightly, a few bytes at a time
 *     endless  sends a header without end, slowly
 *     silent   never answers
 */

#include "base/bytes.h"
#include "tests/unit/tsa.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TSA_REQUEST_MAX 65536u

/* The body of a POST, or none where the client is gone or wrong. */
static inline struct bytes
tsa_http_read(int client, char text[TSA_REQUEST_MAX + 1])
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(client, text + len, TSA_REQUEST_MAX - len)) > 0) {
		const char *body;
		const char *length;
		size_t head;

		len += (size_t)got;
		text[len] = '\0';
		body = strstr(text, "\r\n\r\n");
		length = strcasestr(text, "\r\nContent-Length:");
		if (body == NULL || length == NULL) {
			continue;
		}
		head = (size_t)(body - text) + 4;
		if (len >= head + strtoul(length + 17, NULL, 10)) {
			return bytes_of(text + head, len - head);
		}
	}
	return NO_BYTES;
}

/* False when the client is gone. */
static inline bool
tsa_http_send(int client, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t sent =
		    send(client, bytes.data, bytes.len, MSG_NOSIGNAL);

		if (sent <= 0) {
			return false;
		}
		bytes = bytes_of(bytes.data + sent, bytes.len - (size_t)sent);
	}
	return true;
}

static inline void
tsa_http_reply(int client, const char *status, struct bytes body)
{
	char head[256];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\nContent-Type: application/timestamp-reply\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n",
	    status, body.len);
	tsa_http_send(client, bytes_of_text(head));
	tsa_http_send(client, body);
}

static inline void
tsa_http_stamp(int client, struct tsa *tsa, struct bytes request)
{
	struct buf answer;
	struct fault fault;

	buf_init(&answer, 1 << 16);
	tsa_answer(tsa, request, &answer, &fault);
	tsa_http_reply(client, "200 OK", buf_bytes(&answer));
	buf_fini(&answer);
}

/* The same request with another nonce or another imprint. */
static inline void
tsa_http_stamp_another(int client, struct tsa *tsa, struct bytes request,
    bool is_nonce)
{
	const unsigned char *at = request.data;
	TS_REQ *query = d2i_TS_REQ(NULL, &at, (long)request.len);
	ASN1_INTEGER *nonce = ASN1_INTEGER_new();
	unsigned char other[32] = "what nobody asked to be stamped";
	unsigned char *der = NULL;
	int len;

	if (is_nonce) {
		ASN1_INTEGER_set(nonce, 12345);
		TS_REQ_set_nonce(query, nonce);
	} else {
		TS_MSG_IMPRINT_set_msg(TS_REQ_get_msg_imprint(query), other,
		    (int)sizeof(other));
	}
	len = i2d_TS_REQ(query, &der);
	tsa_http_stamp(client, tsa, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	ASN1_INTEGER_free(nonce);
	TS_REQ_free(query);
}

static inline void
tsa_http_stamp_slowly(int client, struct tsa *tsa, struct bytes request)
{
	struct buf answer;
	struct fault fault;
	char head[128];

	buf_init(&answer, 1 << 16);
	tsa_answer(tsa, request, &answer, &fault);
	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    answer.len);
	for (const char *c = head; *c != '\0'; c++) {
		tsa_http_send(client, bytes_of(c, 1));
	}
	for (size_t at = 0; at < answer.len; at += 7) {
		size_t some = answer.len - at < 7 ? answer.len - at : 7;

		tsa_http_send(client, bytes_of(answer.data + at, some));
	}
	buf_fini(&answer);
}

/* A byte now and again until the client gives up. */
static inline void
tsa_http_drip(int client)
{
	struct pollfd look = { .fd = client, .events = POLLIN };

	tsa_http_send(client, bytes_of_text("HTTP/1.1 200 OK\r\nX-Wait: "));
	while (poll(&look, 1, 20) == 0 &&
	       tsa_http_send(client, bytes_of_text("x"))) {
		/* more of it */
	}
}

static inline void
tsa_http_long(int client)
{
	/* A SEQUENCE that says to be 1 MiB long, and is. */
	static uint8_t body[(1 << 20) + 5] = { 0x30, 0x83, 0x10, 0x00, 0x00 };

	tsa_http_reply(client, "200 OK", bytes_of(body, sizeof(body)));
}

/* Answer one connection; `mistake` NULL: as it should. */
static inline void
tsa_http_serve(int client, struct tsa *tsa, const char *mistake)
{
	char text[TSA_REQUEST_MAX + 1];
	struct bytes request = tsa_http_read(client, text);

	if (request.len == 0) {
		return;
	}
	if (mistake == NULL) {
		tsa_http_stamp(client, tsa, request);
	} else if (strcmp(mistake, "503") == 0) {
		tsa_http_reply(client, "503 Service Unavailable", NO_BYTES);
	} else if (strcmp(mistake, "moved") == 0) {
		tsa_http_reply(client,
		    "302 Found\r\nLocation: http://127.0.0.1:9/", NO_BYTES);
	} else if (strcmp(mistake, "garbage") == 0) {
		tsa_http_reply(client, "200 OK",
		    bytes_of_text("<html>no</html>"));
	} else if (strcmp(mistake, "long") == 0) {
		tsa_http_long(client);
	} else if (strcmp(mistake, "nonce") == 0) {
		tsa_http_stamp_another(client, tsa, request, true);
	} else if (strcmp(mistake, "imprint") == 0) {
		tsa_http_stamp_another(client, tsa, request, false);
	} else if (strcmp(mistake, "refused") == 0) {
		tsa->refuses = 1;
		tsa_http_stamp(client, tsa, request);
		tsa->refuses = 0;
	} else if (strcmp(mistake, "pieces") == 0) {
		tsa_http_stamp_slowly(client, tsa, request);
	} else if (strcmp(mistake, "endless") == 0) {
		tsa_http_drip(client);
	} else {
		while (read(client, text, 1) > 0) {
			/* until it gives up */
		}
	}
}

#endif
