/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_OCSP_H
#define ARCHIVE_OCSP_H

#include "base/buf.h"
#include "base/fault.h"

#include <openssl/types.h>

/*
 * Asking whether a certificate was revoked: the request and the form of the
 * answer.  What the answer is worth, revocation.h says; how both travel is
 * the caller's.
 *
 * Source:  RFC 6960.
 */
#define OCSP_RESPONSE_MAX (64u << 10)

/* Append the DER, to be sent as application/ocsp-request. */
int ocsp_request_encode(struct buf *out, X509 *certificate, X509 *issuer,
    struct fault *fault);

/*
 * Is it an answer, whole, and to this request where it says to which?  Many
 * responders leave the nonce out.
 *
 * Errors:  FAULT_DENIED the responder refused; FAULT_INVALID.
 */
int ocsp_response_check(struct bytes response, struct bytes request,
    struct fault *fault);

#endif
