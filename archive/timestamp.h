/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TIMESTAMP_H
#define ARCHIVE_TIMESTAMP_H

#include "archive/certificate.h"
#include "archive/digest_kind.h"
#include "base/buf.h"
#include "base/json.h"

struct revocations;

/*
 * Time-stamps of a third party: the request, the answer, and the token that
 * stays and is verified for decades.  How the request travels is the
 * caller's.
 *
 * Source:  RFC 3161, RFC 5816.
 */
#define TIMESTAMP_RESPONSE_MAX (64u << 10)
#define TIMESTAMP_TOKEN_MAX    (1u << 20) /* of others, with their lists */
#define TIMESTAMP_NONCE_BYTES  8u
#define TIMESTAMP_REVOCATIONS  3u

struct timestamp_request {
	struct digest_value imprint; /* of what is to be stamped */
	uint8_t nonce[TIMESTAMP_NONCE_BYTES];
};

/* A digest and a new nonce. */
void timestamp_request_init(struct timestamp_request *request,
    const struct digest_value *imprint);
/* Append the DER, to be sent as application/timestamp-query. */
int timestamp_request_encode(struct buf *out,
    const struct timestamp_request *request, struct fault *fault);

/*
 * Append the token out of an answer (application/timestamp-reply).  Checked:
 * granted, the token's form and signature, imprint and nonce.
 *
 * Errors:  FAULT_DENIED the authority refused, with its words; FAULT_INVALID
 *          a wrong answer.
 */
int timestamp_response_decode(struct buf *token_out, struct bytes response,
    const struct timestamp_request *request, struct fault *fault);

/*
 * Sends the request and appends the answer, up to TIMESTAMP_RESPONSE_MAX.
 * Slow authorities take minutes: a worker's work.
 */
typedef int (*timestamp_transport_fn)(void *arg, struct bytes request,
    struct buf *response, struct fault *fault);

/* All of the above: append a token over some bytes (their SHA-256). */
int timestamp_get(struct buf *token_out, struct bytes covered,
    timestamp_transport_fn transport, void *arg, struct fault *fault);
/* Or over a digest of any kind. */
int timestamp_get_digest(struct buf *token_out,
    const struct digest_value *imprint, timestamp_transport_fn transport,
    void *arg, struct fault *fault);

struct timestamp_report {
	bool is_valid;
	const char *reason; /* why not; "" */
	int64_t at;         /* genTime, UTC microseconds */
	struct certificate authority;
	/* When the first certificate of its path ends; without anchors, when
	 * the authority's own does. */
	int64_t until;
	enum digest_kind digest; /* of the imprint */
	const char *weakness;    /* outdated digest; "" */
	const char *serial;      /* of the token, hexadecimal */
	const char *policy;      /* dotted */
	uint64_t nonce;          /* of the token, 0 where it has none */
	enum trust_state trust;
	const char *trust_words;
};

struct timestamp_question {
	struct bytes token;
	struct bytes covered;        /* what must have been stamped */
	struct bytes imprint;        /* or its digest, of the token's kind */
	const struct trust *anchors; /* NULL: not checked */
	/* Certificates beside it that may stand in the chain; or NULL. */
	const struct stack_st_X509 *others[2];
	/* Who in it was revoked, as far as these tell; each may be NULL. */
	const struct revocations *revocations[TIMESTAMP_REVOCATIONS];
	json_t *untold; /* gets the chain if they do not tell; or NULL */
	int64_t at; /* when the authority's chain must hold; 0: at genTime */
};

/* The kind of digest of a token's imprint; false where it cannot be told. */
bool timestamp_digest(enum digest_kind *kind_out, struct bytes token);

/* Never fails: the report says all.  Owner: it lives in the arena. */
void timestamp_check(struct timestamp_report *report_out, struct arena *arena,
    const struct timestamp_question *question);

#endif
