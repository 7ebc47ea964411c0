/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_TSA_H
#define TESTS_UNIT_TSA_H

/*
 * A time-stamping authority in this process, for tests: it signs with a key
 * drawn at start and says whatever time it is told.
 */

#include "base/buf.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

struct tsa {
	EVP_PKEY *pkey;
	X509 *x509;
	STACK_OF(X509) * chain; /* goes into tokens, too; or NULL */
	int64_t at;             /* UTC microseconds */
	int refuses;            /* all digests but SHA-1 */
};

static inline void
tsa_extension(X509 *x509, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
}

/* The certificate ends so many days after `at`. */
static inline struct tsa *
tsa_new_for(int64_t at, const char *usage, const char *common_name, long days)
{
	struct tsa *tsa = calloc(1, sizeof(*tsa));
	X509_NAME *name;

	tsa->at = at;
	tsa->pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	tsa->x509 = X509_new();
	X509_set_version(tsa->x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(tsa->x509), 7);
	ASN1_TIME_set(X509_getm_notBefore(tsa->x509),
	    (time_t)(at / 1000000) - 86400);
	ASN1_TIME_set(X509_getm_notAfter(tsa->x509),
	    (time_t)(at / 1000000) + days * 86400);
	name = X509_get_subject_name(tsa->x509);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)common_name, -1, -1, 0);
	X509_set_issuer_name(tsa->x509, name);
	X509_set_pubkey(tsa->x509, tsa->pkey);
	tsa_extension(tsa->x509, NID_key_usage, "critical,digitalSignature");
	tsa_extension(tsa->x509, NID_ext_key_usage, usage);
	X509_sign(tsa->x509, tsa->pkey, EVP_sha256());
	return tsa;
}

/* `usage` is the extended key usage; a good one is "critical,timeStamping". */
static inline struct tsa *
tsa_new(int64_t at, const char *usage)
{
	return tsa_new_for(at, usage, "Test TSA", 3650);
}

static inline void
tsa_free(struct tsa *tsa)
{
	sk_X509_pop_free(tsa->chain, X509_free);
	X509_free(tsa->x509);
	EVP_PKEY_free(tsa->pkey);
	free(tsa);
}

static inline void
tsa_pem(struct buf *out, const struct tsa *tsa)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	PEM_write_bio_X509(bio, tsa->x509);
	len = BIO_get_mem_data(bio, &data);
	buf_add(out, data, (size_t)len);
	BIO_free(bio);
}

static inline int
tsa_time(TS_RESP_CTX *context, void *arg, long *seconds, long *microseconds)
{
	const struct tsa *tsa = arg;

	(void)context;
	*seconds = (long)(tsa->at / 1000000);
	*microseconds = (long)(tsa->at % 1000000);
	return 1;
}

static inline ASN1_INTEGER *
tsa_serial(TS_RESP_CTX *context, void *arg)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	(void)context;
	(void)arg;
	ASN1_INTEGER_set(serial, 4711);
	return serial;
}

static inline void
tsa_accept_all(TS_RESP_CTX *context)
{
	TS_RESP_CTX_add_md(context, EVP_sha256());
	TS_RESP_CTX_add_md(context, EVP_sha384());
	TS_RESP_CTX_add_md(context, EVP_sha512());
	TS_RESP_CTX_add_md(context, EVP_sha3_256());
	TS_RESP_CTX_add_md(context, EVP_sha3_512());
}

/* A timestamp_transport_fn; arg is the struct tsa. */
static inline int
tsa_answer(void *arg, struct bytes request, struct buf *response,
    struct fault *fault)
{
	struct tsa *tsa = arg;
	TS_RESP_CTX *context = TS_RESP_CTX_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
	BIO *query = BIO_new_mem_buf(request.data, (int)request.len);
	unsigned char *der = NULL;
	TS_RESP *answer;
	int len;

	(void)fault;
	TS_RESP_CTX_set_signer_cert(context, tsa->x509);
	TS_RESP_CTX_set_signer_key(context, tsa->pkey);
	if (tsa->chain != NULL) {
		TS_RESP_CTX_set_certs(context, tsa->chain);
	}
	TS_RESP_CTX_set_signer_digest(context, EVP_sha256());
	TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256());
	TS_RESP_CTX_set_def_policy(context, policy);
	if (tsa->refuses) {
		TS_RESP_CTX_add_md(context, EVP_sha1());
	} else {
		tsa_accept_all(context);
	}
	TS_RESP_CTX_set_clock_precision_digits(context, 6);
	TS_RESP_CTX_set_time_cb(context, tsa_time, tsa);
	TS_RESP_CTX_set_serial_cb(context, tsa_serial, tsa);
	answer = TS_RESP_create_response(context, query);
	len = i2d_TS_RESP(answer, &der);
	buf_add(response, der, (size_t)len);
	OPENSSL_free(der);
	TS_RESP_free(answer);
	TS_RESP_CTX_free(context);
	ASN1_OBJECT_free(policy);
	BIO_free(query);
	return buf_check(response, fault);
}

#endif
