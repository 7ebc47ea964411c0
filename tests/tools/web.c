/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The web server of an authority, for tests: web FOLDER.  It writes its port
 * on the loopback to FOLDER/web.port, then gives whoever asks for /NAME the
 * file FOLDER/NAME, one connection after the other, until it is killed.
 */

#include "tests/tools/loopback.h"
#include "tests/unit/tsa_http.h"

#include "base/file.h"

#include <arpa/inet.h>

#define REQUEST_MAX 8192u
#define FILE_MAX    (32u << 20)

/* The head of a request; false when the client is gone. */
static bool
read_head(int client, char text[REQUEST_MAX + 1])
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(client, text + len, REQUEST_MAX - len)) > 0) {
		len += (size_t)got;
		text[len] = '\0';
		if (strstr(text, "\r\n\r\n") != NULL) {
			return true;
		}
	}
	return false;
}

static void
serve(int client, const char *folder)
{
	char text[REQUEST_MAX + 1];
	struct fault fault;
	struct buf body;
	char path[4096];
	char name[256];

	if (!read_head(client, text)) {
		return;
	}
	buf_init(&body, FILE_MAX);
	if (sscanf(text, "GET /%255[A-Za-z0-9.-] HTTP/", name) == 1 &&
	    snprintf(path, sizeof(path), "%s/%s", folder, name) > 0 &&
	    file_read(&body, path, &fault) == 0) {
		tsa_http_reply(client, "200 OK", buf_bytes(&body));
	} else {
		tsa_http_reply(client, "404 Not Found", NO_BYTES);
	}
	buf_fini(&body);
}

int
main(int argc, char **argv)
{
	int server;

	if (argc != 2) {
		fprintf(stderr, "use: web FOLDER\n");
		return 2;
	}
	server = loopback_listen(argv[1], "web");
	while (server >= 0) {
		int client = accept(server, NULL, NULL);

		if (client >= 0) {
			serve(client, argv[1]);
			close(client);
		}
	}
	return 1;
}
