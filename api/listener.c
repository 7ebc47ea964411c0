/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Accepting.  When the lane is full the listener takes its event away until a
 * connection ends, and clients wait in the kernel's queue; when the system
 * has no descriptors or memory left it looks away for a tenth of a second
 * instead of spinning.
 */

#include "api/listener.h"

#include "api/connection.h"
#include "api/lane.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_MAX   64 /* in one turn */
#define BACKLOG       1024
#define PAUSE_US      100000
#define ADDRESS_BYTES 128u

struct listener {
	struct lane *lane;
	struct event *event;
	struct event *pause;
	int descriptor;
	bool tls;
	bool full; /* the event is away until there is room */
};

/* "HOST:PORT" with HOST in brackets where it has colons itself. */
static int
split(const char *address, char host[ADDRESS_BYTES], const char **port_out)
{
	const char *colon = strrchr(address, ':');
	size_t len = colon != NULL ? (size_t)(colon - address) : 0;

	if (colon == NULL || len >= ADDRESS_BYTES || colon[1] == '\0') {
		return -1;
	}
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	memcpy(host, address, len);
	host[len] = '\0';
	*port_out = colon + 1;
	return 0;
}

static int
resolve(struct addrinfo **found_out, const struct listener_options *options,
    struct fault *fault)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	char host[ADDRESS_BYTES];
	char chosen[16];
	const char *port = NULL;

	if (split(options->address, host, &port) < 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s is not an address like 127.0.0.1:8480",
		    options->address);
	}
	if (options->port != 0) {
		snprintf(chosen, sizeof(chosen), "%u", options->port);
		port = chosen;
	}
	if (getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints,
	        found_out) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s is not a numeric address and port", options->address);
	}
	return 0;
}

static void
switch_on(int descriptor, int level, int option)
{
	int one = 1;

	/* Without it things are slower, or the bind says why not. */
	(void)setsockopt(descriptor, level, option, &one, sizeof(one));
}

static int
open_socket(const struct listener_options *options, struct fault *fault)
{
	struct addrinfo *found = NULL;
	int descriptor;

	if (resolve(&found, options, fault) < 0) {
		return -1;
	}
	descriptor = socket(found->ai_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (descriptor >= 0) {
		switch_on(descriptor, SOL_SOCKET, SO_REUSEADDR);
		switch_on(descriptor, SOL_SOCKET, SO_REUSEPORT);
		/* Accepted sockets inherit it on Linux. */
		switch_on(descriptor, IPPROTO_TCP, TCP_NODELAY);
		if (found->ai_family == AF_INET6) {
			switch_on(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);
		}
	}
	if (descriptor < 0 ||
	    bind(descriptor, found->ai_addr, found->ai_addrlen) < 0 ||
	    listen(descriptor, BACKLOG) < 0) {
		fault_errno(fault, errno, "listen on %s", options->address);
		if (descriptor >= 0) {
			close(descriptor);
		}
		descriptor = -1;
	}
	freeaddrinfo(found);
	return descriptor;
}

static void
format_peer(char text[INET6_ADDRSTRLEN], const struct sockaddr_storage *peer)
{
	const void *address =
	    peer->ss_family == AF_INET6
	        ? (const void *)&(
	              (const struct sockaddr_in6 *)(const void *)peer)
	              ->sin6_addr
	        : (const void *)&(
	              (const struct sockaddr_in *)(const void *)peer)
	              ->sin_addr;

	if (inet_ntop(peer->ss_family, address, text, INET6_ADDRSTRLEN) ==
	    NULL) {
		text[0] = '\0';
	}
}

/* 1 accepted, 0 none waits, -1 the system refuses. */
static int
accept_one(struct listener *listener)
{
	struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(peer);
	char text[INET6_ADDRSTRLEN];
	int descriptor = accept4(listener->descriptor, (struct sockaddr *)&peer,
	    &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (descriptor >= 0) {
		format_peer(text, &peer);
		connection_new(listener->lane, descriptor, text, listener->tls);
		return 1;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return -1;
	case EAGAIN:
		return 0;
	default:
		return 1; /* the client has already gone: try the next */
	}
}

static void
on_accept(evutil_socket_t descriptor, short what, void *arg)
{
	static const struct timeval pause = { .tv_usec = PAUSE_US };
	struct listener *listener = arg;
	struct lane *lane = listener->lane;
	int rc = 1;

	(void)descriptor;
	(void)what;
	for (int i = 0; i < ACCEPTS_MAX && rc > 0; i++) {
		if (lane->connection_count >= lane->connections_max) {
			lane_make_room(lane);
		}
		if (lane->connection_count >= lane->connections_max) {
			listener->full = true;
			event_del(listener->event);
			return;
		}
		rc = accept_one(listener);
	}
	if (rc < 0) {
		log_warn(NULL, "http.accept_paused", "errno=%d connections=%u",
		    errno, lane->connection_count);
		lane_make_room(lane);
		event_del(listener->event);
		event_add(listener->pause, &pause);
	}
}

static void
on_pause(evutil_socket_t descriptor, short what, void *arg)
{
	struct listener *listener = arg;

	(void)descriptor;
	(void)what;
	event_add(listener->event, NULL);
}

void
listener_resume(struct listener *listener)
{
	if (listener->full) {
		listener->full = false;
		event_add(listener->event, NULL);
	}
}

int
listener_new(struct listener **listener_out, struct lane *lane,
    const struct listener_options *options, struct fault *fault)
{
	struct event_base *base = loop_base(lane->loop);
	struct listener *listener = xzalloc(sizeof(*listener));

	listener->lane = lane;
	listener->tls = options->tls;
	listener->descriptor = open_socket(options, fault);
	if (listener->descriptor < 0) {
		listener_free(listener);
		return -1;
	}
	listener->event = event_new(base, listener->descriptor,
	    EV_READ | EV_PERSIST, on_accept, listener);
	listener->pause = evtimer_new(base, on_pause, listener);
	if (listener->event == NULL || listener->pause == NULL ||
	    event_add(listener->event, NULL) < 0) {
		listener_free(listener);
		return fault_set(fault, FAULT_SYSTEM, "listen on %s: no event",
		    options->address);
	}
	*listener_out = listener;
	return 0;
}

void
listener_free(struct listener *listener)
{
	if (listener == NULL) {
		return;
	}
	if (listener->event != NULL) {
		event_free(listener->event);
	}
	if (listener->pause != NULL) {
		event_free(listener->pause);
	}
	if (listener->descriptor >= 0) {
		close(listener->descriptor);
	}
	free(listener);
}

unsigned
listener_port(const struct listener *listener)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(address);

	if (getsockname(listener->descriptor, (struct sockaddr *)&address,
	        &len) < 0) {
		return 0;
	}
	return ntohs(address.ss_family == AF_INET6
	                 ? ((const struct sockaddr_in6 *)(const void *)&address)
	                       ->sin6_port
	                 : ((const struct sockaddr_in *)(const void *)&address)
	                       ->sin_port);
}
