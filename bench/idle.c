/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Connections by TLS that do nothing:
 *
 *     idle PORT COUNT
 *
 * Opens them, asks for /healthz once on each, says "ready" and keeps them
 * until it is ended.
 */

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
must(int is_well, const char *what)
{
	if (!is_well) {
		perror(what);
		exit(1);
	}
}

static void
open_one(SSL_CTX *context, unsigned port)
{
	static const char request[] =
	    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);
	SSL *tls = SSL_new(context);
	char answer[4096];

	must(connect(descriptor, (struct sockaddr *)&address,
	         sizeof(address)) == 0,
	    "connect");
	must(tls != NULL && SSL_set_fd(tls, descriptor) == 1 &&
	         SSL_connect(tls) == 1,
	    "TLS");
	must(SSL_write(tls, request, sizeof(request) - 1) > 0 &&
	         SSL_read(tls, answer, sizeof(answer)) > 0 &&
	         memcmp(answer, "HTTP/1.1 200", 12) == 0,
	    "answer");
}

int
main(int argc, char **argv)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (argc != 3) {
		fprintf(stderr, "usage: idle PORT COUNT\n");
		return 2;
	}
	for (int i = 0; i < atoi(argv[2]); i++) {
		open_one(context, (unsigned)atoi(argv[1]));
	}
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
