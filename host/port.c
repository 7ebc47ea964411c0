/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows and blocks are small, so what is sent is gathered and written when
 * PORT_BATCH bytes have come together, before this side waits for an answer,
 * and at the end.
 */

#include "host/port.h"

#include <errno.h>
#include <unistd.h>

#define PORT_BATCH (64u << 10)
#define PORT_READ  (64u << 10)

static int
socket_flush(struct port *port, struct fault *fault)
{
	struct port_socket *socket = (struct port_socket *)port;
	size_t done = 0;

	while (done < socket->out.len) {
		ssize_t n = write(socket->descriptor, socket->out.data + done,
		    socket->out.len - done);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return fault_errno(fault, errno, "write to the server");
		}
		done += (size_t)n;
	}
	buf_reset(&socket->out);
	return 0;
}

static int
socket_send(struct port *port, enum frame_type type, struct bytes payload,
    struct fault *fault)
{
	struct port_socket *socket = (struct port_socket *)port;

	frame_encode(&socket->out, type, payload);
	if (buf_check(&socket->out, fault) < 0) {
		return -1;
	}
	return socket->out.len < PORT_BATCH ? 0 : socket_flush(port, fault);
}

/* Throw away what was given out, then read once: 1 bytes, 0 end, -1. */
static int
fill(struct port_socket *socket, struct fault *fault)
{
	uint8_t *room;
	ssize_t n;

	if (socket->in_at > 0) {
		size_t left = socket->in.len - socket->in_at;

		memmove(socket->in.data, socket->in.data + socket->in_at, left);
		socket->in.len = left;
		socket->in_at = 0;
	}
	room = buf_reserve(&socket->in, PORT_READ);
	if (room == NULL) {
		return buf_check(&socket->in, fault);
	}
	do {
		n = read(socket->descriptor, room, PORT_READ);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		return fault_errno(fault, errno, "read from the server");
	}
	buf_grow(&socket->in, (size_t)n);
	return n > 0;
}

static int
socket_receive(struct port *port, struct frame *frame_out, struct fault *fault)
{
	struct port_socket *socket = (struct port_socket *)port;

	if (socket_flush(port, fault) < 0) {
		return -1;
	}
	for (;;) {
		struct bytes input = NO_BYTES;
		size_t used = 0;
		int rc;

		if (socket->in.len > socket->in_at) {
			input = bytes_of(socket->in.data + socket->in_at,
			    socket->in.len - socket->in_at);
		}
		rc = frame_decode(frame_out, &used, input, FRAME_PAYLOAD_MAX);
		if (rc < 0) {
			return fault_set(fault, FAULT_SYSTEM,
			    "the server sent what is no message");
		}
		if (rc > 0) {
			socket->in_at += used;
			return 1;
		}
		rc = fill(socket, fault);
		if (rc <= 0) {
			return rc;
		}
	}
}

void
port_socket_init(struct port_socket *socket, int descriptor)
{
	*socket = (struct port_socket){
		.port = { socket_send, socket_flush, socket_receive },
		.descriptor = descriptor,
	};
	buf_init(&socket->in, FRAME_HEADER + FRAME_PAYLOAD_MAX + 2 * PORT_READ);
	buf_init(&socket->out, 2 * (FRAME_HEADER + FRAME_PAYLOAD_MAX));
}

void
port_socket_fini(struct port_socket *socket)
{
	buf_fini(&socket->in);
	buf_fini(&socket->out);
}
