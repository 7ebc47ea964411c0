/* SPDX-License-Identifier: Apache-2.0 */

/* Plain sockets.  MSG_NOSIGNAL: a client that left is no signal. */

#include "api/transport.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

static ssize_t
answer(ssize_t count, enum transport_answer wanted)
{
	if (count >= 0) {
		return count;
	}
	return errno == EAGAIN || errno == EINTR ? (ssize_t)wanted
	                                         : (ssize_t)TRANSPORT_FAILED;
}

static ssize_t
plain_handshake(struct transport *transport)
{
	(void)transport;
	return 1;
}

static ssize_t
plain_read(struct transport *transport, void *data, size_t len)
{
	return answer(recv(transport->descriptor, data, len, 0),
	    TRANSPORT_WANT_READ);
}

static ssize_t
plain_write(struct transport *transport, const struct bytes *pieces,
    unsigned count)
{
	struct iovec parts[TRANSPORT_PIECES_MAX];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = count };

	for (unsigned i = 0; i < count; i++) {
		/* sendmsg() does not write to what iov_base points at. */
		parts[i].iov_base = (void *)(uintptr_t)pieces[i].data;
		parts[i].iov_len = pieces[i].len;
	}
	return answer(sendmsg(transport->descriptor, &message, MSG_NOSIGNAL),
	    TRANSPORT_WANT_WRITE);
}

static bool
plain_has_pending(const struct transport *transport)
{
	(void)transport;
	return false;
}

static void
plain_finish(struct transport *transport)
{
	shutdown(transport->descriptor, SHUT_WR);
}

static void
plain_fini(struct transport *transport)
{
	(void)transport;
}

void
transport_init_plain(struct transport *transport, int descriptor)
{
	static const struct transport_kind plain = {
		.handshake = plain_handshake,
		.read = plain_read,
		.write = plain_write,
		.has_pending = plain_has_pending,
		.finish = plain_finish,
		.fini = plain_fini,
	};

	*transport =
	    (struct transport){ .kind = &plain, .descriptor = descriptor };
}
