/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SENDER_H
#define API_SENDER_H

#include "api/transport.h"

struct request;

#define SENDER_PIECE_MAX 262144u /* most that waits unsent */

/*
 * An answer on its way out: what goes out next, and how much is to come.
 * Bytes of a body are sent from where they lie.
 */
struct sender {
	struct request *request;
	struct bytes pieces[TRANSPORT_PIECES_MAX]; /* in order, not yet sent */
	unsigned count;
	bool chunked;
	uint64_t offset; /* next in the source */
	uint64_t left;   /* still to be asked of the source */
	uint64_t sent;
	char frame[24]; /* a chunk's size line */
	int file;       /* that the last piece lies in, or -1 */
	uint64_t file_at;
};

enum sender_step {
	SENDER_FAILED = -1, /* the client is gone, or the source failed */
	SENDER_DONE = 0,
	SENDER_ON = 1,        /* bytes went out; call again */
	SENDER_WANT_READ = 2, /* call again when the socket is ready */
	SENDER_WANT_WRITE = 3,
	SENDER_WAIT = 4,    /* for the source: reply_more() */
	SENDER_REFUSED = 5, /* by the source, and there is another answer */
};

/* `head` of the request's answer; borrowed, as all of the answer. */
void sender_init(struct sender *sender, struct request *request,
    struct bytes head);
enum sender_step sender_step(struct sender *sender,
    struct transport *transport);

#endif
