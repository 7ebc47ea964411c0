/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_LISTENER_H
#define API_LISTENER_H

#include "base/fault.h"

#include <stdbool.h>

struct lane;

/*
 * A listening socket of one loop.  Every loop has its own for the same
 * address (SO_REUSEPORT), so that the kernel spreads the clients evenly.
 *
 * Thread:  the lane's loop, or before it runs and after it has ended.
 */
struct listener;

struct listener_options {
	const char *address; /* "127.0.0.1:8480", "[::1]:8480" */
	unsigned port;       /* instead of the address' own; 0: that one */
	bool tls;
};

/* Errors: FAULT_INVALID a bad address, FAULT_SYSTEM it cannot be bound. */
int listener_new(struct listener **listener_out, struct lane *lane,
    const struct listener_options *options, struct fault *fault);
void listener_free(struct listener *listener);
/* The port it is bound to: asked for as 0, any free one. */
unsigned listener_port(const struct listener *listener);
/* There is room again for a connection. */
void listener_resume(struct listener *listener);

#endif
