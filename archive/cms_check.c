/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The order matters: first the form (one signed-data, detached, one signer,
 * its attributes once each), then the signer's certificate, found by the
 * signer identifier and equal to the one that the signed attribute
 * signing-certificate names by its hash, then the mathematics, and last the
 * chain.  The first rule that is broken is the verdict's reason.
 */

#include "archive/cms_check.h"

#include "archive/signer.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define RSA_BITS_MIN 2048
#define EC_BITS_MIN  224

struct cms_signed {
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer;
	X509 *certificate; /* borrowed from the CMS */
	STACK_OF(X509) * certificates;
};

struct checking {
	struct arena *arena;
	const struct cms_question *question;
	struct cms_report *report;
	struct cms_signed *found;
};

static bool
refuse(struct checking *checking, enum cms_verdict verdict, const char *reason)
{
	checking->report->verdict = verdict;
	checking->report->reason = arena_text(checking->arena, reason);
	return false;
}

static bool
parse(struct checking *checking)
{
	struct bytes der = checking->question->signature;
	const unsigned char *p = der.data;

	if (der.len == 0 || der.len > CMS_SIGNATURE_MAX) {
		return refuse(checking, CMS_MALFORMED,
		    "it is empty or larger than 4 MiB");
	}
	checking->found->cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);
	if (checking->found->cms == NULL) {
		return refuse(checking, CMS_MALFORMED, "it is no CMS object");
	}
	if (p != der.data + der.len) {
		return refuse(checking, CMS_MALFORMED,
		    "there are bytes behind it");
	}
	if (OBJ_obj2nid(CMS_get0_type(checking->found->cms)) !=
	    NID_pkcs7_signed) {
		return refuse(checking, CMS_MALFORMED, "it is no signed-data");
	}
	if (CMS_is_detached(checking->found->cms) != 1) {
		return refuse(checking, CMS_MALFORMED,
		    "it holds content of its own");
	}
	return true;
}

static bool
find_signer(struct checking *checking)
{
	const char *words =
	    signer_find(checking->found->cms, &checking->found->signer,
	        &checking->found->certificates, &checking->found->certificate);

	if (words != NULL) {
		return refuse(checking, CMS_MALFORMED, words);
	}
	certificate_read(&checking->report->signer, checking->arena,
	    checking->found->certificate);
	return true;
}

/* Source: RFC 5652, section 5.3; EN 319 122-1, section 5. */
static bool
check_attributes(struct checking *checking)
{
	const ASN1_TYPE *type;

	if (CMS_signed_get_attr_count(checking->found->signer) <= 0) {
		return refuse(checking, CMS_MALFORMED,
		    "it has no signed attributes");
	}
	type = signer_attribute(checking->found->signer, NID_pkcs9_contentType);
	if (type == NULL || type->type != V_ASN1_OBJECT ||
	    OBJ_cmp(type->value.object,
	        CMS_get0_eContentType(checking->found->cms)) != 0) {
		return refuse(checking, CMS_MALFORMED,
		    "the attribute content-type is missing or wrong");
	}
	type =
	    signer_attribute(checking->found->signer, NID_pkcs9_messageDigest);
	if (type == NULL || type->type != V_ASN1_OCTET_STRING) {
		return refuse(checking, CMS_MALFORMED,
		    "the attribute message-digest is missing or wrong");
	}
	type = signer_attribute(checking->found->signer, NID_pkcs9_signingTime);
	if (type != NULL && (type->type == V_ASN1_UTCTIME ||
	                        type->type == V_ASN1_GENERALIZEDTIME)) {
		certificate_time(&checking->report->claimed_at,
		    type->value.asn1_string);
	}
	return true;
}

static bool
check_binding(struct checking *checking)
{
	switch (signer_binding(checking->found->signer,
	    checking->found->certificate)) {
	case SIGNER_BOUND:
		return true;
	case SIGNER_UNNAMED:
		return refuse(checking, CMS_MALFORMED,
		    "no signed attribute names the signer's certificate");
	case SIGNER_OTHER:
		break;
	}
	return refuse(checking, CMS_FALSE,
	    "the signed attribute names another certificate");
}

static bool
check_algorithms(struct checking *checking)
{
	struct cms_report *report = checking->report;
	const EVP_PKEY *key = X509_get0_pubkey(checking->found->certificate);
	X509_ALGOR *digest = NULL;
	const ASN1_OBJECT *name;
	int bits;

	CMS_SignerInfo_get0_algs(checking->found->signer, NULL, NULL, &digest,
	    NULL);
	X509_ALGOR_get0(&name, NULL, NULL, digest);
	if (!digest_kind_of_nid(&report->digest, OBJ_obj2nid(name))) {
		return refuse(checking, CMS_MALFORMED,
		    "its digest algorithm is not accepted");
	}
	if (key == NULL) {
		return refuse(checking, CMS_MALFORMED,
		    "the signer's key is not known");
	}
	bits = EVP_PKEY_get_bits(key);
	if (digest_kind_is_weak(report->digest)) {
		report->weakness = digest_kind_name(report->digest);
	} else if (bits < (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
	                          ? EC_BITS_MIN
	                          : RSA_BITS_MIN)) {
		report->weakness = report->signer.key;
	}
	report->may_sign =
	    (X509_get_key_usage(checking->found->certificate) &
	        (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	if (!report->may_sign) {
		return refuse(checking, CMS_MALFORMED,
		    "the certificate is not meant for signatures");
	}
	return true;
}

static bool
check_mathematics(struct checking *checking)
{
	struct bytes content = checking->question->content;
	BIO *bio =
	    BIO_new_mem_buf(content.len > 0 ? (const void *)content.data : "",
	        (int)content.len);
	int verified = bio != NULL
	                   ? CMS_verify(checking->found->cms, NULL, NULL, bio,
	                         NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY)
	                   : 0;

	BIO_free(bio);
	return verified == 1 ? true
	                     : refuse(checking, CMS_FALSE,
	                           "the signature does not fit the content");
}

static void
take_timestamps(struct checking *checking)
{
	struct cms_report *report = checking->report;
	const ASN1_OCTET_STRING *value =
	    CMS_SignerInfo_get0_signature(checking->found->signer);
	int place = -1;

	report->signature = arena_copy(checking->arena,
	    bytes_of(value->data, (size_t)value->length));
	while ((place = CMS_unsigned_get_attr_by_NID(checking->found->signer,
	            NID_id_smime_aa_timeStampToken, place)) >= 0) {
		X509_ATTRIBUTE *attribute =
		    CMS_unsigned_get_attr(checking->found->signer, place);

		for (int i = 0; i < X509_ATTRIBUTE_count(attribute); i++) {
			const ASN1_TYPE *type =
			    X509_ATTRIBUTE_get0_type(attribute, i);

			if (type == NULL || type->type != V_ASN1_SEQUENCE ||
			    report->timestamp_count == CMS_TIMESTAMPS_MAX) {
				continue;
			}
			report->timestamps[report->timestamp_count++] =
			    arena_copy(checking->arena,
			        bytes_of(type->value.sequence->data,
			            (size_t)type->value.sequence->length));
		}
	}
}

void
cms_judge(struct cms_report *report, const struct trust *anchors, int64_t at)
{
	const struct cms_signed *found = report->found;

	report->trust =
	    certificate_trust(found->certificate, found->certificates, anchors,
	        at, X509_PURPOSE_ANY, &report->trust_words);
}

static void
signed_free(void *arg)
{
	struct cms_signed *found = arg;

	sk_X509_pop_free(found->certificates, X509_free);
	CMS_ContentInfo_free(found->cms);
}

void
cms_check(struct cms_report *report_out, struct arena *arena,
    const struct cms_question *question)
{
	struct cms_signed *found = arena_alloc(arena, sizeof(*found));
	struct checking checking = { .arena = arena,
		.question = question,
		.report = report_out,
		.found = found };

	*report_out = (struct cms_report){ .reason = "",
		.weakness = "",
		.trust_words = "",
		.signer = { .subject = "",
		    .issuer = "",
		    .serial = "",
		    .key = "" } };
	ERR_clear_error();
	if (parse(&checking) && find_signer(&checking) &&
	    check_attributes(&checking) && check_binding(&checking) &&
	    check_algorithms(&checking) && check_mathematics(&checking)) {
		take_timestamps(&checking);
		report_out->found = found;
		arena_defer(arena, signed_free, found);
		cms_judge(report_out, question->anchors, question->at);
	} else {
		signed_free(found);
	}
	ERR_clear_error();
}
