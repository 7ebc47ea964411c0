/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Lists and answers lie in four places of a signature: lists in its field
 * crls; answers there as "other", which OpenSSL passes over; both in an
 * attribute of CAdES and in one of PDF.
 *
 * Source:  RFC 5652, 10.2.1; RFC 5940; TS 101 733, 6.3.4; ISO 32000-2,
 *          12.8.3.3.2.
 */

#include "archive/cms_parts.h"
#include "archive/der.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#define CADES_VALUES "1.2.840.113549.1.9.16.2.24"
#define PDF_VALUES   "1.2.840.113583.1.1.8"

const uint8_t cms_ocsp_other[CMS_OCSP_OTHER_BYTES] = { 0x2B, 6, 1, 5, 5, 7, 16,
	2 };

static struct certificate_path
path_at(const struct cms_signed *found, const struct trust *anchors, int64_t at)
{
	struct certificate_path path;

	certificate_path(&path, found->certificate, found->certificates,
	    anchors, at, X509_PURPOSE_ANY);
	return path;
}

void
cms_judge(struct cms_report *report, const struct trust *anchors, int64_t at)
{
	struct cms_signed *found = report->found;

	certificate_path_fini(&found->path);
	found->path = path_at(found, anchors, at);
	report->trust = found->path.trust;
	report->trust_sub = found->path.sub;
	report->trust_words = found->path.words;
	report->anchor = found->path.chain != NULL
	                     ? certificate_subject(found->arena,
	                           sk_X509_value(found->path.chain,
	                               sk_X509_num(found->path.chain) - 1))
	                     : "";
}

bool
cms_is_trusted_at(const struct cms_report *report, const struct trust *anchors,
    int64_t at)
{
	struct certificate_path path = path_at(report->found, anchors, at);
	bool is_trusted = path.trust == TRUST_REACHED;

	certificate_path_fini(&path);
	return is_trusted;
}

STACK_OF(X509) * cms_certificates(const struct cms_report *report)
{
	return report->found->certificates;
}

static void
add_lists(struct revocations *revocations, CMS_ContentInfo *cms)
{
	STACK_OF(X509_CRL) *crls = CMS_get1_crls(cms);

	for (int i = 0; i < sk_X509_CRL_num(crls); i++) {
		unsigned char *der = NULL;
		int len = i2d_X509_CRL(sk_X509_CRL_value(crls, i), &der);

		if (len > 0) {
			revocations_add_crl(revocations,
			    bytes_of(der, (size_t)len));
		}
		OPENSSL_free(der);
	}
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
}

/*
 * ContentInfo ::= SEQUENCE { OBJECT IDENTIFIER, [0] SignedData }
 * SignedData ::= SEQUENCE { INTEGER, SET, SEQUENCE, [0], [1] crls, SET }
 */
static bool
find_crls(struct bytes der, struct bytes *crls_out)
{
	struct bytes rest;
	uint8_t tag;

	if (!der_take_tag(&der, DER_SEQUENCE, &rest) ||
	    !der_take_tag(&rest, DER_OID, &der) ||
	    !der_take_tag(&rest, CMS_FIELD_0, &der) ||
	    !der_take_tag(&der, DER_SEQUENCE, &rest)) {
		return false;
	}
	while (der_take(&rest, &tag, crls_out)) {
		if (tag == CMS_FIELD_1) {
			return true;
		}
	}
	return false;
}

static void
add_answers(struct revocations *revocations, CMS_ContentInfo *cms)
{
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der);
	struct bytes crls;
	struct bytes one;
	struct bytes kind;
	uint8_t tag;

	if (len > 0 && find_crls(bytes_of(der, (size_t)len), &crls)) {
		while (der_take(&crls, &tag, &one)) {
			if (tag == CMS_FIELD_1 &&
			    der_take_tag(&one, DER_OID, &kind) &&
			    bytes_equal(kind, bytes_of(cms_ocsp_other,
			                          CMS_OCSP_OTHER_BYTES))) {
				revocations_add_ocsp(revocations, one);
			}
		}
	}
	OPENSSL_free(der);
}

void
cms_add_revocations(struct revocations *revocations, CMS_ContentInfo *cms)
{
	add_lists(revocations, cms);
	add_answers(revocations, cms);
}

static void
add_values(struct cms_signed *found, X509_ATTRIBUTE *attribute)
{
	for (int i = 0; i < X509_ATTRIBUTE_count(attribute); i++) {
		const ASN1_TYPE *type = X509_ATTRIBUTE_get0_type(attribute, i);

		if (type != NULL && type->type == V_ASN1_SEQUENCE) {
			revocations_add_values(found->revocations,
			    bytes_of(type->value.sequence->data,
			        (size_t)type->value.sequence->length));
		}
	}
}

static void
read_revocations(struct cms_signed *found)
{
	ASN1_OBJECT *cades = OBJ_txt2obj(CADES_VALUES, 1);
	ASN1_OBJECT *pdf = OBJ_txt2obj(PDF_VALUES, 1);
	int place;

	found->revocations = revocations_new();
	cms_add_revocations(found->revocations, found->cms);
	place = CMS_unsigned_get_attr_by_OBJ(found->signer, cades, -1);
	if (place >= 0) {
		add_values(found, CMS_unsigned_get_attr(found->signer, place));
	}
	place = CMS_signed_get_attr_by_OBJ(found->signer, pdf, -1);
	if (place >= 0) {
		add_values(found, CMS_signed_get_attr(found->signer, place));
	}
	ASN1_OBJECT_free(cades);
	ASN1_OBJECT_free(pdf);
	ERR_clear_error();
}

const struct revocations *
cms_revocations(const struct cms_report *report)
{
	if (report->found->revocations == NULL) {
		read_revocations(report->found);
	}
	return report->found->revocations;
}

const STACK_OF(X509) * cms_chain(const struct cms_report *report)
{
	return report->found->path.chain;
}

/* What tells that it was revoked counts; else the first that tells. */
static void
check_one(struct revocation *revocation_out, const struct cms_report *report,
    const struct revocations *const others[2], int nth, int64_t at)
{
	const struct cms_signed *found = report->found;
	const struct revocations *const all[] = { cms_revocations(report),
		others[0], others[1] };
	struct revocation one;

	*revocation_out = (struct revocation){ .source = "" };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]) &&
	                   revocation_out->state != REVOCATION_REVOKED;
	     i++) {
		if (all[i] == NULL) {
			continue;
		}
		revocation_check(&one, all[i],
		    sk_X509_value(found->path.chain, nth),
		    sk_X509_value(found->path.chain, nth + 1),
		    found->certificates, at);
		if (one.state == REVOCATION_REVOKED ||
		    revocation_out->state == REVOCATION_UNKNOWN) {
			*revocation_out = one;
		}
	}
}

void
cms_check_revocation(struct cms_revocation *revocation_out,
    const struct cms_report *report, const struct revocations *const others[2],
    int64_t at)
{
	const int count = sk_X509_num(report->found->path.chain);

	*revocation_out = (struct cms_revocation){ .signer.source = "" };
	/* The anchor at the end is believed as it is. */
	for (int i = 0; i + 1 < count; i++) {
		struct revocation one;

		check_one(&one, report, others, i, at);
		if (i == 0) {
			revocation_out->signer = one;
		}
		if (one.state == REVOCATION_REVOKED) {
			revocation_out->sub =
			    i == 0 ? SUB_REVOKED_NO_POE : SUB_REVOKED_CA_NO_POE;
			return;
		}
		if (one.state == REVOCATION_UNKNOWN) {
			revocation_out->sub = SUB_TRY_LATER;
		}
	}
}
