/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SEAL_H
#define ARCHIVE_SEAL_H

#include "archive/certificate.h"
#include "archive/seal_token.h"
#include "base/buf.h"

/*
 * The archive's own signature: its key and certificate, and CAdES signatures
 * (B-B, then B-T with a time-stamp) over the bytes of a manifest.
 *
 * Source:  EN 319 122-1, baseline levels.
 * Thread:  a key may sign on many threads at once.
 */
struct seal_key;

enum seal_kind {
	SEAL_P256, /* the default */
	SEAL_RSA3072,
};

struct seal_options {
	enum seal_kind kind;
	const char *common_name; /* "Lưu trữ hồ sơ thi đua, khen thưởng" */
	const char *organization; /* or NULL */
	const char *country;      /* two letters, or NULL */
	int64_t from;             /* first moment of validity */
	unsigned years;           /* of validity, 1 to 100 */
};

/*
 * Draw a key and make a certificate that it signs itself, for signatures
 * alone.  Both are appended as PEM; the key is PKCS#8 without a password, so
 * its file must be readable by its owner only.
 *
 * Errors:  FAULT_INVALID, FAULT_SYSTEM.
 */
int seal_key_make(struct buf *key_pem, struct buf *certificate_pem,
    const struct seal_options *options, struct fault *fault);

/*
 * `certificate_pem` begins with the signer's; the rest is its chain.
 *
 * Errors:  FAULT_INVALID: no key, no certificate, they do not belong
 *          together, the certificate is not meant for signatures, or the key
 *          is too short.
 */
int seal_key_load(struct seal_key **key_out, struct bytes key_pem,
    struct bytes certificate_pem, struct fault *fault);
/*
 * The same with a key in a token; without `certificate_pem` (NO_BYTES) the
 * certificate is the token's.
 *
 * Errors:  of seal_key_load() and seal_token_open(); FAULT_ABSENT the token
 *          has no certificate for the key.
 */
int seal_key_open(struct seal_key **key_out,
    const struct seal_token_options *options, struct bytes certificate_pem,
    struct fault *fault);
/*
 * Append a certificate as seal_key_make() makes, signed by a key in a token.
 * `options->kind` is the key's.
 *
 * Errors:  of seal_key_make() and seal_token_open().
 */
int seal_key_certify(struct buf *certificate_pem,
    const struct seal_token_options *token_options,
    const struct seal_options *options, struct fault *fault);
void seal_key_free(struct seal_key *key);
/* Owner: both are borrowed from the key. */
/* Anchors that vouch for this key's own signatures and no others. */
const struct trust *seal_key_trust(const struct seal_key *key);
const struct certificate *seal_key_certificate(const struct seal_key *key);

/*
 * Append a detached CAdES-B-B signature over the content.
 *
 * Units:   at: UTC microseconds, the signing time that is claimed.
 * Errors:  FAULT_SYSTEM when OpenSSL refuses, FAULT_BUSY when the token does.
 */
int seal_sign(struct buf *out, const struct seal_key *key, struct bytes content,
    int64_t at, struct fault *fault);

/* The value of our own signature, which a time-stamp has to cover. */
int seal_value(struct buf *out, struct bytes signature, struct fault *fault);
/*
 * Append the signature with a time-stamp token put in: B-T.  For our own
 * signatures only, since the rest is encoded anew.
 */
int seal_add_timestamp(struct buf *out, struct bytes signature,
    struct bytes token, struct fault *fault);

#endif
