/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Answers.  A handler says what it has; here it becomes a status, fields and
 * a range of bytes, and the connection is told that it is ready.  The head is
 * written by hand into the request's arena: for a small stored record it is
 * most of the work of an answer.
 */

#include "api/reply.h"

#include "api/connection.h"
#include "api/disposition.h"
#include "api/etag.h"
#include "api/header.h"
#include "api/octet.h"
#include "api/problem.h"
#include "api/range.h"
#include "api/request.h"
#include "base/phrase.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define PROBLEM_BYTES_MAX 65536u
#define JSON_TYPE         "application/json"
#define PROBLEM_TYPE      "application/problem+json"

/* --- fields ----------------------------------------------------------- */

static void
add_field(struct request *request, const char *name, const char *value)
{
	struct reply *reply = &request->reply;
	struct reply_field *field = arena_alloc(request->arena, sizeof(*field));

	field->line = bytes_of_text(
	    arena_format(request->arena, "%s: %s\r\n", name, value));
	reply->fields_bytes += field->line.len;
	*reply->fields_end = field;
	reply->fields_end = &field->next;
}

int
reply_header(struct request *request, const char *name, const char *value,
    struct fault *fault)
{
	struct reply *reply = &request->reply;
	const uint8_t *end = (const uint8_t *)value + strlen(value);

	if (octet_skip((const uint8_t *)value, end, OCTET_VALUE) != end) {
		return fault_set(fault, FAULT_INVALID,
		    "field %s: a control character in its value", name);
	}
	if (reply->fields_bytes + strlen(name) + strlen(value) + 4 >
	    REPLY_FIELDS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "field %s: more than %u bytes of fields", name,
		    REPLY_FIELDS_MAX);
	}
	if (header_is(bytes_of_text(name), "cache-control")) {
		reply->caches = true;
	} else if (header_is(bytes_of_text(name), "retry-after")) {
		reply->waits = true;
	}
	add_field(request, name, value);
	return 0;
}

void
reply_tag(struct request *request, const char *tag)
{
	request->reply.tag = arena_text(request->arena, tag);
}

void
reply_file_name(struct request *request, bool attachment, const char *name)
{
	struct fault ignored;
	struct buf value;

	buf_init(&value, REPLY_FIELDS_MAX / 2);
	disposition_format(&value, attachment, name);
	/* A name too long for a field is left for the client to choose. */
	if (buf_check(&value, &ignored) == 0) {
		reply_header(request, "Content-Disposition", buf_text(&value),
		    &ignored);
	}
	buf_fini(&value);
}

/* --- the head --------------------------------------------------------- */

/* Status and phrase (RFC 9110, 15); the phrase is for people who look on. */
static const char *
reason(int status)
{
	static const char *const lines[] = {
		"200 OK",
		"201 Created",
		"202 Accepted",
		"204 No Content",
		"206 Partial Content",
		"303 See Other",
		"304 Not Modified",
		"400 Bad Request",
		"401 Unauthorized",
		"403 Forbidden",
		"404 Not Found",
		"405 Method Not Allowed",
		"408 Request Timeout",
		"409 Conflict",
		"410 Gone",
		"412 Precondition Failed",
		"413 Content Too Large",
		"414 URI Too Long",
		"415 Unsupported Media Type",
		"416 Range Not Satisfiable",
		"417 Expectation Failed",
		"428 Precondition Required",
		"429 Too Many Requests",
		"431 Request Header Fields Too Large",
		"500 Internal Server Error",
		"501 Not Implemented",
		"502 Bad Gateway",
		"503 Service Unavailable",
		"504 Gateway Timeout",
		"505 HTTP Version Not Supported",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		if (lines[i][0] - '0' == status / 100 &&
		    lines[i][1] - '0' == status / 10 % 10 &&
		    lines[i][2] - '0' == status % 10) {
			return lines[i];
		}
	}
	return NULL;
}

static char *
put(char *at, const char *text)
{
	size_t len = strlen(text);

	memcpy(at, text, len);
	return at + len;
}

static char *
put_status(char *at, int status)
{
	const char *known = reason(status);

	at = put(at, "HTTP/1.1 ");
	if (known != NULL) {
		return put(at, known);
	}
	/* The phrase may be empty, the blank may not (RFC 9112, 4). */
	at += text_number(at, (uint64_t)status);
	return put(at, " ");
}

/* 204 and 304 have no content to measure; 304 must not lie about GET's. */
static bool
states_length(const struct reply *reply)
{
	return reply->status != 204 && reply->status != 304;
}

static bool
is_chunked(const struct request *request)
{
	return request->reply.length == REPLY_UNKNOWN &&
	       request->head.minor == 1;
}

static char *
put_framing(char *at, const struct request *request)
{
	const struct reply *reply = &request->reply;

	if (!states_length(reply)) {
		return at;
	}
	if (reply->length != REPLY_UNKNOWN) {
		at = put(at, "\r\nContent-Length: ");
		return at + text_number(at, reply->length);
	}
	return is_chunked(request) ? put(at, "\r\nTransfer-Encoding: chunked")
	                           : at;
}

struct bytes
reply_format(struct request *request, const char *date, bool last)
{
	const struct reply *reply = &request->reply;
	size_t room =
	    400 + reply->fields_bytes +
	    (reply->media_type != NULL ? strlen(reply->media_type) : 0) +
	    (reply->tag != NULL ? strlen(reply->tag) : 0);
	char *start = arena_alloc(request->arena, room);
	char *at = put_status(start, reply->status);

	at = put(put(at, "\r\nDate: "), date);
	if (reply->media_type != NULL) {
		at = put(put(at, "\r\nContent-Type: "), reply->media_type);
	}
	at = put_framing(at, request);
	if (reply->tag != NULL) {
		at = put(put(at, "\r\nETag: "), reply->tag);
	}
	if (!reply->caches) {
		/* Office data: kept by its reader only, asked for anew. */
		at = put(at, "\r\nCache-Control: private, no-cache");
	}
	at = put(at, "\r\nX-Content-Type-Options: nosniff");
	at = put(at, last ? "\r\nConnection: close\r\n" : "\r\n");
	for (const struct reply_field *field = reply->fields; field != NULL;
	     field = field->next) {
		memcpy(at, field->line.data, field->line.len);
		at += field->line.len;
	}
	at = put(at, "\r\n");
	assert((size_t)(at - start) <= room);
	return bytes_of(start, (size_t)(at - start));
}

bool
reply_has_body(const struct request *request)
{
	return request->head.method != METHOD_HEAD &&
	       states_length(&request->reply) && request->reply.length > 0;
}

void
reply_release(struct reply *reply)
{
	void (*release)(void *arg) = reply->source.release;

	reply->source.next = NULL;
	reply->source.release = NULL;
	if (release != NULL) {
		release(reply->source.arg);
	}
}

/* --- answers ---------------------------------------------------------- */

/* The one way out: the answer is complete. */
static void
answer(struct request *request)
{
	assert(!request->reply.ready);
	request->reply.ready = true;
	if (request->connection != NULL) {
		connection_answered(request->connection);
	} else {
		request_end(request);
	}
}

static bool
is_reading(const struct request *request)
{
	return request->head.method == METHOD_GET ||
	       request->head.method == METHOD_HEAD;
}

/* RFC 9110, 13.1.2: the client has just this. */
static bool
is_unchanged(const struct request *request, int status)
{
	struct bytes tags;

	return request->reply.tag != NULL && status == 200 &&
	       is_reading(request) &&
	       header_find(&request->head, "if-none-match", &tags) &&
	       etag_is_in(tags, request->reply.tag, true);
}

/* RFC 9110, 13.1.1: the client wants just what it has had a part of. */
static bool
has_changed(const struct request *request, int status)
{
	struct bytes tags;

	return request->reply.tag != NULL && status == 200 &&
	       is_reading(request) &&
	       header_find(&request->head, "if-match", &tags) &&
	       !etag_is_in(tags, request->reply.tag, false);
}

/* What the content is called and how long it may be kept is not for a refusal. */
static void
drop_content(struct reply *reply)
{
	reply_release(reply);
	*reply = (struct reply){ .fields_end = &reply->fields };
}

static void
refuse_changed(struct request *request)
{
	drop_content(&request->reply);
	reply_problem(request, 412, NULL);
}

static void
set_empty(struct request *request, int status)
{
	struct reply *reply = &request->reply;

	reply_release(reply);
	reply->status = status;
	reply->media_type = NULL;
	reply->bytes = NO_BYTES;
	reply->length = 0;
}

void
reply_bytes(struct request *request, int status, const char *media_type,
    struct bytes bytes)
{
	struct reply *reply = &request->reply;

	if (has_changed(request, status)) {
		refuse_changed(request);
		return;
	}
	if (is_unchanged(request, status)) {
		set_empty(request, 304);
	} else {
		reply->status = status;
		reply->media_type = media_type;
		reply->bytes = bytes;
		reply->length = bytes.len;
	}
	answer(request);
}

void
reply_json(struct request *request, int status, const json_t *value)
{
	reply_bytes(request, status, JSON_TYPE,
	    json_bytes(request->arena, value));
}

void
reply_empty(struct request *request, int status)
{
	set_empty(request, status);
	answer(request);
}

/* --- problems --------------------------------------------------------- */

static void
answer_problem(struct request *request, const struct problem *problem,
    struct problem_says *says)
{
	struct bytes body;
	struct buf text;

	says->english = request_is_english(request);
	says->instance = request->id;
	request->reply.tag = NULL;
	buf_init(&text, PROBLEM_BYTES_MAX);
	problem_format(&text, problem, says);
	body = arena_copy(request->arena, buf_bytes(&text));
	buf_fini(&text);
	reply_bytes(request, problem->status, PROBLEM_TYPE, body);
}

void
reply_problem(struct request *request, int status, const char *detail)
{
	struct problem_says says = { .detail = detail };

	if (detail != NULL && !request_is_english(request)) {
		says.detail = phrase_word(detail);
	}
	answer_problem(request, problem_of_status(status), &says);
}

void
reply_fault(struct request *request, const struct fault *fault)
{
	reply_fault_details(request, fault, NULL);
}

void
reply_fault_details(struct request *request, const struct fault *fault,
    const json_t *details)
{
	struct problem_says says = { .detail = request_is_english(request)
		                                   ? fault->text
		                                   : fault->local,
		.field = fault->field,
		.details = details };
	struct bytes match;
	bool guarded = header_find(&request->head, "if-match", &match);
	const struct problem *problem = problem_of_fault(fault->code, guarded);

	if (request->cut_status != 0 && problem->status < 500) {
		problem = problem_of_status(request->cut_status);
	}
	if (problem->status == 500) {
		log_error(&request->log, "http.failed",
		    "code=%s sys=%d text=%s", fault_name(fault->code),
		    fault->sys, fault->text);
	} else if (problem->status > 500) {
		log_warn(&request->log, "http.failed", "code=%s sys=%d text=%s",
		    fault_name(fault->code), fault->sys, fault->text);
	}
	if ((problem->status == 429 || problem->status == 503) &&
	    !request->reply.waits) {
		add_field(request, "Retry-After", "1");
	}
	answer_problem(request, problem, &says);
}

/* --- streams ---------------------------------------------------------- */

/* RFC 9110, 13.1.5: a Range counts only for the very same content. */
static bool
range_counts(const struct request *request)
{
	struct bytes tag;

	if (!header_find(&request->head, "if-range", &tag)) {
		return true;
	}
	return request->reply.tag != NULL &&
	       bytes_equal(tag, bytes_of_text(request->reply.tag));
}

static enum range_answer
read_range(const struct request *request, uint64_t length,
    struct range *range_out)
{
	struct bytes value;

	*range_out = (struct range){ 0, length };
	if (request->head.method != METHOD_GET ||
	    !header_find(&request->head, "range", &value) ||
	    !range_counts(request)) {
		return RANGE_WHOLE;
	}
	return range_parse(value, length, range_out);
}

static void
add_range(struct request *request, const struct range *range, uint64_t length)
{
	char text[80];

	if (range == NULL) {
		snprintf(text, sizeof(text), "bytes */%" PRIu64, length);
	} else {
		snprintf(text, sizeof(text),
		    "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, range->from,
		    range->from + range->len - 1, length);
	}
	add_field(request, "Content-Range", text);
}

/* Returns false when 416 was answered. */
static bool
choose_range(struct request *request, uint64_t length)
{
	struct reply *reply = &request->reply;
	struct range range;

	switch (read_range(request, length, &range)) {
	case RANGE_OUTSIDE:
		drop_content(reply);
		add_field(request, "Accept-Ranges", "bytes");
		add_range(request, NULL, length);
		reply_problem(request, 416, NULL);
		return false;
	case RANGE_PART:
		add_field(request, "Accept-Ranges", "bytes");
		reply->status = 206;
		add_range(request, &range, length);
		break;
	case RANGE_WHOLE:
	default:
		add_field(request, "Accept-Ranges", "bytes");
		break;
	}
	reply->offset = range.from;
	reply->length = range.len;
	return true;
}

void
reply_stream(struct request *request, int status,
    const struct reply_stream *stream)
{
	struct reply *reply = &request->reply;

	reply->source = stream->source;
	if (has_changed(request, status)) {
		refuse_changed(request);
		return;
	}
	if (is_unchanged(request, status)) {
		set_empty(request, 304);
		answer(request);
		return;
	}
	reply->status = status;
	reply->media_type = stream->media_type;
	reply->length = stream->length;
	if (status == 200 && stream->length != REPLY_UNKNOWN &&
	    !choose_range(request, stream->length)) {
		return;
	}
	answer(request);
}

void
reply_instead(struct request *request, const struct fault *fault)
{
	drop_content(&request->reply);
	reply_fault(request, fault);
}

void
reply_more(struct request *request)
{
	request->reply.waiting = false;
	if (request->connection != NULL) {
		connection_resume(request->connection);
	} else {
		request_end(request);
	}
}
