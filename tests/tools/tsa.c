/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A time-stamping authority for tests: tsa FOLDER [MISTAKE...].  It writes
 * its certificate to FOLDER/tsa.pem and its port on the loopback to
 * FOLDER/tsa.port, then answers one connection after the other: first by
 * each mistake in turn, then rightly, until it is killed.  While there is a
 * file FOLDER/tsa.closed all it answers is 503.  tests/unit/tsa_http.h names
 * the mistakes.
 */

#include "tests/unit/tsa_http.h"

#include "base/digest.h"
#include "base/file.h"

#include <arpa/inet.h>

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

static bool
is_closed(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/tsa.closed", folder);
	return access(path, F_OK) == 0;
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
			tsa_http_serve(client, tsa, "503");
		} else {
			tsa->at = (int64_t)time(NULL) * 1000000;
			tsa_http_serve(client, tsa,
			    next < argc ? argv[next++] : NULL);
		}
		close(client);
	}
}
