/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first authority that gives a good token is enough; what counts for us
 * is what whoever verifies will be told.  One that failed is left alone for a
 * while, so that only one of many requests waits for one that is not there.
 */

#include "core/tsa_client.h"

#include "archive/trust.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/fetch.h"
#include "core/respite.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ADDRESSES_MAX 8u
#define ANCHORS_MAX   (4u << 20)

struct authority {
	char *url;
	struct respite respite; /* under the lock, as what follows */
	struct fault why;       /* of its last failure */
	struct sha256 gave;     /* digest of its last token */
	uint64_t failed_before; /* that one, in a row */
};

struct tsa_client {
	const struct tsa_conf *conf;
	struct trust *anchors; /* or NULL */
	struct authority authorities[ADDRESSES_MAX];
	size_t count;
	atomic_bool stopped;
	pthread_mutex_t lock; /* a leaf */
};

/* --- what was chosen ------------------------------------------------------- */

static int
add_address(struct tsa_client *client, const char *url, size_t len,
    struct fault *fault)
{
	if (client->count == ADDRESSES_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "seal.tsa: at most %u authorities are asked",
		    ADDRESSES_MAX);
	}
	client->authorities[client->count].url = strndup(url, len);
	if (fetch_check_url(client->authorities[client->count++].url, fault) <
	    0) {
		fault_prefix(fault, "option %s", "seal.tsa");
		return -1;
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
	pthread_mutex_init(&client->lock, NULL);
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
		free(client->authorities[i].url);
	}
	pthread_mutex_destroy(&client->lock);
	trust_free(client->anchors);
	free(client);
}

uint64_t
tsa_client_retry_ms(const struct tsa_client *client)
{
	return client->conf->tsa_retry_ms;
}

const struct trust *
tsa_client_anchors(const struct tsa_client *client)
{
	return client->anchors;
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
	const struct tsa_client *client;
	const char *url;
};

/* A timestamp_transport_fn; arg is the struct exchange. */
static int
transport(void *arg, struct bytes request, struct buf *response,
    struct fault *fault)
{
	const struct exchange *exchange = arg;
	struct fetch fetch = {
		.url = exchange->url,
		.content_type = "application/timestamp-query",
		.body = request,
		.answer_max = TIMESTAMP_RESPONSE_MAX,
		.timeout_ms = exchange->client->conf->tsa_timeout_ms,
		.stopped = &exchange->client->stopped,
	};

	return fetch_run(response, NULL, &fetch, fault);
}

/* --- tokens ---------------------------------------------------------------- */

static int
check_token(const struct tsa_client *client, struct bytes token,
    const struct digest_value *imprint, struct fault *fault)
{
	struct timestamp_question question = { .token = token,
		.imprint = digest_value_bytes(imprint),
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

/* --- whom to ask ------------------------------------------------------------ */

/* May it be asked now?  Otherwise why it is left alone. */
static bool
is_ready(struct tsa_client *client, struct authority *authority,
    struct fault *why)
{
	bool is_over;

	pthread_mutex_lock(&client->lock);
	is_over = respite_is_over(authority->respite.until);
	if (!is_over) {
		*why = authority->why;
	}
	pthread_mutex_unlock(&client->lock);
	return is_over;
}

static void
note_failure(struct tsa_client *client, struct authority *authority,
    const struct fault *why)
{
	uint64_t failures;

	pthread_mutex_lock(&client->lock);
	respite_begin(&authority->respite, client->conf->tsa_retry_ms);
	authority->why = *why;
	failures = authority->respite.failures;
	pthread_mutex_unlock(&client->lock);
	log_warn(NULL, "tsa.failed",
	    "url=%s failures=%" PRIu64 " next_ms=%" PRId64 " reason=%s",
	    authority->url, failures,
	    respite_ms(failures, client->conf->tsa_retry_ms), why->text);
}

static void
note_success(struct tsa_client *client, struct authority *authority,
    struct bytes token)
{
	uint64_t failures;

	pthread_mutex_lock(&client->lock);
	failures = authority->respite.failures;
	authority->respite = (struct respite){ .failures = 0 };
	authority->gave = sha256_of(token);
	authority->failed_before = failures;
	pthread_mutex_unlock(&client->lock);
	if (failures > 0) {
		log_info(NULL, "tsa.answers", "url=%s failures=%" PRIu64,
		    authority->url, failures);
	}
}

void
tsa_client_reject(struct tsa_client *client, struct bytes token,
    const struct fault *why)
{
	struct sha256 digest = sha256_of(token);

	for (size_t i = 0; i < client->count; i++) {
		struct authority *authority = &client->authorities[i];
		bool is_it;

		pthread_mutex_lock(&client->lock);
		is_it = memcmp(&authority->gave, &digest, sizeof(digest)) == 0;
		if (is_it) {
			authority->respite.failures = authority->failed_before;
		}
		pthread_mutex_unlock(&client->lock);
		if (is_it) {
			note_failure(client, authority, why);
		}
	}
}

bool
tsa_client_is_ready(struct tsa_client *client)
{
	struct fault why;

	for (size_t i = 0; i < client->count; i++) {
		if (is_ready(client, &client->authorities[i], &why)) {
			return true;
		}
	}
	return false;
}

int64_t
tsa_client_rest_ms(struct tsa_client *client)
{
	int64_t first = INT64_MAX;
	int64_t now = clock_now();

	pthread_mutex_lock(&client->lock);
	for (size_t i = 0; i < client->count; i++) {
		int64_t until = client->authorities[i].respite.until;

		first = until < first ? until : first;
	}
	pthread_mutex_unlock(&client->lock);
	return first > now ? (first - now) / 1000 : 0;
}

static int
ask(struct tsa_client *client, struct authority *authority, struct buf *token,
    const struct digest_value *imprint, struct fault *fault)
{
	struct exchange exchange = { .client = client, .url = authority->url };
	int rc;

	if (!is_ready(client, authority, fault)) {
		fault->code = FAULT_BUSY;
		return -1;
	}
	buf_reset(token);
	rc = timestamp_get_digest(token, imprint, transport, &exchange, fault);
	if (rc == 0) {
		rc = check_token(client, buf_bytes(token), imprint, fault);
	}
	if (rc == 0) {
		note_success(client, authority, buf_bytes(token));
		return 0;
	}
	fault_prefix(fault, "%s", authority->url);
	/* That it takes no other digest is no failure of it. */
	if (!tsa_client_is_stopped(client) &&
	    (imprint->kind == DIGEST_SHA256 || fault->code != FAULT_DENIED)) {
		note_failure(client, authority, fault);
	}
	return -1;
}

int
tsa_client_get_digest(struct tsa_client *client, struct buf *token_out,
    const struct digest_value *imprint, struct fault *fault)
{
	struct buf token;
	int rc = -1;

	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	for (size_t i = 0; i < client->count && rc < 0; i++) {
		rc = ask(client, &client->authorities[i], &token, imprint,
		    fault);
	}
	if (rc == 0) {
		buf_add_bytes(token_out, buf_bytes(&token));
		rc = buf_check(token_out, fault);
	}
	buf_fini(&token);
	return rc;
}

int
tsa_client_get(struct tsa_client *client, struct buf *token_out,
    struct bytes covered, struct fault *fault)
{
	struct digest_value imprint = digest_value_of(DIGEST_SHA256, covered);

	return tsa_client_get_digest(client, token_out, &imprint, fault);
}
