/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SIGNER_H
#define ARCHIVE_SIGNER_H

#include "base/buf.h"

#include <openssl/cms.h>
#include <stdbool.h>

/*
 * A signer of a CMS object, for archive/ itself: signatures and time-stamp
 * tokens are looked at alike.
 */
size_t signer_count(CMS_ContentInfo *cms);

/*
 * NULL, or in words what is wrong: the signer must have signed attributes, and
 * his certificate must be there; where that alone is missing, *signer_out is
 * set.
 *
 * Owner:   *certificates_out is the caller's (sk_X509_pop_free), even where
 *          something is wrong; signer and certificate are borrowed.
 */
const char *signer_find(CMS_ContentInfo *cms, size_t nth,
    CMS_SignerInfo **signer_out, STACK_OF(X509) * *certificates_out,
    X509 **certificate_out);

/* The only value of the only signed attribute of this kind, or NULL. */
const ASN1_TYPE *signer_attribute(const CMS_SignerInfo *signer, int nid);

/*
 * Append the signed attributes as they are signed, but for the header of the
 * set around them.
 *
 * Source:  RFC 5652, section 5.4.
 */
void signer_add_attributes(struct buf *out, const CMS_SignerInfo *signer);

/*
 * Do the signed attributes stand in these bytes of the CMS object in DER, as
 * they are signed?  OpenSSL encodes anew what it has read before it verifies,
 * and would let pass another spelling.
 *
 * Source:  RFC 5652, section 5.3: "MUST be DER encoded".
 */
bool signer_is_der(const CMS_SignerInfo *signer, struct bytes cms);

/*
 * Did this key make the signer's value over his signed attributes?  As
 * CMS_SignerInfo_verify(), which wants a content-type among them; a
 * counter-signature has none.
 */
bool signer_verify(CMS_SignerInfo *signer, EVP_PKEY *key);

enum signer_binding {
	SIGNER_BOUND,
	SIGNER_UNNAMED, /* no attribute names a certificate */
	SIGNER_OTHER,   /* it names another one, or is malformed */
};

/*
 * Does the signed attribute signing-certificate (of either version) name this
 * certificate?
 *
 * Source:  RFC 5035, sections 3 and 4.
 */
enum signer_binding signer_binding(const CMS_SignerInfo *signer,
    const X509 *certificate);

#endif
