/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A counter-signature is a SignerInfo without the object around it, in an
 * unsigned attribute of the signature that it signs.  Here it gets one, with
 * the certificates and lists that came with the signature, so that it is read
 * and checked like any other:
 *
 *     SignedData ::= SEQUENCE {
 *         version, digestAlgorithms, [0] certificates, [1] crls    as they are
 *         encapContentInfo   SEQUENCE { id-data }
 *         signerInfos        SET { the counter-signature, as it stands } }
 *
 * Source:  RFC 5652, 5.1 and 11.4.
 */

#include "archive/cms_parts.h"
#include "archive/der.h"

#include <openssl/err.h>

/* 1.2.840.113549.1.7.1 */
static const uint8_t data_type[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7,
	1 };

/* Of all such attributes; NULL: it has not so many. */
static const ASN1_TYPE *
find_value(const CMS_SignerInfo *signer, size_t nth)
{
	int place = -1;

	while ((place = CMS_unsigned_get_attr_by_NID(signer,
	            NID_pkcs9_countersignature, place)) >= 0) {
		X509_ATTRIBUTE *attribute =
		    CMS_unsigned_get_attr(signer, place);
		const int count = X509_ATTRIBUTE_count(attribute);

		if (nth < (size_t)count) {
			return X509_ATTRIBUTE_get0_type(attribute, (int)nth);
		}
		nth -= (size_t)count;
	}
	return NULL;
}

/* The content of SignedData, whose signer is exchanged. */
static bool
add_body(struct buf *out, struct bytes der, struct bytes counter)
{
	struct bytes body, rest, whole;
	struct buf type;
	uint8_t tag;

	if (!der_take_tag(&der, DER_SEQUENCE, &rest) ||
	    !der_take_tag(&rest, DER_OID, &body) ||
	    !der_take_tag(&rest, CMS_FIELD_0, &body) ||
	    !der_take_tag(&body, DER_SEQUENCE, &rest)) {
		return false;
	}
	buf_init(&type, 64);
	der_add(&type, DER_OID, bytes_of(data_type, sizeof(data_type)));
	while (der_take_whole(&rest, &whole) && rest.len > 0) {
		tag = whole.data[0];
		if (tag == DER_SEQUENCE) {
			der_add(out, DER_SEQUENCE, buf_bytes(&type));
		} else {
			buf_add_bytes(out, whole);
		}
	}
	der_add(out, DER_SET, counter);
	buf_fini(&type);
	return true;
}

static struct bytes
enclose(struct arena *arena, struct bytes body)
{
	static const uint8_t signed_data[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7,
		0x0D, 1, 7, 2 };
	const size_t max = body.len + 64;
	struct buf inner, fields, out;
	struct bytes bytes;

	buf_init(&inner, max);
	buf_init(&fields, max);
	buf_init(&out, max);
	der_add(&inner, DER_SEQUENCE, body);
	der_add(&fields, DER_OID, bytes_of(signed_data, sizeof(signed_data)));
	der_add(&fields, CMS_FIELD_0, buf_bytes(&inner));
	der_add(&out, DER_SEQUENCE, buf_bytes(&fields));
	bytes = arena_copy(arena, buf_bytes(&out));
	buf_fini(&inner);
	buf_fini(&fields);
	buf_fini(&out);
	return bytes;
}

bool
cms_counter(const struct cms_report *report, size_t nth,
    struct bytes *object_out)
{
	const struct cms_signed *found = report->found;
	const ASN1_TYPE *value =
	    found != NULL ? find_value(found->signer, nth) : NULL;
	unsigned char *der = NULL;
	struct bytes counter;
	struct buf body;
	int len;

	*object_out = NO_BYTES;
	if (value == NULL) {
		return false;
	}
	if (value->type != V_ASN1_SEQUENCE) {
		return true;
	}
	counter = bytes_of(value->value.sequence->data,
	    (size_t)value->value.sequence->length);
	len = i2d_CMS_ContentInfo(found->cms, &der);
	buf_init(&body, 2 * CMS_SIGNATURE_MAX);
	if (len > 0 && add_body(&body, bytes_of(der, (size_t)len), counter)) {
		*object_out = enclose(found->arena, buf_bytes(&body));
	}
	buf_fini(&body);
	OPENSSL_free(der);
	ERR_clear_error();
	return true;
}
