/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_TSA_CLIENT_H
#define CORE_TSA_CLIENT_H

#include "archive/timestamp.h"

/*
 * Asks the time-stamping authorities that the operator has chosen: RFC 3161
 * over HTTP.  No proxy, no redirect, at most TIMESTAMP_RESPONSE_MAX bytes;
 * what comes is believed for its signature, not for the way it came.
 */
struct tsa_client;

/* Section [seal] of the options. */
struct tsa_conf {
	const char
	    *tsa; /* addresses parted by blanks, the best first; "" none */
	uint64_t tsa_timeout_ms; /* of one exchange */
	uint64_t tsa_retry_ms;   /* before the second try; doubles to 1 h */
	const char *tsa_anchors; /* PEM file whose authorities count, or "" */
	uint64_t validation_wait_ms; /* for what makes a seal B-LT */
};

/*
 * `*client_out` is NULL where no authority is chosen.
 *
 * Owner:   conf is borrowed until tsa_client_free().
 * Errors:  FAULT_INVALID an address that is none, or anchors without a
 *          certificate; what reading the file says.
 */
int tsa_client_new(struct tsa_client **client_out, const struct tsa_conf *conf,
    struct fault *fault);
void tsa_client_free(struct tsa_client *client);

/* Before the second try. */
uint64_t tsa_client_retry_ms(const struct tsa_client *client);
/* Owner: borrowed from the client; NULL where none are chosen. */
const struct trust *tsa_client_anchors(const struct tsa_client *client);

/*
 * Append a token over some bytes by the first authority that gives a good
 * one: checked as timestamp_get() does, and against the anchors if there are.
 * One that failed is left alone for a while (respite.h) and passed over.
 *
 * Errors:  of the last authority; FAULT_BUSY it does not answer, or is left
 *          alone.
 * Thread:  worker; minutes.  More than one may ask.
 */
int tsa_client_get(struct tsa_client *client, struct buf *token_out,
    struct bytes covered, struct fault *fault);
/* The same over a digest, of any kind that the authority takes. */
int tsa_client_get_digest(struct tsa_client *client, struct buf *token_out,
    const struct digest_value *imprint, struct fault *fault);
/* Is there one that may be asked now? */
bool tsa_client_is_ready(struct tsa_client *client);
/* For how long all are left alone, in milliseconds. */
int64_t tsa_client_rest_ms(struct tsa_client *client);
/* A token that it gave proved bad later: that counts as its failure. */
void tsa_client_reject(struct tsa_client *client, struct bytes token,
    const struct fault *why);

/*
 * Every exchange ends within a second, FAULT_BUSY, now and from now on.
 *
 * Thread:  any.
 */
void tsa_client_stop(struct tsa_client *client);
bool tsa_client_is_stopped(const struct tsa_client *client);

#endif
