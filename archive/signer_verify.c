/* SPDX-License-Identifier: Apache-2.0 */

/*
 * RSA (PKCS #1 v1.5 and PSS), ECDSA and DSA by EVP.  What the signature
 * algorithm says of the digest must be what the signer says of it, so that
 * one that is told as SHA-256 is not weaker than that.
 *
 * Source:  RFC 5652, 5.4 and 5.6; RFC 4055, 3.1; RFC 5754, 3.
 */

#include "archive/signer.h"

#include "archive/der.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define ATTRIBUTES_MAX   (4u << 20)
#define PSS_SALT_DEFAULT 20

static int
name_of(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *name;

	X509_ALGOR_get0(&name, NULL, NULL, algorithm);
	return OBJ_obj2nid(name);
}

/* What stands in the parameters of an algorithm; NULL: no sequence. */
static const ASN1_STRING *
parameters_of(const X509_ALGOR *algorithm)
{
	const void *value;
	int type;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	return type == V_ASN1_SEQUENCE ? value : NULL;
}

/* The digest of the mask; absent is SHA-1. */
static int
mask_digest(const X509_ALGOR *mask)
{
	const ASN1_STRING *der = mask != NULL ? parameters_of(mask) : NULL;
	const unsigned char *p = der != NULL ? der->data : NULL;
	X509_ALGOR *digest;
	int name;

	if (mask == NULL) {
		return NID_sha1;
	}
	digest = der != NULL ? d2i_X509_ALGOR(NULL, &p, der->length) : NULL;
	name = digest != NULL && name_of(mask) == NID_mgf1 ? name_of(digest)
	                                                   : NID_undef;
	X509_ALGOR_free(digest);
	return name;
}

static bool
use_pss(EVP_PKEY_CTX *context, const X509_ALGOR *algorithm, int digest)
{
	const ASN1_STRING *der = parameters_of(algorithm);
	const unsigned char *p = der != NULL ? der->data : NULL;
	RSA_PSS_PARAMS *pss =
	    der != NULL ? d2i_RSA_PSS_PARAMS(NULL, &p, der->length) : NULL;
	long salt;
	bool is_good;

	if (pss == NULL) {
		return false;
	}
	salt = pss->saltLength != NULL ? ASN1_INTEGER_get(pss->saltLength)
	                               : PSS_SALT_DEFAULT;
	is_good =
	    (pss->hashAlgorithm != NULL ? name_of(pss->hashAlgorithm)
	                                : NID_sha1) == digest &&
	    mask_digest(pss->maskGenAlgorithm) == digest && salt >= 0 &&
	    salt <= EVP_MAX_MD_SIZE &&
	    (pss->trailerField == NULL ||
	        ASN1_INTEGER_get(pss->trailerField) == 1) &&
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, (int)salt) == 1;
	RSA_PSS_PARAMS_free(pss);
	return is_good;
}

/* Does the algorithm go with this digest, and is it set up so? */
static bool
use(EVP_PKEY_CTX *context, const X509_ALGOR *algorithm, int digest)
{
	const int name = name_of(algorithm);
	int named = NID_undef;

	if (name == NID_rsassaPss) {
		return use_pss(context, algorithm, digest);
	}
	if (OBJ_find_sigid_algs(name, &named, NULL) == 1) {
		return named == digest;
	}
	return name == NID_rsaEncryption || name == NID_X9_62_id_ecPublicKey;
}

bool
signer_verify(CMS_SignerInfo *signer, EVP_PKEY *key)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(signer);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *settings;
	X509_ALGOR *digest;
	X509_ALGOR *algorithm;
	struct buf attributes;
	struct buf set;
	bool is_good;

	buf_init(&attributes, ATTRIBUTES_MAX);
	buf_init(&set, ATTRIBUTES_MAX + 8);
	signer_add_attributes(&attributes, signer);
	der_add(&set, DER_SET, buf_bytes(&attributes));
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &algorithm);
	is_good = attributes.refused == 0 &&
	          EVP_DigestVerifyInit(context, &settings,
	              EVP_get_digestbynid(name_of(digest)), NULL, key) == 1 &&
	          use(settings, algorithm, name_of(digest)) &&
	          EVP_DigestVerify(context, value->data, (size_t)value->length,
	              set.data, set.len) == 1;
	EVP_MD_CTX_free(context);
	buf_fini(&attributes);
	buf_fini(&set);
	return is_good;
}
