/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Milliseconds from the start of a server to its first answer:
 *
 *     first PORT COMMAND...
 *
 * Runs the command, tries to connect every half of a millisecond, asks for
 * /healthz, and ends it by SIGTERM.
 */

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 60000.0

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* 1 answered, 0 not there yet. */
static int
try_once(unsigned port)
{
	static const char request[] =
	    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);
	char answer[1024];
	int is_there =
	    connect(descriptor, (struct sockaddr *)&address, sizeof(address)) ==
	        0 &&
	    send(descriptor, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
	    recv(descriptor, answer, sizeof(answer), 0) > 12 &&
	    memcmp(answer, "HTTP/1.1 200", 12) == 0;

	close(descriptor);
	return is_there;
}

int
main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = 500000 };
	double begun = milliseconds();
	double took = 0;
	pid_t child;

	if (argc < 3) {
		fprintf(stderr, "usage: first PORT COMMAND...\n");
		return 2;
	}
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	while (!try_once((unsigned)atoi(argv[1])) && took < PATIENCE_MS) {
		nanosleep(&pause, NULL);
		took = milliseconds() - begun;
	}
	took = milliseconds() - begun;
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	printf("%.3f\n", took);
	return took < PATIENCE_MS ? 0 : 1;
}
