/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Tokens are verified by the CMS functions of OpenSSL, since its TS functions
 * refuse tokens that carry attribute certificates; TS_TST_INFO is then read
 * from the verified content.
 */

#include "archive/timestamp.h"

#include "archive/chain_json.h"

#include "archive/der.h"
#include "archive/revocation.h"
#include "archive/signer.h"
#include "base/random.h"
#include "base/text.h"
#include "base/wire.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define GRANTED           0 /* RFC 3161, 2.4.2 */
#define GRANTED_WITH_MODS 1
#define REASON_MAX        120u /* bytes of an authority's own words */

/* --- asking ------------------------------------------------------------- */

void
timestamp_request_init(struct timestamp_request *request,
    const struct digest_value *imprint)
{
	request->imprint = *imprint;
	random_bytes(request->nonce, sizeof(request->nonce));
	request->nonce[0] &= 0x7F; /* positive */
	request->nonce[0] |= 0x40; /* and of one length */
}

static bool
set_imprint(TS_REQ *query, const struct timestamp_request *request)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	struct bytes digest = digest_value_bytes(&request->imprint);
	unsigned char copy[DIGEST_MAX_BYTES]; /* OpenSSL takes no const */
	bool is_set;

	memcpy(copy, digest.data, digest.len);
	is_set = imprint != NULL && algorithm != NULL &&
	         X509_ALGOR_set0(algorithm,
	             OBJ_nid2obj(digest_kind_nid(request->imprint.kind)),
	             V_ASN1_NULL, NULL) == 1 &&
	         TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
	         TS_MSG_IMPRINT_set_msg(imprint, copy, (int)digest.len) == 1 &&
	         TS_REQ_set_msg_imprint(query, imprint) == 1;

	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return is_set;
}

static bool
set_nonce(TS_REQ *query, const struct timestamp_request *request)
{
	BIGNUM *number =
	    BN_bin2bn(request->nonce, sizeof(request->nonce), NULL);
	ASN1_INTEGER *nonce =
	    number != NULL ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	bool is_set = nonce != NULL && TS_REQ_set_nonce(query, nonce) == 1;

	ASN1_INTEGER_free(nonce);
	BN_free(number);
	return is_set;
}

int
timestamp_request_encode(struct buf *out,
    const struct timestamp_request *request, struct fault *fault)
{
	TS_REQ *query = TS_REQ_new();
	unsigned char *der = NULL;
	int len = -1;

	if (query != NULL && TS_REQ_set_version(query, 1) == 1 &&
	    set_imprint(query, request) && set_nonce(query, request) &&
	    TS_REQ_set_cert_req(query, 1) == 1) {
		len = i2d_TS_REQ(query, &der);
	}
	TS_REQ_free(query);
	ERR_clear_error();
	if (len <= 0) {
		return fault_set(fault, FAULT_SYSTEM,
		    "OpenSSL made no time-stamp request");
	}
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buf_check(out, fault);
}

static uint64_t
number_of(const ASN1_INTEGER *integer)
{
	uint64_t number = 0;

	return integer != NULL && ASN1_INTEGER_get_uint64(&number, integer) == 1
	           ? number
	           : 0;
}

/* --- verifying ---------------------------------------------------------- */

struct stamp {
	struct arena *arena;
	const struct timestamp_question *question;
	struct timestamp_report *report;
	CMS_ContentInfo *cms;
	STACK_OF(X509) * certificates;
	X509 *authority; /* borrowed */
	TS_TST_INFO *info;
};

static bool
refuse(struct stamp *stamp, const char *reason)
{
	stamp->report->is_valid = false;
	stamp->report->reason = reason;
	return false;
}

static bool
parse(struct stamp *stamp)
{
	struct bytes der = stamp->question->token;
	const unsigned char *p = der.data;

	if (der.len == 0 || der.len > TIMESTAMP_TOKEN_MAX) {
		return refuse(stamp, "it is empty or larger than 1 MiB");
	}
	stamp->cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);
	if (stamp->cms == NULL || p != der.data + der.len) {
		return refuse(stamp, "it is no CMS object");
	}
	if (OBJ_obj2nid(CMS_get0_type(stamp->cms)) != NID_pkcs7_signed ||
	    OBJ_obj2nid(CMS_get0_eContentType(stamp->cms)) !=
	        NID_id_smime_ct_TSTInfo) {
		return refuse(stamp, "it is no time-stamp token");
	}
	return true;
}

/* Source: RFC 3161, 2.3 (timeStamping alone, and critical) and 2.4.1. */
static bool
find_authority(struct stamp *stamp)
{
	CMS_SignerInfo *signer;
	const char *words = signer_find(stamp->cms, 0, &signer,
	    &stamp->certificates, &stamp->authority);

	if (words != NULL) {
		return refuse(stamp, words);
	}
	if (signer_count(stamp->cms) != 1) {
		return refuse(stamp, "it has not exactly one signer");
	}
	if (!signer_is_der(signer, stamp->question->token)) {
		return refuse(stamp, "its signed attributes are not in DER");
	}
	certificate_read(&stamp->report->authority, stamp->arena,
	    stamp->authority);
	if (signer_binding(signer, stamp->authority) != SIGNER_BOUND) {
		return refuse(stamp,
		    "its signed attribute does not name the certificate");
	}
	if (X509_check_purpose(stamp->authority, X509_PURPOSE_TIMESTAMP_SIGN,
	        0) != 1) {
		return refuse(stamp,
		    "the certificate is not meant for time-stamps");
	}
	return true;
}

static bool
check_signature(struct stamp *stamp)
{
	BIO *content = BIO_new(BIO_s_mem());
	const unsigned char *p;
	char *data;
	long len;
	int verified = content != NULL
	                   ? CMS_verify(stamp->cms, NULL, NULL, NULL, content,
	                         CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY)
	                   : 0;

	if (verified == 1) {
		len = BIO_get_mem_data(content, &data);
		p = (const unsigned char *)data;
		stamp->info = d2i_TS_TST_INFO(NULL, &p, len);
		if (stamp->info != NULL &&
		    p != (const unsigned char *)data + len) {
			TS_TST_INFO_free(stamp->info);
			stamp->info = NULL;
		}
	}
	BIO_free(content);
	if (verified != 1) {
		return refuse(stamp, "its signature is false");
	}
	return stamp->info != NULL || refuse(stamp, "its content is malformed");
}

static bool
check_imprint(struct stamp *stamp)
{
	struct timestamp_report *report = stamp->report;
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(stamp->info);
	const ASN1_OCTET_STRING *wanted = TS_MSG_IMPRINT_get_msg(imprint);
	const ASN1_OBJECT *name;
	struct bytes stamped = bytes_of(wanted->data, (size_t)wanted->length);
	struct digest_set *set;
	bool is_equal;

	X509_ALGOR_get0(&name, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	if (!digest_kind_of_nid(&report->digest, OBJ_obj2nid(name))) {
		return refuse(stamp, "its digest algorithm is not accepted");
	}
	if (digest_kind_is_weak(report->digest)) {
		report->weakness = digest_kind_name(report->digest);
	}
	if (stamp->question->imprint.data != NULL) {
		is_equal = bytes_equal(stamp->question->imprint, stamped);
	} else {
		set = digest_set_new();
		digest_set_want(set, report->digest);
		digest_set_add(set, stamp->question->covered);
		digest_set_end(set);
		is_equal =
		    bytes_equal(digest_set_get(set, report->digest), stamped);
		digest_set_free(set);
	}
	return is_equal || refuse(stamp, "it covers something else");
}

static bool
read_info(struct stamp *stamp)
{
	struct timestamp_report *report = stamp->report;
	BIGNUM *number =
	    ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(stamp->info), NULL);
	char *serial = number != NULL ? BN_bn2hex(number) : NULL;
	char policy[80] = "";

	OBJ_obj2txt(policy, sizeof(policy),
	    TS_TST_INFO_get_policy_id(stamp->info), 1);
	report->policy = arena_text(stamp->arena, policy);
	report->serial = arena_text(stamp->arena, serial != NULL ? serial : "");
	report->nonce = number_of(TS_TST_INFO_get_nonce(stamp->info));
	OPENSSL_free(serial);
	BN_free(number);
	if (!certificate_time(&report->at, TS_TST_INFO_get_time(stamp->info))) {
		return refuse(stamp, "its time is malformed");
	}
	if (report->at < report->authority.not_before ||
	    report->at > report->authority.not_after) {
		return refuse(stamp,
		    "its time lies outside the life of the certificate");
	}
	return true;
}

static void
add_others(struct stamp *stamp, const STACK_OF(X509) * others)
{
	for (int i = 0; i < sk_X509_num(others); i++) {
		X509_up_ref(sk_X509_value(others, i));
		sk_X509_push(stamp->certificates, sk_X509_value(others, i));
	}
}

/* A certificate of the path, by the time that the token says itself. */
static enum revocation_state
check_link(const struct stamp *stamp, const struct certificate_path *path,
    int nth)
{
	enum revocation_state state = REVOCATION_UNKNOWN;

	for (size_t i = 0; i < TIMESTAMP_REVOCATIONS; i++) {
		const struct revocations *told =
		    stamp->question->revocations[i];
		struct revocation found;

		if (told == NULL) {
			continue;
		}
		revocation_check(&found, told, sk_X509_value(path->chain, nth),
		    sk_X509_value(path->chain, nth + 1), stamp->certificates,
		    stamp->report->at);
		state = found.state > state ? found.state : state;
	}
	return state;
}

static bool
was_revoked(const struct stamp *stamp, const struct certificate_path *path)
{
	bool is_told = true;

	for (int i = 0; i + 1 < sk_X509_num(path->chain); i++) {
		enum revocation_state state = check_link(stamp, path, i);

		if (state == REVOCATION_REVOKED) {
			return true;
		}
		is_told = is_told && state == REVOCATION_GOOD;
	}
	if (!is_told && stamp->question->untold != NULL) {
		chain_json_add(stamp->question->untold, path->chain,
		    stamp->report->at);
	}
	return false;
}

static int64_t
path_until(const struct certificate_path *path,
    const struct certificate *authority)
{
	int64_t until = authority->not_after;

	for (int i = 0; i < sk_X509_num(path->chain); i++) {
		int64_t ends;

		if (certificate_time(&ends,
		        X509_get0_notAfter(sk_X509_value(path->chain, i))) &&
		    ends < until) {
			until = ends;
		}
	}
	return until;
}

static void
check_chain(struct stamp *stamp)
{
	const struct timestamp_question *question = stamp->question;
	struct timestamp_report *report = stamp->report;
	struct certificate_path path;

	add_others(stamp, question->others[0]);
	add_others(stamp, question->others[1]);
	certificate_path(&path, stamp->authority, stamp->certificates,
	    question->anchors, question->at != 0 ? question->at : report->at,
	    X509_PURPOSE_TIMESTAMP_SIGN);
	report->trust = path.trust;
	report->trust_words = path.words;
	if (path.trust == TRUST_REACHED && was_revoked(stamp, &path)) {
		report->trust = TRUST_MISSED;
		report->trust_words = "certificate revoked";
	}
	report->until = path_until(&path, &report->authority);
	certificate_path_fini(&path);
}

bool
timestamp_digest(enum digest_kind *kind_out, struct bytes token)
{
	struct timestamp_question question = { .token = token };
	struct timestamp_report report;
	struct stamp stamp = { .question = &question, .report = &report };
	ASN1_OCTET_STRING **content;
	TS_TST_INFO *info = NULL;
	const ASN1_OBJECT *name;
	const unsigned char *p;
	bool is_known = false;

	if (parse(&stamp) && (content = CMS_get0_content(stamp.cms)) != NULL &&
	    *content != NULL) {
		p = (*content)->data;
		info = d2i_TS_TST_INFO(NULL, &p, (*content)->length);
	}
	if (info != NULL) {
		X509_ALGOR_get0(&name, NULL, NULL,
		    TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info)));
		is_known = digest_kind_of_nid(kind_out, OBJ_obj2nid(name));
	}
	TS_TST_INFO_free(info);
	CMS_ContentInfo_free(stamp.cms);
	ERR_clear_error();
	return is_known;
}

void
timestamp_check(struct timestamp_report *report_out, struct arena *arena,
    const struct timestamp_question *question)
{
	struct stamp stamp = { .arena = arena,
		.question = question,
		.report = report_out };

	*report_out = (struct timestamp_report){ .is_valid = true,
		.reason = "",
		.weakness = "",
		.serial = "",
		.policy = "",
		.trust_words = "",
		.authority = { .subject = "",
		    .issuer = "",
		    .serial = "",
		    .key = "" } };
	ERR_clear_error();
	if (parse(&stamp) && find_authority(&stamp) &&
	    check_signature(&stamp) && check_imprint(&stamp) &&
	    read_info(&stamp)) {
		check_chain(&stamp);
	}
	TS_TST_INFO_free(stamp.info);
	sk_X509_pop_free(stamp.certificates, X509_free);
	CMS_ContentInfo_free(stamp.cms);
	ERR_clear_error();
}

/* --- the answer --------------------------------------------------------- */

/* PKIStatusInfo ::= SEQUENCE { INTEGER, SEQUENCE OF UTF8String OPTIONAL, ... } */
static int
check_status(struct bytes info, struct fault *fault)
{
	struct bytes status;
	struct bytes texts;
	struct bytes text;
	bool told;

	if (!der_take_tag(&info, DER_INTEGER, &status) || status.len != 1) {
		return fault_set(fault, FAULT_INVALID,
		    "the answer to the time-stamp request has no status");
	}
	if (status.data[0] == GRANTED || status.data[0] == GRANTED_WITH_MODS) {
		return 0;
	}
	told = der_take_tag(&info, DER_SEQUENCE, &texts) &&
	       der_take_tag(&texts, DER_UTF8_STRING, &text) && text.len > 0 &&
	       text.len <= REASON_MAX && text_is_utf8(text);
	if (!told) {
		text = bytes_of_text("no reason given");
	}
	return fault_set(fault, FAULT_DENIED,
	    "the time-stamping authority refused (status %u): %.*s",
	    status.data[0], (int)text.len, (const char *)text.data);
}

/* The token must answer this request. */
static int
check_answer(struct bytes token, const struct timestamp_request *request,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct timestamp_question question = { .token = token,
		.imprint = digest_value_bytes(&request->imprint) };
	struct timestamp_report report;
	int rc = 0;

	timestamp_check(&report, arena, &question);
	if (!report.is_valid) {
		rc = fault_set(fault, FAULT_INVALID, "the time-stamp token: %s",
		    report.reason);
	} else if (report.digest != request->imprint.kind) {
		rc = fault_set(fault, FAULT_INVALID,
		    "the time-stamp token is over another kind of digest");
	} else if (report.nonce != wire_get_u64be(request->nonce)) {
		rc = fault_set(fault, FAULT_INVALID,
		    "the time-stamp token answers another request");
	}
	arena_free(arena);
	return rc;
}

/* TimeStampResp ::= SEQUENCE { PKIStatusInfo, ContentInfo OPTIONAL } */
int
timestamp_response_decode(struct buf *token_out, struct bytes response,
    const struct timestamp_request *request, struct fault *fault)
{
	struct bytes inside;
	struct bytes info;
	struct bytes token;
	struct bytes rest;

	if (response.len > TIMESTAMP_RESPONSE_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a time-stamp answer of %zu bytes; at most %u are read",
		    response.len, TIMESTAMP_RESPONSE_MAX);
	}
	if (!der_take_tag(&response, DER_SEQUENCE, &inside) ||
	    response.len > 0 || !der_take_tag(&inside, DER_SEQUENCE, &info)) {
		return fault_set(fault, FAULT_INVALID,
		    "the answer to the time-stamp request is malformed");
	}
	if (check_status(info, fault) < 0) {
		return -1;
	}
	rest = inside;
	if (!der_take_tag(&rest, DER_SEQUENCE, &token) || rest.len > 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the answer holds no time-stamp token");
	}
	if (check_answer(inside, request, fault) < 0) {
		return -1;
	}
	buf_add_bytes(token_out, inside);
	return buf_check(token_out, fault);
}

int
timestamp_get_digest(struct buf *token_out, const struct digest_value *imprint,
    timestamp_transport_fn transport, void *arg, struct fault *fault)
{
	struct timestamp_request request;
	struct buf query;
	struct buf response;
	int rc = -1;

	timestamp_request_init(&request, imprint);
	buf_init(&query, 4096);
	buf_init(&response, TIMESTAMP_RESPONSE_MAX);
	if (timestamp_request_encode(&query, &request, fault) == 0 &&
	    transport(arg, buf_bytes(&query), &response, fault) == 0) {
		rc = timestamp_response_decode(token_out, buf_bytes(&response),
		    &request, fault);
	}
	buf_fini(&query);
	buf_fini(&response);
	return rc;
}

int
timestamp_get(struct buf *token_out, struct bytes covered,
    timestamp_transport_fn transport, void *arg, struct fault *fault)
{
	struct digest_value imprint = digest_value_of(DIGEST_SHA256, covered);

	return timestamp_get_digest(token_out, &imprint, transport, arg, fault);
}
