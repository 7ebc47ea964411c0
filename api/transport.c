/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Plain sockets.  MSG_NOSIGNAL: a client that left is no signal; sendfile()
 * knows no such flag, so the process ignores SIGPIPE too (daemon/hosod.c).
 */

#include "api/transport.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
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

/*
 * The end of each piece of a file would else be a segment of its own, as far
 * from full as it happens to be.
 */
static void
cork(struct transport *transport, bool on)
{
	int value = on;

	if (on != transport->corked) {
		(void)setsockopt(transport->descriptor, IPPROTO_TCP, TCP_CORK,
		    &value, sizeof(value));
		transport->corked = on;
	}
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
	cork(transport, false);
	return answer(sendmsg(transport->descriptor, &message, MSG_NOSIGNAL),
	    TRANSPORT_WANT_WRITE);
}

/* Not every file can be sent from: then it is copied. */
static ssize_t
plain_send_file(struct transport *transport, const struct file_piece *piece)
{
	off_t offset = (off_t)piece->at;
	ssize_t sent;

	cork(transport, piece->more);
	sent = sendfile(transport->descriptor, piece->file, &offset,
	    piece->bytes.len);
	if (sent < 0 && (errno == EINVAL || errno == ENOSYS)) {
		return plain_write(transport, &piece->bytes, 1);
	}
	return sent == 0 ? TRANSPORT_FAILED /* the file is cut short */
	                 : answer(sent, TRANSPORT_WANT_WRITE);
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
		.send_file = plain_send_file,
		.has_pending = plain_has_pending,
		.finish = plain_finish,
		.fini = plain_fini,
	};

	*transport =
	    (struct transport){ .kind = &plain, .descriptor = descriptor };
}
