/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/signer.h"

#include "archive/der.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

size_t
signer_count(CMS_ContentInfo *cms)
{
	int count = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms));

	return count > 0 ? (size_t)count : 0;
}

const char *
signer_find(CMS_ContentInfo *cms, size_t nth, CMS_SignerInfo **signer_out,
    STACK_OF(X509) * *certificates_out, X509 **certificate_out)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *certificates = CMS_get1_certs(cms);
	CMS_SignerInfo *signer;

	*certificates_out = certificates;
	*signer_out = NULL;
	if (nth >= signer_count(cms)) {
		return "it has no signer";
	}
	signer = sk_CMS_SignerInfo_value(signers, (int)nth);
	if (CMS_signed_get_attr_count(signer) <= 0) {
		return "it has no signed attributes";
	}
	*signer_out = signer;
	for (int i = 0; i < sk_X509_num(certificates); i++) {
		X509 *one = sk_X509_value(certificates, i);

		if (CMS_SignerInfo_cert_cmp(signer, one) == 0) {
			CMS_SignerInfo_set1_signer_cert(signer, one);
			*certificate_out = one;
			return NULL;
		}
	}
	return "the signer's certificate is not in it";
}

const ASN1_TYPE *
signer_attribute(const CMS_SignerInfo *signer, int nid)
{
	int place = CMS_signed_get_attr_by_NID(signer, nid, -1);
	X509_ATTRIBUTE *attribute;

	if (place < 0 || CMS_signed_get_attr_by_NID(signer, nid, place) >= 0) {
		return NULL;
	}
	attribute = CMS_signed_get_attr(signer, place);
	return attribute != NULL && X509_ATTRIBUTE_count(attribute) == 1
	           ? X509_ATTRIBUTE_get0_type(attribute, 0)
	           : NULL;
}

/*
 * The hash of the first certificate that the attribute names:
 *
 *   SigningCertificate(V2) ::= SEQUENCE { SEQUENCE OF ESSCertID(v2), ... }
 *   ESSCertIDv2 ::= SEQUENCE { hashAlgorithm (SHA-256 where absent),
 *                              certHash OCTET STRING, ... }
 *
 * Source:  RFC 5035, sections 3 and 4.
 */
static bool
named_hash(const ASN1_TYPE *attribute, const EVP_MD **md_out,
    struct bytes *hash_out)
{
	const ASN1_STRING *der = attribute->value.asn1_string;
	struct bytes rest = bytes_of(der->data, (size_t)der->length);
	const unsigned char *p;
	struct bytes algorithm;
	struct bytes first;
	X509_ALGOR *parsed;
	const ASN1_OBJECT *name;

	if (!der_take_tag(&rest, DER_SEQUENCE, &first) ||
	    !der_take_tag(&first, DER_SEQUENCE, &rest) ||
	    !der_take_tag(&rest, DER_SEQUENCE, &first)) {
		return false;
	}
	p = first.data;
	if (der_take_tag(&first, DER_SEQUENCE, &algorithm)) {
		parsed = d2i_X509_ALGOR(NULL, &p, (long)(first.data - p));
		if (parsed == NULL) {
			return false;
		}
		X509_ALGOR_get0(&name, NULL, NULL, parsed);
		*md_out = EVP_get_digestbyobj(name);
		X509_ALGOR_free(parsed);
	}
	return *md_out != NULL &&
	       der_take_tag(&first, DER_OCTET_STRING, hash_out);
}

void
signer_add_attributes(struct buf *out, const CMS_SignerInfo *signer)
{
	for (int i = 0; i < CMS_signed_get_attr_count(signer); i++) {
		unsigned char *der = NULL;
		int len =
		    i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer, i), &der);

		buf_add(out, der, len > 0 ? (size_t)len : 0);
		OPENSSL_free(der);
	}
}

bool
signer_is_der(const CMS_SignerInfo *signer, struct bytes cms)
{
	struct buf attributes;
	bool is_there;

	buf_init(&attributes, cms.len);
	signer_add_attributes(&attributes, signer);
	is_there =
	    attributes.refused == 0 && attributes.len > 0 &&
	    memmem(cms.data, cms.len, attributes.data, attributes.len) != NULL;
	buf_fini(&attributes);
	return is_there;
}

enum signer_binding
signer_binding(const CMS_SignerInfo *signer, const X509 *certificate)
{
	const ASN1_TYPE *attribute =
	    signer_attribute(signer, NID_id_smime_aa_signingCertificateV2);
	const EVP_MD *md = EVP_sha256();
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct bytes named;
	unsigned len = 0;

	if (attribute == NULL) {
		attribute = signer_attribute(signer,
		    NID_id_smime_aa_signingCertificate);
		md = EVP_sha1();
	}
	if (attribute == NULL) {
		return SIGNER_UNNAMED;
	}
	if (attribute->type != V_ASN1_SEQUENCE ||
	    !named_hash(attribute, &md, &named) ||
	    X509_digest(certificate, md, digest, &len) != 1 ||
	    !bytes_equal(named, bytes_of(digest, len))) {
		return SIGNER_OTHER;
	}
	return SIGNER_BOUND;
}
