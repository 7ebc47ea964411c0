/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TOOLS_LOOPBACK_H
#define TESTS_TOOLS_LOOPBACK_H

#include "base/file.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

/*
 * Listen on a port of this machine that was free, and write it to
 * FOLDER/NAME.port.  -1, with a word to standard error.
 */
static inline int
loopback_listen(const char *folder, const char *name)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(here);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	struct fault fault;
	char path[4096];
	char text[16];

	if (bind(server, (struct sockaddr *)&here, len) < 0 ||
	    listen(server, 8) < 0 ||
	    getsockname(server, (struct sockaddr *)&here, &len) < 0) {
		perror(name);
		return -1;
	}
	snprintf(text, sizeof(text), "%u\n", ntohs(here.sin_port));
	snprintf(path, sizeof(path), "%s/%s.port", folder, name);
	if (file_write(path, bytes_of_text(text), 0644, &fault) < 0) {
		fprintf(stderr, "%s: %s\n", name, fault.text);
		return -1;
	}
	return server;
}

#endif
