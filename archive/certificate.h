/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CERTIFICATE_H
#define ARCHIVE_CERTIFICATE_H

#include "archive/indication.h"
#include "archive/trust.h"
#include "base/arena.h"
#include "base/digest.h"

#include <stdbool.h>

/*
 * What a certificate says, in words for people.
 */
struct certificate {
	const char *subject; /* RFC 2253 with UTF-8, "CN=...,O=..." */
	const char *holder;  /* number of his identity papers; "" */
	const char *issuer;
	const char *serial; /* hexadecimal */
	const char *key;    /* "EC P-256", "RSA 3072" */
	int64_t not_before; /* UTC microseconds */
	int64_t not_after;
	struct sha256 fingerprint; /* of the DER */
};

struct x509_st;
struct asn1_string_st;
struct stack_st_X509;

/* Owner: texts live in the arena. */
void certificate_read(struct certificate *certificate_out, struct arena *arena,
    struct x509_st *x509);

/* The subject alone, as above. */
const char *certificate_subject(struct arena *arena, struct x509_st *x509);

/*
 * Is its key too short for signatures of today, or of a kind not known?
 *
 * Source:  NIST SP 800-131A, tables 1 and 2.
 */
bool certificate_is_weak(const struct x509_st *x509);

/* UTC microseconds of an ASN1_TIME; false where it is none. */
bool certificate_time(int64_t *at_out, const struct asn1_string_st *time);

/* How a certificate leads to an anchor. */
struct certificate_path {
	enum trust_state trust;
	const char *words;           /* why not TRUST_REACHED; "" */
	enum sub_indication sub;     /* what that leads to */
	struct stack_st_X509 *chain; /* to the anchor; NULL: none */
};

/*
 * Does a chain lead from the certificate to an anchor, at that time?
 * `purpose` is OpenSSL's.  `others` may be NULL.
 *
 * Owner:   the chain is the caller's (certificate_path_fini()).
 */
void certificate_path(struct certificate_path *path_out, struct x509_st *x509,
    struct stack_st_X509 *others, const struct trust *anchors, int64_t at,
    int purpose);
void certificate_path_fini(struct certificate_path *path);

#endif
