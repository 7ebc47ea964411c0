/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_PORT_H
#define HOST_PORT_H

#include "base/frame.h"

/*
 * Where a call's messages come from and go to: the socket to the server, or
 * memory in a test.
 *
 * Errors:  FAULT_SYSTEM when the other side is gone or sends no frames; the
 *          call is lost then.
 */
struct port {
	int (*send)(struct port *port, enum frame_type type,
	    struct bytes payload, struct fault *fault);
	/* What was sent so far is on its way when this returns. */
	int (*flush)(struct port *port, struct fault *fault);
	/* 1 a frame, valid until the next call; 0 the other side has closed. */
	int (*receive)(struct port *port, struct frame *frame_out,
	    struct fault *fault);
};

/* A port on a connected stream socket.  Thread: the process has one. */
struct port_socket {
	struct port port;
	int descriptor;
	struct buf in;
	size_t in_at; /* bytes of `in` already given out */
	struct buf out;
};

void port_socket_init(struct port_socket *socket, int descriptor);
void port_socket_fini(struct port_socket *socket);

#endif
