/* SPDX-License-Identifier: Apache-2.0 */

/*
 * OpenSSL signs with what an EC_KEY_METHOD or RSA_METHOD gives it.  Both are
 * called deprecated since 3.0 and are there in every 3.x; what replaces them is
 * a provider of some thousand lines, or pkcs11-provider, which Debian 12 has
 * not.
 */

#define OPENSSL_SUPPRESS_DEPRECATED

#include "archive/pkcs11_key.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <pthread.h>

#define VALUE_MAX     65536u
#define SIGNATURE_MAX 2048u /* RSA of 16384 bits */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EC_KEY_METHOD *ec_method;
static RSA_METHOD *rsa_method;
static int ec_place; /* of the session in a key */

/* --- methods ------------------------------------------------------------ */

static ECDSA_SIG *
sign_ec(const unsigned char *digest, int len, const BIGNUM *inverse,
    const BIGNUM *r, EC_KEY *key)
{
	struct pkcs11_session *session = EC_KEY_get_ex_data(key, ec_place);
	uint8_t value[SIGNATURE_MAX];
	size_t size = sizeof(value);
	ECDSA_SIG *signature;
	BIGNUM *one, *two;

	(void)inverse;
	(void)r;
	if (!pkcs11_session_sign(session, CKM_ECDSA,
	        bytes_of(digest, (size_t)len), value, &size) ||
	    size == 0 || size % 2 != 0) {
		return NULL;
	}
	signature = ECDSA_SIG_new();
	one = BN_bin2bn(value, (int)size / 2, NULL);
	two = BN_bin2bn(value + size / 2, (int)size / 2, NULL);
	if (signature == NULL || ECDSA_SIG_set0(signature, one, two) != 1) {
		ECDSA_SIG_free(signature);
		BN_free(one);
		BN_free(two);
		return NULL;
	}
	return signature;
}

static int
sign_rsa(int len, const unsigned char *ready, unsigned char *out, RSA *key,
    int padding)
{
	struct pkcs11_session *session = RSA_get_app_data(key);
	size_t size = (size_t)RSA_size(key);

	if (padding != RSA_PKCS1_PADDING ||
	    !pkcs11_session_sign(session, CKM_RSA_PKCS,
	        bytes_of(ready, (size_t)len), out, &size)) {
		return -1;
	}
	return (int)size;
}

static void
make_methods(void)
{
	int (*sign)(int, const unsigned char *, int, unsigned char *,
	    unsigned int *, const BIGNUM *, const BIGNUM *, EC_KEY *);
	int (*set_up)(EC_KEY *, BN_CTX *, BIGNUM **, BIGNUM **);

	ec_place = EC_KEY_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	ec_method = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
	rsa_method = RSA_meth_dup(RSA_PKCS1_OpenSSL());
	if (ec_place < 0 || ec_method == NULL || rsa_method == NULL) {
		return;
	}
	EC_KEY_METHOD_get_sign(ec_method, &sign, &set_up, NULL);
	EC_KEY_METHOD_set_sign(ec_method, sign, set_up, sign_ec);
	RSA_meth_set_priv_enc(rsa_method, sign_rsa);
}

/* --- private keys ------------------------------------------------------- */

static bool
assign_ec(EVP_PKEY *pkey, EVP_PKEY *half, struct pkcs11_session *session)
{
	EC_KEY *key = EVP_PKEY_get1_EC_KEY(half);
	EC_KEY *copy = key != NULL ? EC_KEY_dup(key) : NULL;
	bool is_set = copy != NULL && EC_KEY_set_method(copy, ec_method) == 1 &&
	              EC_KEY_set_ex_data(copy, ec_place, session) == 1 &&
	              EVP_PKEY_assign_EC_KEY(pkey, copy) == 1;

	EC_KEY_free(key);
	if (!is_set) {
		EC_KEY_free(copy);
	}
	return is_set;
}

static bool
assign_rsa(EVP_PKEY *pkey, EVP_PKEY *half, struct pkcs11_session *session)
{
	RSA *key = EVP_PKEY_get1_RSA(half);
	RSA *copy = key != NULL ? RSAPublicKey_dup(key) : NULL;
	bool is_set = copy != NULL && RSA_set_method(copy, rsa_method) == 1 &&
	              RSA_set_app_data(copy, session) == 1 &&
	              EVP_PKEY_assign_RSA(pkey, copy) == 1;

	RSA_free(key);
	if (!is_set) {
		RSA_free(copy);
	}
	return is_set;
}

/* Modules say all kinds of things of a mechanism that is not the key's. */
static bool
has_kind(const struct pkcs11_session *session, int kind)
{
	ck_key_type_t type = CK_UNAVAILABLE_INFORMATION;
	struct buf value;

	buf_init(&value, VALUE_MAX);
	if (pkcs11_session_read(session, session->key, CKA_KEY_TYPE, &value) &&
	    value.len == sizeof(type)) {
		memcpy(&type, value.data, sizeof(type));
	}
	buf_fini(&value);
	return (type == CKK_RSA && kind == EVP_PKEY_RSA) ||
	       (type == CKK_EC && kind == EVP_PKEY_EC);
}

int
pkcs11_key_new(EVP_PKEY **pkey_out, EVP_PKEY *half,
    struct pkcs11_session *session, struct fault *fault)
{
	int kind = EVP_PKEY_get_base_id(half);
	EVP_PKEY *pkey;
	bool is_made;

	if (!has_kind(session, kind)) {
		return fault_set(fault, FAULT_INVALID,
		    "the certificate and the key are not both RSA, or both on an "
		    "elliptic curve");
	}
	pthread_once(&once, make_methods);
	pkey = EVP_PKEY_new();
	is_made = pkey != NULL && ec_method != NULL && rsa_method != NULL &&
	          (kind == EVP_PKEY_EC ? assign_ec(pkey, half, session)
	                               : assign_rsa(pkey, half, session));
	ERR_clear_error();
	if (!is_made) {
		EVP_PKEY_free(pkey);
		return fault_set(fault, FAULT_SYSTEM,
		    "OpenSSL does not take the token's key");
	}
	*pkey_out = pkey;
	return 0;
}

/* --- what lies beside it ------------------------------------------------- */

static EVP_PKEY *
from_params(const char *kind, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *pkey = NULL;

	if (params == NULL || context == NULL ||
	    EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) !=
	        1) {
		pkey = NULL;
	}
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return pkey;
}

/* CKA_EC_PARAMS names a curve; CKA_EC_POINT is a point in an OCTET STRING. */
static EVP_PKEY *
ec_of(struct bytes curve, struct bytes wrapped, OSSL_PARAM_BLD *build)
{
	const unsigned char *p = curve.data;
	const unsigned char *q = wrapped.data;
	ASN1_OBJECT *name = d2i_ASN1_OBJECT(NULL, &p, (long)curve.len);
	ASN1_OCTET_STRING *point =
	    d2i_ASN1_OCTET_STRING(NULL, &q, (long)wrapped.len);
	const char *group = name != NULL ? OBJ_nid2sn(OBJ_obj2nid(name)) : NULL;
	EVP_PKEY *pkey = NULL;

	if (group != NULL && point != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
	        group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
	        point->data, (size_t)point->length) == 1) {
		pkey = from_params("EC", build);
	}
	ASN1_OBJECT_free(name);
	ASN1_OCTET_STRING_free(point);
	return pkey;
}

static EVP_PKEY *
rsa_of(struct bytes modulus, struct bytes exponent, OSSL_PARAM_BLD *build)
{
	BIGNUM *n = BN_bin2bn(modulus.data, (int)modulus.len, NULL);
	BIGNUM *e = BN_bin2bn(exponent.data, (int)exponent.len, NULL);
	EVP_PKEY *pkey = NULL;

	if (n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1) {
		pkey = from_params("RSA", build);
	}
	BN_free(n);
	BN_free(e);
	return pkey;
}

int
pkcs11_key_find_public(EVP_PKEY **half_out,
    const struct pkcs11_session *session)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *half = NULL;
	struct buf one, two;
	ck_object_handle_t object;

	buf_init(&one, VALUE_MAX);
	buf_init(&two, VALUE_MAX);
	if (build != NULL &&
	    pkcs11_session_find_beside(session, CKO_PUBLIC_KEY, &object)) {
		if (pkcs11_session_read(session, object, CKA_EC_PARAMS, &one) &&
		    pkcs11_session_read(session, object, CKA_EC_POINT, &two)) {
			half = ec_of(buf_bytes(&one), buf_bytes(&two), build);
		} else if (pkcs11_session_read(session, object, CKA_MODULUS,
		               &one) &&
		           pkcs11_session_read(session, object,
		               CKA_PUBLIC_EXPONENT, &two)) {
			half = rsa_of(buf_bytes(&one), buf_bytes(&two), build);
		}
	}
	OSSL_PARAM_BLD_free(build);
	buf_fini(&one);
	buf_fini(&two);
	ERR_clear_error();
	*half_out = half;
	return half != NULL;
}

int
pkcs11_key_find_certificate(X509 **x509_out,
    const struct pkcs11_session *session)
{
	ck_object_handle_t object;
	const unsigned char *p;
	struct buf der;

	*x509_out = NULL;
	buf_init(&der, VALUE_MAX);
	if (pkcs11_session_find_beside(session, CKO_CERTIFICATE, &object) &&
	    pkcs11_session_read(session, object, CKA_VALUE, &der)) {
		p = der.data;
		*x509_out = d2i_X509(NULL, &p, (long)der.len);
	}
	buf_fini(&der);
	ERR_clear_error();
	return *x509_out != NULL;
}
