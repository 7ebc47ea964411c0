/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One exchange is one connection that never blocks: it is looked at several
 * times a second whether it may go on, because an authority may take minutes
 * and a server that stops must not wait for it.
 */

#include "core/tsa_client.h"

#include "archive/trust.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define ADDRESSES_MAX 8u
#define ANCHORS_MAX   (4u << 20)
#define LOOK_MS       200 /* whether it may go on */

struct address {
	char *url; /* as it was written, for messages */
	char *host;
	char *port;
	char *path;
};

struct tsa_client {
	const struct tsa_conf *conf;
	struct trust *anchors; /* or NULL */
	struct address addresses[ADDRESSES_MAX];
	size_t count;
	atomic_bool stopped;
};

/* --- what was chosen ------------------------------------------------------- */

static int
add_address(struct tsa_client *client, const char *url, size_t len,
    struct fault *fault)
{
	struct address *address = &client->addresses[client->count];
	int is_tls;

	if (client->count == ADDRESSES_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "seal.tsa: at most %u authorities are asked",
		    ADDRESSES_MAX);
	}
	address->url = strndup(url, len);
	client->count++;
	if (strncmp(address->url, "http://", 7) != 0 ||
	    OSSL_HTTP_parse_url(address->url, &is_tls, NULL, &address->host,
	        &address->port, NULL, &address->path, NULL, NULL) != 1 ||
	    address->host[0] == '\0') {
		ERR_clear_error();
		return fault_set(fault, FAULT_INVALID,
		    "seal.tsa: %s is no address that begins with http://",
		    address->url);
	}
	return 0;
}

static int
read_addresses(struct tsa_client *client, struct fault *fault)
{
	const char *text = client->conf->tsa;

	while (*(text += strspn(text, " \t")) != '\0') {
		size_t len = strcspn(text, " \t");

		if (add_address(client, text, len, fault) < 0) {
			return -1;
		}
		text += len;
	}
	return 0;
}

static int
read_anchors(struct tsa_client *client, struct fault *fault)
{
	const char *path = client->conf->tsa_anchors;
	struct buf pem;
	int rc;

	if (path[0] == '\0') {
		return 0;
	}
	client->anchors = trust_new();
	buf_init(&pem, ANCHORS_MAX);
	rc = file_read(&pem, path, fault);
	if (rc == 0) {
		rc = trust_add(NULL, client->anchors, buf_bytes(&pem), fault);
	}
	buf_fini(&pem);
	if (rc < 0) {
		fault_prefix(fault, "seal.tsa_anchors: %s", path);
	}
	return rc;
}

int
tsa_client_new(struct tsa_client **client_out, const struct tsa_conf *conf,
    struct fault *fault)
{
	struct tsa_client *client = xzalloc(sizeof(*client));

	client->conf = conf;
	*client_out = NULL;
	if (read_addresses(client, fault) < 0 ||
	    read_anchors(client, fault) < 0) {
		tsa_client_free(client);
		return -1;
	}
	if (client->count == 0) {
		tsa_client_free(client);
	} else {
		*client_out = client;
	}
	return 0;
}

void
tsa_client_free(struct tsa_client *client)
{
	if (client == NULL) {
		return;
	}
	for (size_t i = 0; i < client->count; i++) {
		free(client->addresses[i].url);
		OPENSSL_free(client->addresses[i].host);
		OPENSSL_free(client->addresses[i].port);
		OPENSSL_free(client->addresses[i].path);
	}
	trust_free(client->anchors);
	free(client);
}

uint64_t
tsa_client_retry_ms(const struct tsa_client *client)
{
	return client->conf->tsa_retry_ms;
}

void
tsa_client_stop(struct tsa_client *client)
{
	if (client != NULL) {
		atomic_store(&client->stopped, true);
	}
}

bool
tsa_client_is_stopped(const struct tsa_client *client)
{
	return atomic_load(&client->stopped);
}

/* --- one exchange ---------------------------------------------------------- */

struct exchange {
	struct tsa_client *client;
	const struct address *address;
	int64_t ends; /* clock_ticks() */
	BIO *bio;
	OSSL_HTTP_REQ_CTX *http;
};

/* Wait until the connection may go on; -1 it may not any more. */
static int
wait_for(struct exchange *exchange, struct fault *fault)
{
	struct pollfd look = { .events = POLLIN };

	if (tsa_client_is_stopped(exchange->client)) {
		return fault_set(fault, FAULT_BUSY, "the server stops");
	}
	if (clock_ticks() > exchange->ends) {
		return fault_set(fault, FAULT_BUSY, "no answer within %llu ms",
		    (unsigned long long)exchange->client->conf->tsa_timeout_ms);
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
	exchange->bio = BIO_new_connect(exchange->address->host);
	BIO_set_conn_port(exchange->bio, exchange->address->port);
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

static int
write_request(struct exchange *exchange, struct bytes request,
    struct fault *fault)
{
	const struct address *address = exchange->address;
	BIO *body = BIO_new_mem_buf(request.data, (int)request.len);
	STACK_OF(CONF_VALUE) *headers = NULL;
	char host[512];
	int rc = -1;

	snprintf(host, sizeof(host), "%s:%s", address->host, address->port);
	exchange->http = OSSL_HTTP_REQ_CTX_new(exchange->bio, exchange->bio, 0);
	if (X509V3_add_value("Host",
	        strcmp(address->port, "80") == 0 ? address->host : host,
	        &headers) == 1 &&
	    OSSL_HTTP_set1_request(exchange->http, address->path, headers,
	        "application/timestamp-query", body, NULL, 1,
	        TIMESTAMP_RESPONSE_MAX, 0, 0) == 1) {
		rc = 0;
	} else {
		fail("the request cannot be made", fault);
	}
	sk_CONF_VALUE_pop_free(headers, X509V3_conf_free);
	BIO_free(body);
	return rc;
}

static int
read_answer(struct exchange *exchange, struct buf *response,
    struct fault *fault)
{
	char *data;
	long len;
	int rc;

	while ((rc = OSSL_HTTP_REQ_CTX_nbio(exchange->http)) < 0) {
		if (wait_for(exchange, fault) < 0) {
			return -1;
		}
	}
	if (rc == 0) {
		return fail("it gave no time-stamp", fault);
	}
	len = BIO_get_mem_data(OSSL_HTTP_REQ_CTX_get0_mem_bio(exchange->http),
	    &data);
	buf_add(response, data, len > 0 ? (size_t)len : 0);
	return buf_check(response, fault);
}

/* A timestamp_transport_fn; arg is the struct exchange. */
static int
transport(void *arg, struct bytes request, struct buf *response,
    struct fault *fault)
{
	struct exchange *exchange = arg;
	int rc;

	ERR_clear_error();
	exchange->ends = clock_ticks() +
	                 (int64_t)exchange->client->conf->tsa_timeout_ms * 1000;
	rc = connect_to(exchange, fault);
	if (rc == 0) {
		rc = write_request(exchange, request, fault);
	}
	if (rc == 0) {
		rc = read_answer(exchange, response, fault);
	}
	OSSL_HTTP_REQ_CTX_free(exchange->http);
	BIO_free_all(exchange->bio);
	ERR_clear_error();
	return rc;
}

/* --- tokens ---------------------------------------------------------------- */

/* What counts for us is what whoever verifies will be told. */
static int
check_token(const struct tsa_client *client, struct bytes token,
    struct bytes covered, struct fault *fault)
{
	struct timestamp_question question = { .token = token,
		.covered = covered,
		.anchors = client->anchors };
	struct timestamp_report report;
	struct arena *arena = arena_new();
	int rc = 0;

	timestamp_check(&report, arena, &question);
	if (!report.is_valid) {
		rc = fault_set(fault, FAULT_INVALID, "its token: %s",
		    report.reason);
	} else if (report.trust == TRUST_MISSED) {
		rc = fault_set(fault, FAULT_DENIED,
		    "%s is not among seal.tsa_anchors: %s",
		    report.authority.subject, report.trust_words);
	}
	arena_free(arena);
	return rc;
}

static int
ask(struct tsa_client *client, const struct address *address, struct buf *token,
    struct bytes covered, struct fault *fault)
{
	struct exchange exchange = { .client = client, .address = address };
	int rc;

	buf_reset(token);
	rc = timestamp_get(token, covered, transport, &exchange, fault);
	if (rc == 0) {
		rc = check_token(client, buf_bytes(token), covered, fault);
	}
	if (rc < 0) {
		fault_prefix(fault, "%s", address->url);
	}
	return rc;
}

int
tsa_client_get(struct tsa_client *client, struct buf *token_out,
    struct bytes covered, struct fault *fault)
{
	struct buf token;
	int rc = -1;

	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	for (size_t i = 0; i < client->count && rc < 0; i++) {
		rc = ask(client, &client->addresses[i], &token, covered, fault);
	}
	if (rc == 0) {
		buf_add_bytes(token_out, buf_bytes(&token));
		rc = buf_check(token_out, fault);
	}
	buf_fini(&token);
	return rc;
}
