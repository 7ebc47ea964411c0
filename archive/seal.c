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
	EVP_PKEY *pkey; /* NULL: it is in the token */
	struct seal_token *token;
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

/* What was written to a BIO in memory, which ends here. */
static int
take_pem(struct buf *out, BIO *bio, bool is_written, struct fault *fault)
{
	char *data = NULL;
	long len = is_written ? BIO_get_mem_data(bio, &data) : 0;

	if (len > 0) {
		buf_add(out, data, (size_t)len);
	}
	BIO_free(bio);
	return len > 0 ? buf_check(out, fault)
	               : openssl_fault(fault, "writing it as PEM");
}

static int
write_key(struct buf *out, EVP_PKEY *pkey, struct fault *fault)
{
	BIO *bio = BIO_new(BIO_s_secmem());

	return take_pem(out, bio,
	    bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL,
	                       0, NULL, NULL) == 1,
	    fault);
}

static int
write_certificate(struct buf *out, EVP_PKEY *pkey,
    const struct seal_options *options, struct fault *fault)
{
	X509 *x509 = seal_certificate_new(pkey, options);
	BIO *bio;
	int rc;

	if (x509 == NULL) {
		return openssl_fault(fault, "making a certificate");
	}
	bio = BIO_new(BIO_s_mem());
	rc = take_pem(out, bio,
	    bio != NULL && PEM_write_bio_X509(bio, x509) == 1, fault);
	X509_free(x509);
	return rc;
}

static int
check_options(const struct seal_options *options, struct fault *fault)
{
	if (options->years < 1 || options->years > 100) {
		return fault_set(fault, FAULT_INVALID,
		    "a certificate is valid for 1 to 100 years");
	}
	if (options->common_name == NULL || options->common_name[0] == '\0') {
		return fault_set(fault, FAULT_INVALID,
		    "a certificate needs a common name");
	}
	return 0;
}

int
seal_key_make(struct buf *key_pem, struct buf *certificate_pem,
    const struct seal_options *options, struct fault *fault)
{
	EVP_PKEY *pkey;
	int rc;

	if (check_options(options, fault) < 0) {
		return -1;
	}
	ERR_clear_error();
	pkey = options->kind == SEAL_RSA3072
	           ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS)
	           : EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (pkey == NULL) {
		return openssl_fault(fault, "drawing a key");
	}
	rc = write_certificate(certificate_pem, pkey, options, fault);
	if (rc == 0) {
		rc = write_key(key_pem, pkey, fault);
	}
	EVP_PKEY_free(pkey);
	return rc;
}

struct certifying {
	struct buf *out;
	const struct seal_options *options;
};

static int
certify(EVP_PKEY *pkey, void *arg, struct fault *fault)
{
	const struct certifying *certifying = arg;

	return write_certificate(certifying->out, pkey, certifying->options,
	    fault);
}

int
seal_key_certify(struct buf *certificate_pem,
    const struct seal_token_options *token_options,
    const struct seal_options *options, struct fault *fault)
{
	struct certifying certifying = { certificate_pem, options };
	struct seal_token *token;
	int rc;

	if (check_options(options, fault) < 0 ||
	    seal_token_open(&token, token_options, fault) < 0) {
		return -1;
	}
	rc = seal_token_prove(token, NULL, fault);
	if (rc == 0) {
		rc = seal_token_use(token, certify, &certifying, fault);
	}
	seal_token_close(token);
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
read_key(struct seal_key *key, struct bytes pem, struct fault *fault)
{
	BIO *bio = bio_of(pem);

	if (bio != NULL) {
		key->pkey =
		    PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	}
	BIO_free(bio);
	ERR_clear_error();
	return key->pkey != NULL
	           ? 0
	           : fault_set(fault, FAULT_INVALID,
	                 "there is no private key without a password in PEM");
}

static int
read_certificates(struct seal_key *key, struct bytes pem, struct fault *fault)
{
	BIO *bio = bio_of(pem);
	X509 *more;

	if (bio != NULL) {
		key->x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	}
	while (key->x509 != NULL &&
	       (more = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		sk_X509_push(key->chain, more);
	}
	BIO_free(bio);
	ERR_clear_error();
	return key->x509 != NULL ? 0
	                         : fault_set(fault, FAULT_INVALID,
	                               "there is no certificate in PEM");
}

static int
check_pair(const struct seal_key *key, struct fault *fault)
{
	bool is_pair = X509_check_private_key(key->x509, key->pkey) == 1;

	ERR_clear_error();
	return is_pair ? 0
	               : fault_set(fault, FAULT_INVALID,
	                     "the certificate does not belong to the key");
}

/* The key and its certificate are there: is it one to sign with? */
static int
begin(struct seal_key *key, struct fault *fault)
{
	if ((X509_get_key_usage(key->x509) &
	        (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the certificate is not meant for signatures");
	}
	if (certificate_is_weak(key->x509)) {
		return fault_set(fault, FAULT_INVALID,
		    "the key is too short for signatures of today");
	}
	certificate_read(&key->certificate, key->arena, key->x509);
	key->trust = trust_new();
	X509_STORE_add_cert(trust_store(key->trust), key->x509);
	return 0;
}

static struct seal_key *
key_new(void)
{
	struct seal_key *key = xzalloc(sizeof(*key));

	key->arena = arena_new();
	key->chain = sk_X509_new_null();
	return key;
}

int
seal_key_load(struct seal_key **key_out, struct bytes key_pem,
    struct bytes certificate_pem, struct fault *fault)
{
	struct seal_key *key = key_new();

	if (read_key(key, key_pem, fault) < 0 ||
	    read_certificates(key, certificate_pem, fault) < 0 ||
	    check_pair(key, fault) < 0 || begin(key, fault) < 0) {
		seal_key_free(key);
		return -1;
	}
	*key_out = key;
	return 0;
}

static int
find_certificate(struct seal_key *key, struct bytes pem, struct fault *fault)
{
	if (pem.len > 0) {
		return read_certificates(key, pem, fault);
	}
	return seal_token_find_certificate(key->token, &key->x509) == 1
	           ? 0
	           : fault_set(fault, FAULT_ABSENT,
	                 "the token has no certificate for the key");
}

int
seal_key_open(struct seal_key **key_out,
    const struct seal_token_options *options, struct bytes certificate_pem,
    struct fault *fault)
{
	struct seal_key *key = key_new();

	if (seal_token_open(&key->token, options, fault) < 0 ||
	    find_certificate(key, certificate_pem, fault) < 0 ||
	    seal_token_prove(key->token, X509_get0_pubkey(key->x509), fault) <
	        0 ||
	    begin(key, fault) < 0) {
		seal_key_free(key);
		return -1;
	}
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
		seal_token_close(key->token);
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

struct signing {
	const struct seal_key *key;
	struct bytes content;
	int64_t at;
	struct buf *out;
};

static CMS_ContentInfo *
make_cms(const struct signing *signing, EVP_PKEY *pkey, BIO *content)
{
	const struct seal_key *key = signing->key;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, SIGN_FLAGS);
	CMS_SignerInfo *signer = cms != NULL
	                             ? CMS_add1_signer(cms, key->x509, pkey,
	                                   EVP_sha256(), SIGN_FLAGS)
	                             : NULL;
	bool is_signed = signer != NULL && add_time(signer, signing->at);

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

static int
sign(EVP_PKEY *pkey, void *arg, struct fault *fault)
{
	const struct signing *signing = arg;
	BIO *bio = bio_of(signing->content);
	CMS_ContentInfo *cms;
	int rc;

	ERR_clear_error();
	cms = bio != NULL ? make_cms(signing, pkey, bio) : NULL;
	rc = cms != NULL ? write_cms(signing->out, cms, fault)
	                 : openssl_fault(fault, "signing");
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return rc;
}

int
seal_sign(struct buf *out, const struct seal_key *key, struct bytes content,
    int64_t at, struct fault *fault)
{
	struct signing signing = { key, content, at, out };

	return key->token != NULL
	           ? seal_token_use(key->token, sign, &signing, fault)
	           : sign(key->pkey, &signing, fault);
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
