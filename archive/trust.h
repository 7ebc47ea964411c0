/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_TRUST_H
#define ARCHIVE_TRUST_H

#include "base/bytes.h"
#include "base/fault.h"

/*
 * Trust anchors: the certificates that whoever verifies has decided to
 * believe.  They never come out of the container that is verified.
 *
 * Thread:  filled by one, then used by any.
 */
struct trust;

struct trust *trust_new(void);
void trust_free(struct trust *trust);
/* Add every certificate of a PEM file.  Errors: FAULT_INVALID, none in it. */
int trust_add(struct trust *trust, struct bytes pem, struct fault *fault);

/* For archive/ itself: OpenSSL's X509_STORE. */
struct x509_store_st *trust_store(const struct trust *trust);

enum trust_state {
	TRUST_UNCHECKED, /* no anchors were given */
	TRUST_REACHED,
	TRUST_MISSED,
};

#endif
