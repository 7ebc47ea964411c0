/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One exchange is one connection that never blocks: it is looked at several
 * times a second whether it may go on, because a server elsewhere may take
 * minutes and one that stops must not wait for it.
 *
 * OpenSSL connects and takes addresses apart; its own HTTP client throws away
 * the body of every answer but 200, and a witness says in that of a 409 what
 * it has seen.
 */

#include "core/fetch.h"

#include "base/clock.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <poll.h>
#include <strings.h>

#define LOOK_MS     200 /* whether it may go on */
#define HEAD_MAX    16384u
#define READ_BYTES  4096u
#define UNKNOWN_LEN SIZE_MAX

/* A url taken apart; OpenSSL's memory. */
struct place {
	char *host;
	char *port;
	char *path;
	char *query;
};

struct exchange {
	const struct fetch *fetch;
	struct place place;
	int64_t ends; /* clock_ticks() */
	BIO *bio;
	struct buf request;
	struct buf answer; /* head and body, as they come */
	size_t head_len;   /* 0 until all of it is there */
	size_t body_len;   /* UNKNOWN_LEN: up to the end of the connection */
	unsigned status;
};

/* --- where ----------------------------------------------------------------- */

static void
place_fini(struct place *place)
{
	OPENSSL_free(place->host);
	OPENSSL_free(place->port);
	OPENSSL_free(place->path);
	OPENSSL_free(place->query);
}

/* Blanks and control characters would end the request's line. */
static bool
is_plain(const char *url)
{
	for (const char *c = url; *c != '\0'; c++) {
		if (*c <= ' ' || *c == 0x7F) {
			return false; /* nor bytes of UTF-8, where char is signed */
		}
	}
	return true;
}

static int
place_init(struct place *place, const char *url, struct fault *fault)
{
	int is_tls;

	*place = (struct place){ NULL };
	if (strncmp(url, "http://", 7) != 0 || !is_plain(url) ||
	    OSSL_HTTP_parse_url(url, &is_tls, NULL, &place->host, &place->port,
	        NULL, &place->path, &place->query, NULL) != 1 ||
	    place->host[0] == '\0') {
		ERR_clear_error();
		place_fini(place);
		return fault_set(fault, FAULT_INVALID,
		    "%s is no address that begins with http://", url);
	}
	return 0;
}

int
fetch_check_url(const char *url, struct fault *fault)
{
	struct place place;

	if (place_init(&place, url, fault) < 0) {
		return -1;
	}
	place_fini(&place);
	return 0;
}

/* --- the connection -------------------------------------------------------- */

/* Wait until the connection may go on; -1 it may not any more. */
static int
wait_for(const struct exchange *exchange, struct fault *fault)
{
	const struct fetch *fetch = exchange->fetch;
	struct pollfd look = { .events = POLLIN };

	if (fetch->stopped != NULL && atomic_load(fetch->stopped)) {
		return fault_set(fault, FAULT_BUSY, "the server stops");
	}
	if (clock_ticks() > exchange->ends) {
		return fault_set(fault, FAULT_BUSY, "no answer within %llu ms",
		    (unsigned long long)fetch->timeout_ms);
	}
	BIO_get_fd(exchange->bio, &look.fd);
	if (!BIO_should_read(exchange->bio)) {
		look.events = POLLOUT; /* also while it connects */
	}
	poll(&look, 1, LOOK_MS);
	return 0;
}

/* The words of OpenSSL, which are all there are. */
static int
fail(const char *what, struct fault *fault)
{
	unsigned long error = ERR_peek_error();
	const char *data = NULL;
	const char *reason;

	ERR_peek_error_data(&data, NULL);
	reason = ERR_reason_error_string(error);
	return fault_set(fault, FAULT_BUSY, "%s; OpenSSL: %s%s%s", what,
	    reason != NULL ? reason : "no reason given",
	    data != NULL && data[0] != '\0' ? ", " : "",
	    data != NULL ? data : "");
}

static int
connect_to(struct exchange *exchange, struct fault *fault)
{
	exchange->bio = BIO_new_connect(exchange->place.host);
	BIO_set_conn_port(exchange->bio, exchange->place.port);
	BIO_set_nbio(exchange->bio, 1);
	while (BIO_do_connect(exchange->bio) <= 0) {
		if (!BIO_should_retry(exchange->bio)) {
			return fail("it cannot be reached", fault);
		}
		if (wait_for(exchange, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static void
write_head(struct buf *out, const struct fetch *fetch,
    const struct place *place)
{
	bool is_get = fetch->content_type == NULL;
	bool asks = place->query != NULL && place->query[0] != '\0';

	buf_add_format(out, "%s %s%s%s HTTP/1.0\r\nHost: %s",
	    is_get ? "GET" : "POST", place->path, asks ? "?" : "",
	    asks ? place->query : "", place->host);
	if (strcmp(place->port, "80") != 0) {
		buf_add_format(out, ":%s", place->port);
	}
	if (!is_get) {
		buf_add_format(out,
		    "\r\nContent-Type: %s\r\nContent-Length: %zu",
		    fetch->content_type, fetch->body.len);
	}
	buf_add_text(out, "\r\n\r\n");
}

static int
send_request(struct exchange *exchange, struct fault *fault)
{
	struct buf *request = &exchange->request;
	size_t sent = 0;

	write_head(request, exchange->fetch, &exchange->place);
	buf_add_bytes(request, exchange->fetch->body);
	if (buf_check(request, fault) < 0) {
		return -1;
	}
	while (sent < request->len) {
		int count = BIO_write(exchange->bio, request->data + sent,
		    (int)(request->len - sent));

		if (count > 0) {
			sent += (size_t)count;
		} else if (!BIO_should_retry(exchange->bio)) {
			return fail("it does not take the request", fault);
		} else if (wait_for(exchange, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- the answer ------------------------------------------------------------ */

static int
is_too_long(const struct exchange *exchange, struct fault *fault)
{
	return fault_set(fault, FAULT_BUSY,
	    "its answer is longer than %zu bytes", exchange->fetch->answer_max);
}

static int
is_no_http(struct fault *fault)
{
	return fault_set(fault, FAULT_BUSY, "its answer is not HTTP/1");
}

/* Cut a line off, without its CR LF; false where its end has not come. */
static bool
cut_line(struct bytes *rest, struct bytes *line_out)
{
	const uint8_t *end =
	    rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;

	if (end == NULL) {
		return false;
	}
	*line_out = bytes_of(rest->data, (size_t)(end - rest->data));
	rest->data += line_out->len + 1;
	rest->len -= line_out->len + 1;
	if (line_out->len > 0 && line_out->data[line_out->len - 1] == '\r') {
		line_out->len--;
	}
	return true;
}

/* "HTTP/1.1 409 Conflict" */
static int
read_status(struct exchange *exchange, struct bytes line, struct fault *fault)
{
	const uint8_t *digits = line.data + 9;

	if (line.len < 12 || memcmp(line.data, "HTTP/1.", 7) != 0 ||
	    line.data[8] != ' ') {
		return is_no_http(fault);
	}
	exchange->status = 0;
	for (size_t i = 0; i < 3; i++) {
		if (digits[i] < '0' || digits[i] > '9') {
			return is_no_http(fault);
		}
		exchange->status =
		    exchange->status * 10 + (unsigned)(digits[i] - '0');
	}
	return 0;
}

static bool
is_field(struct bytes line, const char *name, struct bytes *value_out)
{
	size_t len = strlen(name);

	if (line.len <= len || line.data[len] != ':' ||
	    strncasecmp((const char *)line.data, name, len) != 0) {
		return false;
	}
	*value_out = bytes_of(line.data + len + 1, line.len - len - 1);
	while (value_out->len > 0 && value_out->data[0] == ' ') {
		value_out->data++;
		value_out->len--;
	}
	return true;
}

static int
read_length(struct exchange *exchange, struct bytes value, struct fault *fault)
{
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return is_no_http(fault);
		}
		len = len * 10 + (size_t)(value.data[i] - '0');
		if (len > exchange->fetch->answer_max) {
			return is_too_long(exchange, fault);
		}
	}
	exchange->body_len = len;
	return value.len > 0 ? 0 : is_no_http(fault);
}

/* Read the head once all of it is there. */
static int
read_head(struct exchange *exchange, struct fault *fault)
{
	struct bytes rest = buf_bytes(&exchange->answer);
	struct bytes line;
	struct bytes value;

	exchange->body_len = UNKNOWN_LEN;
	for (bool first = true; cut_line(&rest, &line); first = false) {
		if (first) {
			if (read_status(exchange, line, fault) < 0) {
				return -1;
			}
		} else if (line.len == 0) {
			exchange->head_len = exchange->answer.len - rest.len;
			return 0;
		} else if (is_field(line, "Transfer-Encoding", &value)) {
			return is_no_http(fault); /* not to HTTP/1.0 */
		} else if (is_field(line, "Content-Length", &value) &&
		           read_length(exchange, value, fault) < 0) {
			return -1;
		}
	}
	return exchange->answer.len <= HEAD_MAX ? 0 : is_no_http(fault);
}

static bool
is_complete(const struct exchange *exchange)
{
	return exchange->head_len > 0 && exchange->body_len != UNKNOWN_LEN &&
	       exchange->answer.len - exchange->head_len >= exchange->body_len;
}

/* Some bytes more: 1 came, 0 the connection ended. */
static int
read_some(struct exchange *exchange, struct fault *fault)
{
	uint8_t *room = buf_reserve(&exchange->answer, READ_BYTES);
	int count;

	if (room == NULL) {
		return is_too_long(exchange, fault);
	}
	while ((count = BIO_read(exchange->bio, room, READ_BYTES)) <= 0) {
		if (!BIO_should_retry(exchange->bio)) {
			return 0;
		}
		if (wait_for(exchange, fault) < 0) {
			return -1;
		}
	}
	buf_grow(&exchange->answer, (size_t)count);
	return 1;
}

static int
read_answer(struct exchange *exchange, struct fault *fault)
{
	int rc = 1;

	while (rc == 1 && !is_complete(exchange)) {
		rc = read_some(exchange, fault);
		if (rc == 1 && exchange->head_len == 0 &&
		    read_head(exchange, fault) < 0) {
			return -1;
		}
	}
	if (rc < 0) {
		return -1;
	}
	if (exchange->head_len == 0 ||
	    (exchange->body_len != UNKNOWN_LEN && !is_complete(exchange))) {
		return fault_set(fault, FAULT_BUSY,
		    "its answer ends in the middle");
	}
	return 0;
}

/* Hand the body over. */
static int
take_body(struct exchange *exchange, struct buf *answer, struct fault *fault)
{
	size_t len = exchange->answer.len - exchange->head_len;

	if (exchange->body_len < len) {
		len = exchange->body_len;
	}
	if (len > exchange->fetch->answer_max) {
		return is_too_long(exchange, fault);
	}
	buf_add(answer, exchange->answer.data + exchange->head_len, len);
	return buf_check(answer, fault);
}

static int
run(struct exchange *exchange, struct buf *answer, bool any_status,
    struct fault *fault)
{
	exchange->ends =
	    clock_ticks() + (int64_t)exchange->fetch->timeout_ms * 1000;
	if (connect_to(exchange, fault) < 0 ||
	    send_request(exchange, fault) < 0 ||
	    read_answer(exchange, fault) < 0) {
		return -1;
	}
	if (!any_status && exchange->status != 200) {
		return fault_set(fault, FAULT_BUSY, "it answers with status %u",
		    exchange->status);
	}
	return take_body(exchange, answer, fault);
}

int
fetch_run(struct buf *answer, unsigned *status_out, const struct fetch *fetch,
    struct fault *fault)
{
	struct exchange exchange = { .fetch = fetch };
	int rc;

	if (place_init(&exchange.place, fetch->url, fault) < 0) {
		return -1;
	}
	ERR_clear_error();
	buf_init(&exchange.request, HEAD_MAX + fetch->body.len);
	buf_init(&exchange.answer, HEAD_MAX + READ_BYTES + fetch->answer_max);
	rc = run(&exchange, answer, status_out != NULL, fault);
	if (rc == 0 && status_out != NULL) {
		*status_out = exchange.status;
	}
	buf_fini(&exchange.request);
	buf_fini(&exchange.answer);
	BIO_free_all(exchange.bio);
	place_fini(&exchange.place);
	ERR_clear_error();
	return rc;
}
