/* SPDX-License-Identifier: Apache-2.0 */

/*
 * OpenSSL 3.0 makes the CMS; CMS_CADES adds signing-certificate-v2 with
 * SHA-256 and issuerSerial, CMS_NOSMIMECAP keeps a list with RC2 and DES out,
 * CMS_BINARY keeps line ends as they are.
 */

#include "archive/seal.h"

#include "archive/seal_certificate.h"
#include "base/memory.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define MICROSECONDS INT64_C(1000000)
#define RSA_BITS     3072u
#define SIGN_FLAGS \
	(CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES)

struct seal_key {
	EVP_PKEY *pkey;
	X509 *x509;
	STACK_OF(X509) * chain;
	struct arena *arena;
	struct certificate certificate;
	struct trust *trust;
};

/* FAULT_SYSTEM with OpenSSL's last words. */
static int
openssl_fault(struct fault *fault, const char *what)
{
	char words[120] = "no reason given";
	unsigned long error = ERR_peek_last_error();

	if (error != 0) {
		ERR_error_string_n(error, words, sizeof(words));
	}
	ERR_clear_error();
	return fault_set(fault, FAULT_SYSTEM, "OpenSSL, %s: %s", what, words);
}

/* --- making a key ------------------------------------------------------- */

static void
add_bio(struct buf *out, BIO *bio)
{
	char *data;
	long len = BIO_get_mem_data(bio, &data);

	buf_add(out, data, (size_t)len);
}

static int
write_pem(struct buf *key_pem, struct buf *certificate_pem, EVP_PKEY *pkey,
    X509 *x509, struct fault *fault)
{
	BIO *key = BIO_new(BIO_s_secmem());
	BIO *certificate = BIO_new(BIO_s_mem());
	int rc = -1;

	if (key == NULL || certificate == NULL ||
	    PEM_write_bio_PKCS8PrivateKey(key, pkey, NULL, NULL, 0, NULL,
	        NULL) != 1 ||
	    PEM_write_bio_X509(certificate, x509) != 1) {
		openssl_fault(fault, "writing the key");
		goto out;
	}
	add_bio(key_pem, key);
	add_bio(certificate_pem, certificate);
	rc = buf_check(key_pem, fault) < 0 ||
	             buf_check(certificate_pem, fault) < 0
	         ? -1
	         : 0;
out:
	BIO_free(key);
	BIO_free(certificate);
	return rc;
}

int
seal_key_make(struct buf *key_pem, struct buf *certificate_pem,
    const struct seal_options *options, struct fault *fault)
{
	EVP_PKEY *pkey;
	X509 *x509 = NULL;
	int rc = -1;

	if (options->years < 1 || options->years > 100) {
		return fault_set(fault, FAULT_INVALID,
		    "a certificate is valid for 1 to 100 years");
	}
	if (options->common_name == NULL || options->common_name[0] == '\0') {
		return fault_set(fault, FAULT_INVALID,
		    "a certificate needs a common name");
	}
	ERR_clear_error();
	pkey = options->kind == SEAL_RSA3072
	           ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS)
	           : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (pkey == NULL) {
		openssl_fault(fault, "drawing a key");
		goto out;
	}
	x509 = seal_certificate_new(pkey, options);
	if (x509 == NULL) {
		openssl_fault(fault, "making a certificate");
		goto out;
	}
	rc = write_pem(key_pem, certificate_pem, pkey, x509, fault);
out:
	X509_free(x509);
	EVP_PKEY_free(pkey);
	return rc;
}

/* --- loading one -------------------------------------------------------- */

static BIO *
bio_of(struct bytes bytes)
{
	return bytes.len > 0 && bytes.len <= INT_MAX
	           ? BIO_new_mem_buf(bytes.data, (int)bytes.len)
	           : NULL;
}

static int
no_password(char *out, int room, int is_writing, void *arg)
{
	(void)out;
	(void)room;
	(void)is_writing;
	(void)arg;
	return -1; /* never ask on a terminal */
}

static int
load(struct seal_key *key, struct bytes key_pem, struct bytes certificate_pem,
    struct fault *fault)
{
	BIO *key_bio = bio_of(key_pem);
	BIO *certificate_bio = bio_of(certificate_pem);
	X509 *more;
	int rc = -1;

	if (key_bio != NULL) {
		key->pkey =
		    PEM_read_bio_PrivateKey(key_bio, NULL, no_password, NULL);
	}
	if (certificate_bio != NULL) {
		key->x509 =
		    PEM_read_bio_X509(certificate_bio, NULL, NULL, NULL);
	}
	if (key->pkey == NULL) {
		fault_set(fault, FAULT_INVALID,
		    "there is no private key without a password in PEM");
		goto out;
	}
	if (key->x509 == NULL) {
		fault_set(fault, FAULT_INVALID,
		    "there is no certificate in PEM");
		goto out;
	}
	while ((more = PEM_read_bio_X509(certificate_bio, NULL, NULL, NULL)) !=
	       NULL) {
		sk_X509_push(key->chain, more);
	}
	if (X509_check_private_key(key->x509, key->pkey) != 1) {
		fault_set(fault, FAULT_INVALID,
		    "the certificate does not belong to the key");
		goto out;
	}
	if ((X509_get_key_usage(key->x509) &
	        (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
		fault_set(fault, FAULT_INVALID,
		    "the certificate is not meant for signatures");
		goto out;
	}
	if (certificate_is_weak(key->x509)) {
		fault_set(fault, FAULT_INVALID,
		    "the key is too short for signatures of today");
		goto out;
	}
	rc = 0;
out:
	BIO_free(key_bio);
	BIO_free(certificate_bio);
	ERR_clear_error();
	return rc;
}

int
seal_key_load(struct seal_key **key_out, struct bytes key_pem,
    struct bytes certificate_pem, struct fault *fault)
{
	struct seal_key *key = xzalloc(sizeof(*key));

	key->arena = arena_new();
	key->chain = sk_X509_new_null();
	if (load(key, key_pem, certificate_pem, fault) < 0) {
		seal_key_free(key);
		return -1;
	}
	certificate_read(&key->certificate, key->arena, key->x509);
	key->trust = trust_new();
	X509_STORE_add_cert(trust_store(key->trust), key->x509);
	*key_out = key;
	return 0;
}

void
seal_key_free(struct seal_key *key)
{
	if (key != NULL) {
		trust_free(key->trust);
		sk_X509_pop_free(key->chain, X509_free);
		X509_free(key->x509);
		EVP_PKEY_free(key->pkey);
		arena_free(key->arena);
		free(key);
	}
}

const struct trust *
seal_key_trust(const struct seal_key *key)
{
	return key->trust;
}

const struct certificate *
seal_key_certificate(const struct seal_key *key)
{
	return &key->certificate;
}

/* --- signing ------------------------------------------------------------ */

static int
write_cms(struct buf *out, CMS_ContentInfo *cms, struct fault *fault)
{
	int len = i2d_CMS_ContentInfo(cms, NULL);
	uint8_t *place = len > 0 ? buf_reserve(out, (size_t)len) : NULL;

	if (len <= 0) {
		return openssl_fault(fault, "encoding the signature");
	}
	if (place == NULL) {
		return buf_check(out, fault);
	}
	i2d_CMS_ContentInfo(cms, &place);
	buf_grow(out, (size_t)len);
	return 0;
}

static bool
add_time(CMS_SignerInfo *signer, int64_t at)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(at / MICROSECONDS));
	bool is_added = time != NULL &&
	                CMS_signed_add1_attr_by_NID(signer,
	                    NID_pkcs9_signingTime, time->type, time, -1) == 1;

	ASN1_TIME_free(time);
	return is_added;
}

static CMS_ContentInfo *
sign(const struct seal_key *key, BIO *content, int64_t at)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, SIGN_FLAGS);
	CMS_SignerInfo *signer = cms != NULL
	                             ? CMS_add1_signer(cms, key->x509,
	                                   key->pkey, EVP_sha256(), SIGN_FLAGS)
	                             : NULL;
	bool is_signed = signer != NULL && add_time(signer, at);

	for (int i = 0; is_signed && i < sk_X509_num(key->chain); i++) {
		is_signed =
		    CMS_add1_cert(cms, sk_X509_value(key->chain, i)) == 1;
	}
	if (!is_signed || CMS_final(cms, content, NULL, SIGN_FLAGS) != 1) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	return cms;
}

int
seal_sign(struct buf *out, const struct seal_key *key, struct bytes content,
    int64_t at, struct fault *fault)
{
	BIO *bio = bio_of(content);
	CMS_ContentInfo *cms;
	int rc;

	ERR_clear_error();
	cms = bio != NULL ? sign(key, bio, at) : NULL;
	rc = cms != NULL ? write_cms(out, cms, fault)
	                 : openssl_fault(fault, "signing");
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return rc;
}

/* Our own signature again: one signer, nothing behind it. */
static CMS_ContentInfo *
parse(struct bytes signature, CMS_SignerInfo **signer_out, struct fault *fault)
{
	const unsigned char *p = signature.data;
	CMS_ContentInfo *cms =
	    signature.len <= LONG_MAX
	        ? d2i_CMS_ContentInfo(NULL, &p, (long)signature.len)
	        : NULL;
	STACK_OF(CMS_SignerInfo) *signers =
	    cms != NULL ? CMS_get0_SignerInfos(cms) : NULL;

	ERR_clear_error();
	if (signers == NULL || sk_CMS_SignerInfo_num(signers) != 1 ||
	    p != signature.data + signature.len) {
		CMS_ContentInfo_free(cms);
		fault_set(fault, FAULT_INVALID,
		    "the seal's signature cannot be read");
		return NULL;
	}
	*signer_out = sk_CMS_SignerInfo_value(signers, 0);
	return cms;
}

int
seal_value(struct buf *out, struct bytes signature, struct fault *fault)
{
	CMS_SignerInfo *signer = NULL;
	CMS_ContentInfo *cms = parse(signature, &signer, fault);
	const ASN1_OCTET_STRING *value;

	if (cms == NULL) {
		return -1;
	}
	value = CMS_SignerInfo_get0_signature(signer);
	buf_add(out, value->data, (size_t)value->length);
	CMS_ContentInfo_free(cms);
	return buf_check(out, fault);
}

int
seal_add_timestamp(struct buf *out, struct bytes signature, struct bytes token,
    struct fault *fault)
{
	CMS_SignerInfo *signer = NULL;
	CMS_ContentInfo *cms = parse(signature, &signer, fault);
	int rc = -1;

	if (cms == NULL) {
		return -1;
	}
	if (token.len > INT_MAX ||
	    CMS_unsigned_add1_attr_by_NID(signer,
	        NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.data,
	        (int)token.len) != 1) {
		openssl_fault(fault, "adding the time-stamp");
	} else {
		rc = write_cms(out, cms, fault);
	}
	CMS_ContentInfo_free(cms);
	return rc;
}
