/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_REPLY_H
#define API_REPLY_H

#include "base/fault.h"
#include "base/json.h"

struct request;

#define REPLY_UNKNOWN    UINT64_MAX /* length: sent in chunks until its end */
#define REPLY_FIELDS_MAX 8192u      /* bytes of reply_header() in all */

/*
 * The answer to a request.  First the fields, then exactly one of
 * reply_bytes, _json, _stream, _empty, _fault or _problem, at once or later;
 * after that the request is not the handler's any more.  A client that has
 * left meanwhile changes nothing for the handler.
 *
 * HEAD, 204 and 304 are nobody's business but the machinery's: a handler
 * answers them as it would GET.
 *
 * Thread:  the request's loop.
 */

/*
 * Add a field.  Content-Length, Date, Connection and Content-Type are the
 * machinery's.
 *
 * Owner:   the value is copied.
 * Errors:  FAULT_INVALID when it holds CR, LF, NUL or another control,
 *          FAULT_LIMIT over REPLY_FIELDS_MAX.
 */
int reply_header(struct request *request, const char *name, const char *value,
    struct fault *fault);

/*
 * The strong tag of what a 200 will show, with its quotes ("\"17\"").  GET and
 * HEAD are then answered with 304 where If-None-Match has it.
 */
void reply_tag(struct request *request, const char *tag);
/* The file's name for a download, in any script (RFC 6266). */
void reply_file_name(struct request *request, bool attachment,
    const char *name);

/* Owner: `bytes` are borrowed until the request ends: of its arena, or const.*/
void reply_bytes(struct request *request, int status, const char *media_type,
    struct bytes bytes);
/* Canonical JSON.  Owner: `value` is borrowed for the call. */
void reply_json(struct request *request, int status, const json_t *value);
/* No content: 204, 304, or a status whose fields say all. */
void reply_empty(struct request *request, int status);
/* problem+json by the table of problem.h; logs what is ours to repair. */
void reply_fault(struct request *request, const struct fault *fault);
/* The same with a list or object for programs, as its member "details". */
void reply_fault_details(struct request *request, const struct fault *fault,
    const json_t *details);
/* HTTP's own refusal of that status; `detail` may be NULL. */
void reply_problem(struct request *request, int status, const char *detail);

/* Where the bytes of a long body come from. */
struct reply_source {
	/*
	 * 1 with bytes of the body from `offset` on, at most `max` of them;
	 * none of them ends a body of unknown length.  0 when they are not
	 * there yet: call reply_more() when they are, in any case.  -1 is
	 * answered with its fault where it is the first piece; later the
	 * connection is cut, since the status was sent.
	 *
	 * Owner:   *piece_out is borrowed until the next call or release.
	 * Thread:  loop: what is not in memory is for a worker to fetch.
	 */
	int (*next)(void *arg, uint64_t offset, size_t max,
	    struct bytes *piece_out, struct fault *fault);
	/* Called once, in the end, sent or not; may be NULL. */
	void (*release)(void *arg);
	void *arg;
	/*
	 * The file that a piece lies in, and where, so that the kernel sends
	 * it without a copy.  May be NULL.
	 */
	int (*file)(void *arg, struct bytes piece, uint64_t *at_out);
};

struct reply_stream {
	const char *media_type;
	uint64_t length; /* or REPLY_UNKNOWN */
	struct reply_source source;
};

/*
 * A body that is sent piece by piece as the client takes it, without a copy.
 * With a known length, Range and If-Range (with reply_tag()) are answered by
 * 206 or 416.
 */
void reply_stream(struct request *request, int status,
    const struct reply_stream *stream);
/* The source that said 0 has more. */
void reply_more(struct request *request);

/* --- for the machinery ------------------------------------------------ */

struct reply_field {
	struct reply_field *next;
	struct bytes line; /* "Name: value\r\n" */
};

/* What is known of the answer, from the first field to the last byte. */
struct reply {
	int status;
	bool ready;
	bool caches;            /* a Cache-Control of the handler's */
	bool waits;             /* it says when to try again */
	bool waiting;           /* for reply_more() */
	const char *media_type; /* NULL: none */
	const char *tag;
	uint64_t length;    /* of the content, or REPLY_UNKNOWN */
	struct bytes bytes; /* the content, unless it has a source */
	struct reply_source source;
	uint64_t offset; /* of the content within the source */
	struct reply_field *fields;
	struct reply_field **fields_end;
	size_t fields_bytes;
};

/*
 * The head of the answer, in the request's arena.  `date` is that of now,
 * `last` says that the connection is closed after it.
 */
struct bytes reply_format(struct request *request, const char *date, bool last);
/* Whether a body follows the head. */
bool reply_has_body(const struct request *request);
/* Give the source back, if there is one.  May be called twice. */
void reply_release(struct reply *reply);
/* Answer anew, with a fault: of the answer that was ready nothing went out. */
void reply_instead(struct request *request, const struct fault *fault);

#endif
