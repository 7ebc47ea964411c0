/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TRANSPORT_H
#define API_TRANSPORT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <sys/types.h>

struct ssl_st;
struct transport;

#define TRANSPORT_PIECES_MAX 4u

/* What read, write and handshake return instead of a count. */
enum transport_answer {
	TRANSPORT_END = 0, /* the other side sends no more */
	TRANSPORT_WANT_READ = -1,
	TRANSPORT_WANT_WRITE = -2,
	TRANSPORT_FAILED = -3, /* reset, or broken TLS: close */
};

/* Bytes that lie in memory and in a file. */
struct file_piece {
	int file;
	uint64_t at;
	struct bytes bytes;
	bool more; /* will follow at once: only full segments go out */
};

/*
 * How bytes go through a socket: as they are, or by TLS.  After a
 * TRANSPORT_WANT_* the call is repeated with the same bytes when the socket
 * is ready.
 */
struct transport_kind {
	/* > 0 when done. */
	ssize_t (*handshake)(struct transport *transport);
	ssize_t (*read)(struct transport *transport, void *data, size_t len);
	/* As many bytes of the pieces, in order, as go out now. */
	ssize_t (*write)(struct transport *transport,
	    const struct bytes *pieces, unsigned count);
	/*
	 * As many bytes as go out now, from their place in a file.  NULL
	 * where bytes cannot go out as they are.
	 */
	ssize_t (*send_file)(struct transport *transport,
	    const struct file_piece *piece);
	/* Bytes that were received and that the socket will not announce. */
	bool (*has_pending)(const struct transport *transport);
	/* No more will be written; the other side may still send. */
	void (*finish)(struct transport *transport);
	/* Release all but the socket. */
	void (*fini)(struct transport *transport);
};

struct transport {
	const struct transport_kind *kind;
	struct ssl_st *ssl; /* NULL: plain */
	int descriptor;     /* owned by the connection */
	bool corked;        /* it holds back what does not fill a segment */
};

void transport_init_plain(struct transport *transport, int descriptor);

#endif
