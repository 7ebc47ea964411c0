/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TRUST_H
#define ARCHIVE_TRUST_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * Trust anchors: the certificates that whoever verifies has decided to
 * believe.  They never come out of the container that is verified.
 *
 * Thread:  filled by one, then used by any.
 */
struct trust;
struct x509_st;
struct x509_store_st;

#define TRUST_FILE_ENDS "End-Of-File:"

struct trust *trust_new(void);
void trust_free(struct trust *trust);

/*
 * Add every certificate of a PEM file by what stands in lines above it, up to
 * the certificate before:
 *
 *     Purpose: signer            or tsa, or both parted by a comma
 *     From: 2014-01-01           first day for which it is believed
 *     Until: 2029-12-31          the last one
 *
 * TRUST_FILE_ENDS ends what was said by then.  Each may be left out: then it is believed for both, and as long as it says
 * itself.  Other lines are remarks.  `signers` or `tsas` may be NULL.
 *
 * Errors:  FAULT_INVALID: a heading that is none, with its line, or no
 *          certificate at all.  What was added by then stays.
 */
int trust_add(struct trust *signers, struct trust *tsas, struct bytes pem,
    struct fault *fault);

/* For archive/ itself: OpenSSL's X509_STORE. */
struct x509_store_st *trust_store(const struct trust *trust);
/* Is an anchor of this store believed for that time (UTC microseconds)? */
bool trust_holds(const struct trust *trust, struct x509_st *anchor, int64_t at);

enum trust_state {
	TRUST_UNCHECKED, /* no anchors were given */
	TRUST_REACHED,
	TRUST_MISSED,
};

#endif
