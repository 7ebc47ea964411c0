/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The order matters: first the form (one signed-data, detached, one signer,
 * its attributes once each), then the signer's certificate, found by the
 * signer identifier, then the content and the mathematics, whether the signed
 * attribute signing-certificate names that certificate by its hash, and last
 * the chain.  The first rule that is broken is the verdict's reason.
 */

#include "archive/cms_parts.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* Source: EN 319 122-1, 5.5.3; TS 101 733, 6.4.1. */
#define ARCHIVE_TIME_V3 "0.4.0.1733.2.4"
#define ARCHIVE_TIME_V2 "1.2.840.113549.1.9.16.2.48"

struct checking {
	struct arena *arena;
	const struct cms_question *question;
	struct cms_report *report;
	struct cms_signed *found;
};

static bool
refuse(struct checking *checking, enum sub_indication sub, const char *reason)
{
	checking->report->verdict =
	    sub == SUB_HASH_FAILURE || sub == SUB_SIG_CRYPTO_FAILURE
	        ? CMS_FALSE
	        : CMS_MALFORMED;
	checking->report->sub = sub;
	checking->report->reason = arena_text(checking->arena, reason);
	return false;
}

static bool
take_content(struct checking *checking)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(checking->found->cms);

	if (content == NULL || *content == NULL) {
		return true;
	}
	if ((checking->question->may & CMS_MAY_HOLD_CONTENT) == 0) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "it holds content of its own");
	}
	checking->report->inside = arena_copy(checking->arena,
	    bytes_of((*content)->data, (size_t)(*content)->length));
	return true;
}

static bool
parse(struct checking *checking)
{
	struct bytes der = checking->question->signature;
	const unsigned char *p = der.data;

	if (der.len == 0 || der.len > CMS_SIGNATURE_MAX) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "it is empty or larger than 4 MiB");
	}
	checking->found->cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);
	if (checking->found->cms == NULL) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "it is no CMS object");
	}
	if (p != der.data + der.len) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "there are bytes behind it");
	}
	if (OBJ_obj2nid(CMS_get0_type(checking->found->cms)) !=
	    NID_pkcs7_signed) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "it is no signed-data");
	}
	return take_content(checking);
}

/* Behind those that came with it, which are taken first. */
static void
add_others(struct cms_signed *found, const STACK_OF(X509) * others)
{
	for (int i = 0; i < sk_X509_num(others); i++) {
		X509 *other = sk_X509_value(others, i);

		if (sk_X509_push(found->certificates, other) > 0) {
			X509_up_ref(other);
		}
	}
}

static bool
find_signer(struct checking *checking)
{
	const struct cms_question *question = checking->question;
	struct cms_signed *found = checking->found;
	const char *words;

	checking->report->signers = signer_count(found->cms);
	if ((question->may & CMS_MAY_HAVE_OTHERS) == 0 &&
	    checking->report->signers != 1) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "it has not exactly one signer");
	}
	words = signer_find(found->cms, question->nth, &found->signer,
	    &found->certificates, &found->certificate);
	if (words != NULL) {
		return refuse(checking,
		    found->signer == NULL ? SUB_FORMAT_FAILURE
		                          : SUB_NO_SIGNING_CERTIFICATE_FOUND,
		    words);
	}
	add_others(found, question->others[0]);
	add_others(found, question->others[1]);
	certificate_read(&checking->report->signer, checking->arena,
	    checking->found->certificate);
	return true;
}

/* Source: RFC 5652, sections 5.3 and 11.4: a counter-signature has none. */
static bool
check_content_type(struct checking *checking)
{
	const CMS_SignerInfo *signer = checking->found->signer;
	const ASN1_TYPE *type = signer_attribute(signer, NID_pkcs9_contentType);

	if (checking->question->is_counter) {
		return CMS_signed_get_attr_by_NID(signer, NID_pkcs9_contentType,
		           -1) < 0 ||
		       refuse(checking, SUB_FORMAT_FAILURE,
		           "a counter-signature has the attribute "
		           "content-type");
	}
	return (type != NULL && type->type == V_ASN1_OBJECT &&
	           OBJ_cmp(type->value.object,
	               CMS_get0_eContentType(checking->found->cms)) == 0) ||
	       refuse(checking, SUB_FORMAT_FAILURE,
	           "the attribute content-type is missing or wrong");
}

/* Source: RFC 5652, section 5.3; EN 319 122-1, section 5. */
static bool
check_attributes(struct checking *checking)
{
	const ASN1_TYPE *type;

	if (!signer_is_der(checking->found->signer,
	        checking->question->signature)) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "its signed attributes are not in DER");
	}
	if (!check_content_type(checking)) {
		return false;
	}
	type =
	    signer_attribute(checking->found->signer, NID_pkcs9_messageDigest);
	if (type == NULL || type->type != V_ASN1_OCTET_STRING) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "the attribute message-digest is missing or wrong");
	}
	type = signer_attribute(checking->found->signer, NID_pkcs9_signingTime);
	if (type == NULL && CMS_signed_get_attr_by_NID(checking->found->signer,
	                        NID_pkcs9_signingTime, -1) >= 0) {
		return refuse(checking, SUB_FORMAT_FAILURE,
		    "the attribute signing-time has not one value");
	}
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
		checking->report->names_signer = true;
		return true;
	case SIGNER_UNNAMED:
		return (checking->question->may & CMS_MAY_NOT_NAME) != 0 ||
		       refuse(checking, SUB_SIG_CONSTRAINTS_FAILURE,
		           "no signed attribute names the signer's "
		           "certificate");
	case SIGNER_OTHER:
		break;
	}
	refuse(checking, SUB_NO_SIGNING_CERTIFICATE_FOUND,
	    "the signed attribute names another certificate");
	checking->report->verdict = CMS_FALSE;
	return false;
}

static bool
find_digest(struct checking *checking)
{
	X509_ALGOR *digest = NULL;
	const ASN1_OBJECT *name;

	CMS_SignerInfo_get0_algs(checking->found->signer, NULL, NULL, &digest,
	    NULL);
	X509_ALGOR_get0(&name, NULL, NULL, digest);
	return digest_kind_of_nid(&checking->report->digest,
	           OBJ_obj2nid(name)) ||
	       refuse(checking, SUB_CRYPTO_CONSTRAINTS_FAILURE,
	           "its digest algorithm is not accepted");
}

/* OpenSSL 3.0 has these keys and cannot verify CMS with them. */
static bool
is_edwards(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ||
	       EVP_PKEY_get_base_id(key) == EVP_PKEY_ED448;
}

/* "" of what OpenSSL verifies and we have no name for. */
static const char *
algorithm_of(CMS_SignerInfo *signer, const EVP_PKEY *key)
{
	X509_ALGOR *signature = NULL;
	const ASN1_OBJECT *name;

	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_EC:
		return "ECDSA";
	case EVP_PKEY_DSA:
		return "DSA";
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		CMS_SignerInfo_get0_algs(signer, NULL, NULL, NULL, &signature);
		X509_ALGOR_get0(&name, NULL, NULL, signature);
		return OBJ_obj2nid(name) == NID_rsassaPss ? "RSASSA-PSS"
		                                          : "RSA";
	default:
		return "";
	}
}

static bool
check_key(struct checking *checking)
{
	struct cms_report *report = checking->report;
	const EVP_PKEY *key = X509_get0_pubkey(checking->found->certificate);

	if (key == NULL || is_edwards(key)) {
		return refuse(checking, SUB_CRYPTO_CONSTRAINTS_FAILURE,
		    "the signer's key is not known");
	}
	report->algorithm = algorithm_of(checking->found->signer, key);
	if (digest_kind_is_weak(report->digest)) {
		report->weakness = digest_kind_name(report->digest);
	} else if (certificate_is_weak(checking->found->certificate)) {
		report->weakness = report->signer.key;
	}
	report->may_sign =
	    (X509_get_key_usage(checking->found->certificate) &
	        (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
	return report->may_sign ||
	       refuse(checking, SUB_CHAIN_CONSTRAINTS_FAILURE,
	           "the certificate is not meant for signatures");
}

static void
want_archive_times(struct checking *checking, struct digest_set *set)
{
	struct cms_report *report = checking->report;

	/* What such a token of a counter-signature covers, nobody says. */
	if (checking->question->is_counter) {
		return;
	}
	report->archive_time_count = archive_time_read(report->archive_times,
	    checking->arena, checking->found->signer);
	for (size_t i = 0; i < report->archive_time_count; i++) {
		digest_set_want(set, report->archive_times[i].kind);
	}
}

static void
measure_archive_times(struct checking *checking, const struct digest_set *set)
{
	struct cms_report *report = checking->report;

	for (size_t i = 0; i < report->archive_time_count; i++) {
		struct archive_time *time = &report->archive_times[i];

		archive_time_measure(time, checking->arena,
		    checking->question->signature, checking->question->nth,
		    digest_set_get(set, time->kind));
	}
}

/* The content inside, or what was given, has the digest that is signed. */
static bool
fits(struct checking *checking, bool is_inside)
{
	const struct cms_question *question = checking->question;
	const ASN1_TYPE *attribute =
	    signer_attribute(checking->found->signer, NID_pkcs9_messageDigest);
	const ASN1_OCTET_STRING *wanted = attribute->value.octet_string;
	struct digest_set *set = digest_set_new();
	struct fault fault;
	bool is_equal;
	int rc = 0;

	digest_set_want(set, checking->report->digest);
	want_archive_times(checking, set);
	if (is_inside) {
		digest_set_add(set, checking->report->inside);
	} else if (question->poured != NULL) {
		rc = question->poured->pour(question->poured->arg,
		    digest_set_sink, set, &fault);
	} else {
		digest_set_add(set, question->content);
	}
	digest_set_end(set);
	is_equal = bytes_equal(digest_set_get(set, checking->report->digest),
	    bytes_of(wanted->data, (size_t)wanted->length));
	measure_archive_times(checking, set);
	digest_set_free(set);
	if (rc < 0) {
		return refuse(checking, SUB_SIGNED_DATA_NOT_FOUND, fault.text);
	}
	return is_equal || refuse(checking, SUB_HASH_FAILURE,
	                       "the signature does not fit the content");
}

/* Whoever gives a content asks about that, whatever else lies inside. */
static bool
check_content(struct checking *checking)
{
	const bool is_inside = checking->report->inside.data != NULL;
	const bool is_given = !checking->question->has_no_content;

	if (!is_inside && !is_given) {
		return refuse(checking, SUB_SIGNED_DATA_NOT_FOUND,
		    "what it signs was not given");
	}
	return (!is_inside || fits(checking, true)) &&
	       (!is_given || fits(checking, false));
}

static bool
check_mathematics(struct checking *checking)
{
	struct cms_signed *found = checking->found;

	return (checking->question->is_counter
	               ? signer_verify(found->signer,
	                     X509_get0_pubkey(found->certificate))
	               : CMS_SignerInfo_verify(found->signer) == 1) ||
	       refuse(checking, SUB_SIG_CRYPTO_FAILURE,
	           "the certificate's key did not make the signature");
}

static bool
has_unsigned(const CMS_SignerInfo *signer, const char *oid)
{
	ASN1_OBJECT *name = OBJ_txt2obj(oid, 1);
	bool has =
	    name != NULL && CMS_unsigned_get_attr_by_OBJ(signer, name, -1) >= 0;

	ASN1_OBJECT_free(name);
	return has;
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
	report->has_archive_time =
	    !checking->question->is_counter &&
	    (has_unsigned(checking->found->signer, ARCHIVE_TIME_V3) ||
	        has_unsigned(checking->found->signer, ARCHIVE_TIME_V2));
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

static void
signed_free(void *arg)
{
	struct cms_signed *found = arg;

	certificate_path_fini(&found->path);
	revocations_free(found->revocations);
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
		.algorithm = "",
		.weakness = "",
		.trust_words = "",
		.anchor = "",
		.signer = { .subject = "",
		    .holder = "",
		    .issuer = "",
		    .serial = "",
		    .key = "" } };
	*found = (struct cms_signed){ .arena = arena };
	ERR_clear_error();
	if (parse(&checking) && find_signer(&checking) &&
	    check_attributes(&checking) && find_digest(&checking) &&
	    check_key(&checking) && check_content(&checking) &&
	    check_mathematics(&checking) && check_binding(&checking)) {
		take_timestamps(&checking);
		report_out->found = found;
		arena_defer(arena, signed_free, found);
		cms_judge(report_out, question->anchors, question->at);
	} else {
		signed_free(found);
	}
	ERR_clear_error();
}
