/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One thread looks after all connections: what takes time is the judgement,
 * and the folder's lock lets in one at a time anyway.  Where there are too
 * many, the one that came first gives way; who has something to say has said
 * it by then.
 */

#include "cli/witness_server.h"

#include "base/clock.h"
#include "cli/witness_visit.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define VISITS_MAX 256u
#define LET_IN_MAX 64u /* before those who are in get their turn */

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
	server = socket(found->ai_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server < 0 ||
	    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) <
	        0 ||
	    bind(server, found->ai_addr, found->ai_addrlen) < 0 ||
	    listen(server, SOMAXCONN) < 0) {
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

/* --- serving --------------------------------------------------------------- */

struct server {
	int socket;
	struct witness_folder *folder;
	struct witness_visit *visits[VISITS_MAX]; /* in the order they came */
	unsigned count;
	struct pollfd looks[VISITS_MAX + 1]; /* the socket is the last */
};

/* Until something comes, or somebody's time is over. */
static int
wait_for_any(struct server *server, struct fault *fault)
{
	int64_t first = INT64_MAX;
	int64_t left;
	int timeout = -1;

	for (unsigned i = 0; i < server->count; i++) {
		const struct witness_visit *visit = server->visits[i];
		int64_t ends = witness_visit_ends(visit);

		first = ends < first ? ends : first;
		server->looks[i] = (struct pollfd){
			.fd = witness_visit_descriptor(visit),
			.events = witness_visit_events(visit),
		};
	}
	if (server->count > 0) {
		left = (first - clock_ticks()) / 1000 + 1;
		timeout = left > 0 ? (int)left : 0;
	}
	server->looks[server->count] =
	    (struct pollfd){ .fd = server->socket, .events = POLLIN };
	if (poll(server->looks, server->count + 1, timeout) < 0) {
		return errno == EINTR
		           ? 0
		           : fault_errno(fault, errno, "wait for a connection");
	}
	return 1;
}

/* Whoever is in goes on, or has to go. */
static void
serve_all(struct server *server)
{
	unsigned stay = 0;

	for (unsigned i = 0; i < server->count; i++) {
		struct witness_visit *visit = server->visits[i];
		bool goes_on =
		    server->looks[i].revents == 0 || witness_visit_go_on(visit);

		if (goes_on && clock_ticks() >= witness_visit_ends(visit)) {
			witness_visit_refuse(visit, 408);
			goes_on = false;
		}
		if (goes_on) {
			server->visits[stay++] = visit;
		} else {
			witness_visit_free(visit);
		}
	}
	server->count = stay;
}

static void
dismiss_first(struct server *server)
{
	witness_visit_refuse(server->visits[0], 503);
	witness_visit_free(server->visits[0]);
	memmove(server->visits, server->visits + 1,
	    --server->count * sizeof(server->visits[0]));
}

/* Whether to go on after accept(2) failed; some of it is a peer's trouble. */
static int
bear(struct server *server, struct fault *fault)
{
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		if (server->count > 0) {
			dismiss_first(server);
			return 0;
		}
		break;
	case EBADF:
	case EINVAL:
	case ENOTSOCK:
	case EOPNOTSUPP:
		break;
	default:
		return 0;
	}
	return fault_errno(fault, errno, "wait for a connection");
}

static int
let_in(struct server *server, struct fault *fault)
{
	for (unsigned i = 0; i < LET_IN_MAX; i++) {
		int client = accept4(server->socket, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client < 0) {
			return bear(server, fault);
		}
		if (server->count == VISITS_MAX) {
			dismiss_first(server);
		}
		server->visits[server->count++] =
		    witness_visit_new(client, server->folder);
	}
	return 0;
}

int
witness_server_run(int socket, struct witness_folder *folder,
    struct fault *fault)
{
	struct server server = { .socket = socket, .folder = folder };
	int rc = 0;

	while (rc >= 0) {
		rc = wait_for_any(&server, fault);
		if (rc == 1) {
			bool someone_comes =
			    server.looks[server.count].revents != 0;

			serve_all(&server);
			rc = someone_comes ? let_in(&server, fault) : 0;
		}
	}
	while (server.count > 0) {
		dismiss_first(&server);
	}
	return -1;
}
