/* SPDX-License-Identifier: Apache-2.0 */

/*
 * At most one piece of the body waits at a time; the next is asked for when
 * it has gone out.  The head waits for the first piece, so that a small
 * answer is one segment (and one TLS record).
 *
 * A piece that lies in a file is sent by the kernel from there, all but the
 * bytes that go with the head: 85 us of processor time a MiB where copying
 * it costs 290 (docs/store.md, chunks).
 */

#include "api/sender.h"

#include "api/request.h"

#include <assert.h>
#include <stdio.h>

/* Of a piece in a file; so few are copied sooner than looked up. */
#define WITH_HEAD_BYTES 16384u

void
sender_init(struct sender *sender, struct request *request, struct bytes head)
{
	const struct reply *reply = &request->reply;
	bool has_body = reply_has_body(request);

	*sender = (struct sender){ .request = request, .file = -1 };
	sender->pieces[sender->count++] = head;
	if (has_body && reply->source.next == NULL) {
		sender->pieces[sender->count++] = reply->bytes;
	} else if (has_body) {
		sender->offset = reply->offset;
		sender->left = reply->length;
		sender->chunked =
		    reply->length == REPLY_UNKNOWN && request->head.minor == 1;
	}
}

static void
add_piece(struct sender *sender, struct bytes piece)
{
	assert(sender->count < TRANSPORT_PIECES_MAX);
	sender->pieces[sender->count++] = piece;
}

static void
add_body(struct sender *sender, struct bytes piece)
{
	const struct reply_source *source = &sender->request->reply.source;
	int len;

	sender->offset += piece.len;
	if (sender->left != REPLY_UNKNOWN) {
		sender->left -= piece.len;
	}
	if (!sender->chunked) {
		add_piece(sender, piece);
		if (source->file != NULL) {
			sender->file =
			    source->file(source->arg, piece, &sender->file_at);
		}
		return;
	}
	len = snprintf(sender->frame, sizeof(sender->frame), "%zx\r\n",
	    piece.len);
	add_piece(sender, bytes_of(sender->frame, (size_t)len));
	add_piece(sender, piece);
	add_piece(sender, bytes_of_text("\r\n"));
}

/* A body of unknown length is over. */
static void
end_body(struct sender *sender)
{
	sender->left = 0;
	if (sender->chunked) {
		add_piece(sender, bytes_of_text("0\r\n\r\n"));
	}
}

static enum sender_step
refuse(const struct sender *sender, const struct fault *fault)
{
	if (sender->sent == 0) {
		reply_instead(sender->request, fault);
		return SENDER_REFUSED;
	}
	/* The status is out: all that is left is to cut the connection. */
	log_error(&sender->request->log, "http.cut", "code=%s text=%s",
	    fault_name(fault->code), fault->text);
	return SENDER_FAILED;
}

/* Ask the source for the next piece. */
static enum sender_step
pull(struct sender *sender)
{
	struct reply *reply = &sender->request->reply;
	size_t max = sender->left < SENDER_PIECE_MAX ? (size_t)sender->left
	                                             : SENDER_PIECE_MAX;
	struct bytes piece = NO_BYTES;
	struct fault fault;
	int rc = reply->source.next(reply->source.arg, sender->offset, max,
	    &piece, &fault);

	if (rc < 0) {
		return refuse(sender, &fault);
	}
	if (rc == 0) {
		reply->waiting = true;
		return SENDER_WAIT;
	}
	assert(piece.len <= max);
	if (piece.len > 0) {
		add_body(sender, piece);
	} else if (sender->left == REPLY_UNKNOWN) {
		end_body(sender);
	} else {
		fault_set(&fault, FAULT_CORRUPT,
		    "the body ends %llu bytes early",
		    (unsigned long long)sender->left);
		return refuse(sender, &fault);
	}
	return SENDER_ON;
}

static void
advance(struct sender *sender, size_t len)
{
	unsigned whole = 0;

	sender->sent += len;
	sender->request->bytes_out += len;
	while (whole < sender->count && len >= sender->pieces[whole].len) {
		len -= sender->pieces[whole++].len;
	}
	sender->count -= whole;
	memmove(sender->pieces, sender->pieces + whole,
	    sender->count * sizeof(*sender->pieces));
	if (sender->count > 0) {
		sender->pieces[0].data += len;
		sender->pieces[0].len -= len;
	}
	/* In a file lies the last piece alone. */
	sender->file_at += sender->count == 1 ? len : 0;
}

static ssize_t
write_pieces(const struct sender *sender, struct transport *transport)
{
	struct bytes pieces[TRANSPORT_PIECES_MAX];
	unsigned last = sender->count - 1;

	if (sender->file < 0 || transport->kind->send_file == NULL) {
		return transport->kind->write(transport, sender->pieces,
		    sender->count);
	}
	if (sender->count == 1 && sender->pieces[0].len > WITH_HEAD_BYTES) {
		return transport->kind->send_file(transport,
		    &(struct file_piece){ .file = sender->file,
		        .at = sender->file_at,
		        .bytes = sender->pieces[0],
		        .more = sender->left > 0 });
	}
	memcpy(pieces, sender->pieces, sender->count * sizeof(*pieces));
	if (pieces[last].len > WITH_HEAD_BYTES) {
		pieces[last].len = WITH_HEAD_BYTES;
	}
	return transport->kind->write(transport, pieces, sender->count);
}

static enum sender_step
push(struct sender *sender, struct transport *transport)
{
	ssize_t sent = write_pieces(sender, transport);

	switch (sent) {
	case TRANSPORT_WANT_READ:
		return SENDER_WANT_READ;
	case TRANSPORT_WANT_WRITE:
		return SENDER_WANT_WRITE;
	case TRANSPORT_FAILED:
		return SENDER_FAILED;
	default:
		advance(sender, (size_t)sent);
		return SENDER_ON;
	}
}

enum sender_step
sender_step(struct sender *sender, struct transport *transport)
{
	bool first = sender->sent == 0 && sender->count == 1;
	enum sender_step step = SENDER_ON;

	if (sender->left > 0 && (sender->count == 0 || first)) {
		step = pull(sender);
	}
	if (step == SENDER_ON && sender->count > 0) {
		step = push(sender, transport);
	}
	if (step == SENDER_ON && sender->count == 0 && sender->left == 0) {
		return SENDER_DONE;
	}
	return step;
}
