/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A time-stamping authority for tests: tsa FOLDER [MISTAKE...].  It writes
 * its certificate to FOLDER/tsa.pem and its port on the loopback to
 * FOLDER/tsa.port, then answers one connection after the other: first by
 * each mistake in turn, then rightly, until it is killed.  While there is a
 * file FOLDER/tsa.closed all it answers is 503.
 *
 *     503      refuses by HTTP
 *     moved    sends the client somewhere else
 *     garbage  answers what is no ASN.1
 *     long     answers more than anybody should read
 *     nonce    answers rightly, but another request
 *     silent   never answers
 */

#include "tests/unit/tsa.h"
#include "base/digest.h"
#include "base/file.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX 65536u

static int
save(const char *folder, const char *name, struct bytes bytes)
{
	struct fault fault;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_write(path, bytes, 0644, &fault) < 0) {
		fprintf(stderr, "tsa: %s\n", fault.text);
		return -1;
	}
	return 0;
}

/* The body of a POST, or none where the client is gone or wrong. */
static struct bytes
read_request(int client, char *text)
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(client, text + len, REQUEST_MAX - len)) > 0) {
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

static void
send_all(int client, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t sent =
		    send(client, bytes.data, bytes.len, MSG_NOSIGNAL);

		if (sent <= 0) {
			return;
		}
		bytes = bytes_of(bytes.data + sent, bytes.len - (size_t)sent);
	}
}

static void
send_reply(int client, const char *status, struct bytes body)
{
	char head[256];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 %s\r\nContent-Type: application/timestamp-reply\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n",
	    status, body.len);
	send_all(client, bytes_of_text(head));
	send_all(client, body);
}

static void
send_stamp(int client, struct tsa *tsa, struct bytes request)
{
	struct buf answer;
	struct fault fault;

	buf_init(&answer, 1 << 16);
	tsa->at = (int64_t)time(NULL) * 1000000;
	tsa_answer(tsa, request, &answer, &fault);
	send_reply(client, "200 OK", buf_bytes(&answer));
	buf_fini(&answer);
}

/* The same request with another nonce. */
static void
send_stamp_of_another(int client, struct tsa *tsa, struct bytes request)
{
	const unsigned char *at = request.data;
	TS_REQ *query = d2i_TS_REQ(NULL, &at, (long)request.len);
	ASN1_INTEGER *nonce = ASN1_INTEGER_new();
	unsigned char *der = NULL;
	int len;

	ASN1_INTEGER_set(nonce, 12345);
	TS_REQ_set_nonce(query, nonce);
	len = i2d_TS_REQ(query, &der);
	send_stamp(client, tsa, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	ASN1_INTEGER_free(nonce);
	TS_REQ_free(query);
}

static void
send_long(int client)
{
	/* A SEQUENCE that says to be 1 MiB long, and is. */
	static uint8_t body[(1 << 20) + 5] = { 0x30, 0x83, 0x10, 0x00, 0x00 };

	send_reply(client, "200 OK", bytes_of(body, sizeof(body)));
}

static bool
is_closed(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/tsa.closed", folder);
	return access(path, F_OK) == 0;
}

static void
serve(int client, struct tsa *tsa, const char *mistake)
{
	static char text[REQUEST_MAX + 1];
	struct bytes request = read_request(client, text);

	if (request.len == 0) {
		return;
	}
	if (mistake == NULL) {
		send_stamp(client, tsa, request);
	} else if (strcmp(mistake, "503") == 0) {
		send_reply(client, "503 Service Unavailable", NO_BYTES);
	} else if (strcmp(mistake, "moved") == 0) {
		send_reply(client, "302 Found\r\nLocation: http://127.0.0.1:9/",
		    NO_BYTES);
	} else if (strcmp(mistake, "garbage") == 0) {
		send_reply(client, "200 OK", bytes_of_text("<html>no</html>"));
	} else if (strcmp(mistake, "long") == 0) {
		send_long(client);
	} else if (strcmp(mistake, "nonce") == 0) {
		send_stamp_of_another(client, tsa, request);
	} else {
		while (read(client, text, 1) > 0) {
			/* until it gives up */
		}
	}
}

static int
listen_here(const char *folder)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(here);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	char text[16];

	if (bind(server, (struct sockaddr *)&here, len) < 0 ||
	    listen(server, 8) < 0 ||
	    getsockname(server, (struct sockaddr *)&here, &len) < 0) {
		perror("tsa");
		return -1;
	}
	snprintf(text, sizeof(text), "%u\n", ntohs(here.sin_port));
	return save(folder, "tsa.port", bytes_of_text(text)) < 0 ? -1 : server;
}

int
main(int argc, char **argv)
{
	struct tsa *tsa;
	struct buf pem;
	int server;

	if (argc < 2) {
		fprintf(stderr, "use: tsa FOLDER [MISTAKE...]\n");
		return 2;
	}
	digest_init();
	tsa = tsa_new((int64_t)time(NULL) * 1000000, "critical,timeStamping");
	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, tsa);
	if (save(argv[1], "tsa.pem", buf_bytes(&pem)) < 0 ||
	    (server = listen_here(argv[1])) < 0) {
		return 1;
	}
	for (int next = 2;;) {
		int client = accept(server, NULL, NULL);

		if (client < 0) {
			continue;
		}
		if (is_closed(argv[1])) {
			serve(client, tsa, "503");
		} else {
			serve(client, tsa, next < argc ? argv[next++] : NULL);
		}
		close(client);
	}
}
