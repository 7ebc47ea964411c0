/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PKCS11_KEY_H
#define ARCHIVE_PKCS11_KEY_H

#include "archive/pkcs11_session.h"

struct evp_pkey_st;
struct x509_st;

/*
 * Keys of OpenSSL whose signatures a session makes.
 */

/*
 * A private key whose public half is known: RSA, or on an elliptic curve.
 *
 * Owner:   the caller's (EVP_PKEY_free()); `session` is borrowed by it.
 * Errors:  FAULT_INVALID another kind, FAULT_SYSTEM.
 */
int pkcs11_key_new(struct evp_pkey_st **pkey_out, struct evp_pkey_st *half,
    struct pkcs11_session *session, struct fault *fault);

/*
 * The public half, from the token: 1, or 0 where it has none that is usable.
 * The same of the certificate.  Both have the key's id.
 *
 * Owner:   the caller's.
 */
int pkcs11_key_find_public(struct evp_pkey_st **half_out,
    const struct pkcs11_session *session);
int pkcs11_key_find_certificate(struct x509_st **x509_out,
    const struct pkcs11_session *session);

#endif
