/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_COUNTERSIGN_H
#define TESTS_UNIT_COUNTERSIGN_H

/*
 * Makes counter-signatures (RFC 5652, 11.4), which OpenSSL has no function
 * for: good ones and, on demand, others.
 */

#include "archive/der.h"
#include "base/buf.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct countersign {
	X509 *certificate;
	EVP_PKEY *key;
	const struct countersign *next; /* who countersigns this one, or NULL */
	bool has_content_type;
	bool has_no_attributes;
	bool names_nobody;
	bool breaks_value;
	int algorithm; /* NID; 0: ECDSA with SHA-256 */
};

static inline void
countersign_oid(struct buf *out, int nid)
{
	unsigned char *der = NULL;
	int len = i2d_ASN1_OBJECT(OBJ_nid2obj(nid), &der);

	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
}

/* Attribute ::= SEQUENCE { OBJECT IDENTIFIER, SET { value } } */
static inline void
countersign_attribute(struct buf *out, int nid, struct bytes value)
{
	struct buf fields;

	buf_init(&fields, 1 << 20);
	countersign_oid(&fields, nid);
	der_add(&fields, DER_SET, value);
	der_add(out, DER_SEQUENCE, buf_bytes(&fields));
	buf_fini(&fields);
}

static inline void
countersign_digest(struct buf *out, const void *data, size_t len)
{
	uint8_t digest[32];

	EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL);
	der_add(out, DER_OCTET_STRING, bytes_of(digest, sizeof(digest)));
}

/* SigningCertificateV2 with nothing but the hash. */
static inline void
countersign_name(struct buf *out, X509 *certificate)
{
	struct buf parts[3];
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);

	for (int i = 0; i < 3; i++) {
		buf_init(&parts[i], 1 << 10);
	}
	countersign_digest(&parts[0], der, (size_t)len);
	der_add(&parts[1], DER_SEQUENCE, buf_bytes(&parts[0]));
	der_add(&parts[2], DER_SEQUENCE, buf_bytes(&parts[1]));
	der_add(out, DER_SEQUENCE, buf_bytes(&parts[2]));
	OPENSSL_free(der);
	for (int i = 0; i < 3; i++) {
		buf_fini(&parts[i]);
	}
}

/* Shorter ones first, so that the set is sorted. */
static inline void
countersign_attributes(struct buf *out, const struct countersign *by,
    struct bytes value)
{
	struct buf one;

	buf_init(&one, 1 << 10);
	if (by->has_content_type) {
		countersign_oid(&one, NID_pkcs7_data);
		countersign_attribute(out, NID_pkcs9_contentType,
		    buf_bytes(&one));
		buf_reset(&one);
	}
	countersign_digest(&one, value.data, value.len);
	countersign_attribute(out, NID_pkcs9_messageDigest, buf_bytes(&one));
	buf_reset(&one);
	if (!by->names_nobody) {
		countersign_name(&one, by->certificate);
		countersign_attribute(out, NID_id_smime_aa_signingCertificateV2,
		    buf_bytes(&one));
	}
	buf_fini(&one);
}

static inline void
countersign_value(struct buf *out, const struct countersign *by,
    struct bytes attributes)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t value[1024];
	size_t len = sizeof(value);
	struct buf set;

	buf_init(&set, 1 << 16);
	der_add(&set, DER_SET, attributes);
	EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, by->key);
	EVP_DigestSign(context, value, &len, set.data, set.len);
	if (by->breaks_value) {
		value[len - 1] ^= 1;
	}
	buf_add(out, value, len);
	EVP_MD_CTX_free(context);
	buf_fini(&set);
}

static inline void
countersign_algorithm(struct buf *out, int nid)
{
	struct buf name;

	buf_init(&name, 64);
	countersign_oid(&name, nid);
	der_add(out, DER_SEQUENCE, buf_bytes(&name));
	buf_fini(&name);
}

/* version, sid, digestAlgorithm */
static inline void
countersign_head(struct buf *out, const struct countersign *by)
{
	struct buf sid;
	unsigned char *der = NULL;
	int len = i2d_X509_NAME(X509_get_issuer_name(by->certificate), &der);

	buf_init(&sid, 1 << 10);
	buf_add(&sid, der, (size_t)len);
	OPENSSL_free(der);
	der = NULL;
	len = i2d_ASN1_INTEGER(X509_get0_serialNumber(by->certificate), &der);
	buf_add(&sid, der, (size_t)len);
	OPENSSL_free(der);
	der_add(out, DER_INTEGER, bytes_of("\x01", 1));
	der_add(out, DER_SEQUENCE, buf_bytes(&sid));
	countersign_algorithm(out, NID_sha256);
	buf_fini(&sid);
}

/* Append the SignerInfo over a signature's value. */
static inline void
countersign_signer(struct buf *out, const struct countersign *by,
    struct bytes covered)
{
	struct buf fields, attributes, value, next, unsigneds;

	buf_init(&fields, 1 << 20);
	buf_init(&attributes, 1 << 16);
	buf_init(&value, 1 << 10);
	buf_init(&next, 1 << 20);
	buf_init(&unsigneds, 1 << 20);
	countersign_attributes(&attributes, by, covered);
	countersign_value(&value, by, buf_bytes(&attributes));
	countersign_head(&fields, by);
	if (!by->has_no_attributes) {
		der_add(&fields, 0xA0, buf_bytes(&attributes));
	}
	countersign_algorithm(&fields,
	    by->algorithm != 0 ? by->algorithm : NID_ecdsa_with_SHA256);
	der_add(&fields, DER_OCTET_STRING, buf_bytes(&value));
	if (by->next != NULL) {
		countersign_signer(&next, by->next, buf_bytes(&value));
		countersign_attribute(&unsigneds, NID_pkcs9_countersignature,
		    buf_bytes(&next));
		der_add(&fields, 0xA1, buf_bytes(&unsigneds));
	}
	der_add(out, DER_SEQUENCE, buf_bytes(&fields));
	buf_fini(&fields);
	buf_fini(&attributes);
	buf_fini(&value);
	buf_fini(&next);
	buf_fini(&unsigneds);
}

/*
 * The signature with one more counter-signature over its first signer's value
 * (`covered` NULL) or over something else, and the certificates of all.
 */
static inline void
countersign(struct buf *out, struct bytes signature,
    const struct countersign *by, const struct bytes *covered)
{
	const unsigned char *p = signature.data;
	CMS_ContentInfo *cms =
	    d2i_CMS_ContentInfo(NULL, &p, (long)signature.len);
	CMS_SignerInfo *signer =
	    sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
	unsigned char *der = NULL;
	struct buf counter;
	int len;

	buf_init(&counter, 1 << 20);
	countersign_signer(&counter, by,
	    covered != NULL ? *covered
	                    : bytes_of(value->data, (size_t)value->length));
	CMS_unsigned_add1_attr_by_NID(signer, NID_pkcs9_countersignature,
	    V_ASN1_SEQUENCE, counter.data, (int)counter.len);
	for (; by != NULL; by = by->next) {
		CMS_add1_cert(cms, by->certificate); /* once is enough */
	}
	len = i2d_CMS_ContentInfo(cms, &der);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	buf_fini(&counter);
}

#endif
