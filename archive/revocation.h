/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_REVOCATION_H
#define ARCHIVE_REVOCATION_H

#include "base/arena.h"

#include <openssl/types.h>
#include <openssl/x509.h>
#include <stdbool.h>

/*
 * What came with a signature to show that its certificates were not revoked:
 * lists (CRL) and answers (OCSP).  Nothing is fetched here.
 *
 * Source:  RFC 5280, section 5; RFC 6960.
 */
#define REVOCATIONS_MAX 256u /* of each kind; more are left out */

struct revocations;

struct revocations *revocations_new(void);
void revocations_free(struct revocations *revocations);
/* DER; what is neither is left out: it proves nothing. */
void revocations_add_crl(struct revocations *revocations, struct bytes der);
void revocations_add_ocsp(struct revocations *revocations, struct bytes der);
/* crlVals and ocspVals, as two attributes of CMS have them. */
void revocations_add_values(struct revocations *revocations, struct bytes der);
size_t revocations_count(const struct revocations *revocations);

enum revocation_state {
	REVOCATION_UNKNOWN,
	REVOCATION_GOOD,    /* it was not revoked at that time */
	REVOCATION_REVOKED, /* it was */
};

struct revocation {
	enum revocation_state state;
	const char *source; /* "OCSP", "CRL"; "" */
	int64_t told_at;    /* thisUpdate of it, UTC microseconds */
	int64_t revoked_at; /* also where that came later; 0: never */
};

/*
 * Was the certificate revoked at that time?  The issuer is believed: its own
 * chain is somebody else's question.  `others` are certificates among which a
 * responder's may be.
 */
void revocation_check(struct revocation *revocation_out,
    const struct revocations *revocations, X509 *certificate, X509 *issuer,
    STACK_OF(X509) * others, int64_t at);

#endif
