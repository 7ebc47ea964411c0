/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A list or an answer speaks for a time T when it is of T or later, or was
 * still in force at T: until its nextUpdate, or a day where it names none.
 * One that is older than that proves nothing, and one that was made after the
 * certificate's end may have dropped it.
 */

#include "archive/revocation.h"

#include "archive/certificate.h"
#include "archive/der.h"
#include "base/memory.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define FRESH_US   (INT64_C(86400) * 1000000)
#define TAG_FIRST  0xA0u
#define TAG_SECOND 0xA1u

struct revocations {
	X509_CRL *crls[REVOCATIONS_MAX];
	size_t crl_count;
	OCSP_BASICRESP *answers[REVOCATIONS_MAX];
	size_t answer_count;
};

struct revocations *
revocations_new(void)
{
	return xzalloc(sizeof(struct revocations));
}

void
revocations_free(struct revocations *revocations)
{
	if (revocations == NULL) {
		return;
	}
	for (size_t i = 0; i < revocations->crl_count; i++) {
		X509_CRL_free(revocations->crls[i]);
	}
	for (size_t i = 0; i < revocations->answer_count; i++) {
		OCSP_BASICRESP_free(revocations->answers[i]);
	}
	free(revocations);
}

size_t
revocations_count(const struct revocations *revocations)
{
	return revocations->crl_count + revocations->answer_count;
}

void
revocations_add_crl(struct revocations *revocations, struct bytes der)
{
	const unsigned char *p = der.data;
	X509_CRL *crl = NULL;

	if (der.len > 0 && der.len <= LONG_MAX &&
	    revocations->crl_count < REVOCATIONS_MAX) {
		crl = d2i_X509_CRL(NULL, &p, (long)der.len);
	}
	if (crl != NULL) {
		revocations->crls[revocations->crl_count++] = crl;
	}
	ERR_clear_error();
}

/* An OCSPResponse, or the BasicOCSPResponse in it alone. */
static OCSP_BASICRESP *
read_answer(struct bytes der)
{
	const unsigned char *p = der.data;
	OCSP_RESPONSE *whole = d2i_OCSP_RESPONSE(NULL, &p, (long)der.len);
	OCSP_BASICRESP *answer;

	if (whole != NULL) {
		answer = OCSP_response_status(whole) ==
		                 OCSP_RESPONSE_STATUS_SUCCESSFUL
		             ? OCSP_response_get1_basic(whole)
		             : NULL;
		OCSP_RESPONSE_free(whole);
		return answer;
	}
	p = der.data;
	return d2i_OCSP_BASICRESP(NULL, &p, (long)der.len);
}

void
revocations_add_ocsp(struct revocations *revocations, struct bytes der)
{
	OCSP_BASICRESP *answer = NULL;

	if (der.len > 0 && der.len <= LONG_MAX &&
	    revocations->answer_count < REVOCATIONS_MAX) {
		answer = read_answer(der);
	}
	if (answer != NULL) {
		revocations->answers[revocations->answer_count++] = answer;
	}
	ERR_clear_error();
}

/*
 * RevocationValues ::= SEQUENCE { [0] SEQUENCE OF CertificateList OPTIONAL,
 *                                 [1] SEQUENCE OF ... OPTIONAL, ... }
 */
void
revocations_add_values(struct revocations *revocations, struct bytes der)
{
	struct bytes rest;
	struct bytes part;
	struct bytes list;
	struct bytes one;
	uint8_t tag;

	if (!der_take_tag(&der, DER_SEQUENCE, &rest)) {
		return;
	}
	while (der_take(&rest, &tag, &part)) {
		if ((tag != TAG_FIRST && tag != TAG_SECOND) ||
		    !der_take_tag(&part, DER_SEQUENCE, &list)) {
			continue;
		}
		while (list.len > 0 && list.data[0] == DER_SEQUENCE &&
		       der_take_whole(&list, &one)) {
			if (tag == TAG_FIRST) {
				revocations_add_crl(revocations, one);
			} else {
				revocations_add_ocsp(revocations, one);
			}
		}
	}
}

/* --- what they say ---------------------------------------------------------- */

struct asked {
	X509 *certificate;
	X509 *issuer;
	STACK_OF(X509) * others;
	int64_t at;
	int64_t not_after;
	struct revocation *result;
};

static bool
speaks_for(const struct asked *asked, int64_t from, int64_t to)
{
	return from <= asked->not_after &&
	       asked->at <= (to != 0 ? to : from + FRESH_US);
}

/* A revocation counts whatever else says that all is well. */
static void
tell(const struct asked *asked, const char *source, int64_t told_at,
    bool is_revoked, int64_t revoked_at)
{
	struct revocation *result = asked->result;
	bool counts = is_revoked && revoked_at <= asked->at;

	if (result->state == REVOCATION_REVOKED) {
		return;
	}
	if (counts || result->state == REVOCATION_UNKNOWN ||
	    (is_revoked && result->revoked_at == 0)) {
		*result = (struct revocation){
			.state = counts ? REVOCATION_REVOKED : REVOCATION_GOOD,
			.source = source,
			.told_at = told_at,
			.revoked_at = is_revoked ? revoked_at : 0,
		};
	}
}

/* Have they a full name in common? */
static bool
is_same_place(const DIST_POINT_NAME *one, const DIST_POINT_NAME *other)
{
	if (one == NULL || other == NULL || one->type != 0 ||
	    other->type != 0) {
		return false;
	}
	for (int i = 0; i < sk_GENERAL_NAME_num(one->name.fullname); i++) {
		for (int j = 0; j < sk_GENERAL_NAME_num(other->name.fullname);
		     j++) {
			if (GENERAL_NAME_cmp(
			        sk_GENERAL_NAME_value(one->name.fullname, i),
			        sk_GENERAL_NAME_value(other->name.fullname,
			            j)) == 0) {
				return true;
			}
		}
	}
	return false;
}

static bool
is_named_by(const DIST_POINT_NAME *place, const X509 *certificate)
{
	STACK_OF(DIST_POINT) *points = X509_get_ext_d2i(certificate,
	    NID_crl_distribution_points, NULL, NULL);
	bool is_named = false;

	for (int i = 0; i < sk_DIST_POINT_num(points) && !is_named; i++) {
		is_named = is_same_place(place,
		    sk_DIST_POINT_value(points, i)->distpoint);
	}
	CRL_DIST_POINTS_free(points);
	return is_named;
}

/*
 * A list of one place tells of the certificates that name the place: its
 * silence says nothing of those that are told of elsewhere.
 *
 * Source: RFC 5280, 6.3.3 (b) (2) (i).
 */
static bool
is_of_its_place(X509_CRL *crl, const X509 *certificate)
{
	ISSUING_DIST_POINT *scope = X509_CRL_get_ext_d2i(crl,
	    NID_issuing_distribution_point, NULL, NULL);
	bool is_of_it = scope == NULL || scope->distpoint == NULL ||
	                is_named_by(scope->distpoint, certificate);

	ISSUING_DIST_POINT_free(scope);
	return is_of_it;
}

/* Is the list about such certificates, and whole? */
static bool
is_in_scope(X509_CRL *crl, X509 *certificate)
{
	int critical;
	ISSUING_DIST_POINT *scope = X509_CRL_get_ext_d2i(crl,
	    NID_issuing_distribution_point, &critical, NULL);
	bool is_ca = X509_check_ca(certificate) > 0;
	bool fits = scope == NULL ||
	            (scope->indirectCRL <= 0 && scope->onlyattr <= 0 &&
	                scope->onlysomereasons == NULL &&
	                (is_ca ? scope->onlyuser <= 0 : scope->onlyCA <= 0));

	ISSUING_DIST_POINT_free(scope);
	return fits && X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) < 0;
}

static void
ask_crl(const struct asked *asked, X509_CRL *crl)
{
	X509_REVOKED *entry = NULL;
	int64_t from = 0;
	int64_t to = 0;
	int64_t revoked_at = 0;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl),
	        X509_get_issuer_name(asked->certificate)) != 0 ||
	    !certificate_time(&from, X509_CRL_get0_lastUpdate(crl))) {
		return;
	}
	certificate_time(&to, X509_CRL_get0_nextUpdate(crl));
	if (!speaks_for(asked, from, to) ||
	    !is_in_scope(crl, asked->certificate) ||
	    X509_CRL_verify(crl, X509_get0_pubkey(asked->issuer)) != 1) {
		return;
	}
	if (X509_CRL_get0_by_cert(crl, &entry, asked->certificate) == 1) {
		certificate_time(&revoked_at,
		    X509_REVOKED_get0_revocationDate(entry));
		tell(asked, "CRL", from, true, revoked_at);
	} else if (is_of_its_place(crl, asked->certificate)) {
		tell(asked, "CRL", from, false, 0);
	}
}

/* Is it the issuer, or whom it made a responder? */
static bool
may_answer(const struct asked *asked, X509 *signer, int64_t produced)
{
	int64_t from = 0;
	int64_t to = 0;

	if (X509_cmp(signer, asked->issuer) == 0) {
		return true;
	}
	return certificate_time(&from, X509_get0_notBefore(signer)) &&
	       certificate_time(&to, X509_get0_notAfter(signer)) &&
	       from <= produced && produced <= to &&
	       (X509_get_extension_flags(signer) & EXFLAG_XKUSAGE) != 0 &&
	       (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) != 0 &&
	       X509_NAME_cmp(X509_get_issuer_name(signer),
	           X509_get_subject_name(asked->issuer)) == 0 &&
	       X509_verify(signer, X509_get0_pubkey(asked->issuer)) == 1;
}

/* `among` are certificates beside those in the answer, or NULL. */
static bool
is_signed(const struct asked *asked, OCSP_BASICRESP *answer,
    STACK_OF(X509) * among)
{
	int64_t produced = 0;
	X509 *signer = NULL;

	return certificate_time(&produced,
	           OCSP_resp_get0_produced_at(answer)) &&
	       OCSP_basic_verify(answer, among, NULL, OCSP_NOVERIFY) == 1 &&
	       OCSP_resp_get0_signer(answer, &signer, among) == 1 &&
	       may_answer(asked, signer, produced);
}

/*
 * OpenSSL takes the first certificate of the responder's name, and a responder
 * is given a new one of the same name every year: each is tried by itself.
 */
static bool
is_authorised(const struct asked *asked, OCSP_BASICRESP *answer)
{
	STACK_OF(X509) *one = sk_X509_new_null();
	bool is_found = is_signed(asked, answer, NULL);

	for (int i = 0; i < sk_X509_num(asked->others) && !is_found; i++) {
		sk_X509_push(one, sk_X509_value(asked->others, i));
		is_found = is_signed(asked, answer, one);
		sk_X509_pop(one);
	}
	sk_X509_free(one);
	return is_found;
}

static bool
is_about(const struct asked *asked, const OCSP_SINGLERESP *single)
{
	OCSP_CERTID *id = OCSP_CERTID_dup(OCSP_SINGLERESP_get0_id(single));
	ASN1_OBJECT *digest = NULL;
	OCSP_CERTID *wanted = NULL;
	bool is_equal;

	if (id != NULL &&
	    OCSP_id_get0_info(NULL, &digest, NULL, NULL, id) == 1 &&
	    EVP_get_digestbyobj(digest) != NULL) {
		wanted = OCSP_cert_to_id(EVP_get_digestbyobj(digest),
		    asked->certificate, asked->issuer);
	}
	is_equal = wanted != NULL && OCSP_id_cmp(id, wanted) == 0;
	OCSP_CERTID_free(wanted);
	OCSP_CERTID_free(id);
	return is_equal;
}

static void
ask_ocsp(const struct asked *asked, OCSP_BASICRESP *answer)
{
	for (int i = 0; i < OCSP_resp_count(answer); i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(answer, i);
		ASN1_GENERALIZEDTIME *revoked = NULL;
		ASN1_GENERALIZEDTIME *this_update = NULL;
		ASN1_GENERALIZEDTIME *next_update = NULL;
		int64_t from = 0;
		int64_t to = 0;
		int64_t revoked_at = 0;
		int status;

		if (!is_about(asked, single)) {
			continue;
		}
		status = OCSP_single_get0_status(single, NULL, &revoked,
		    &this_update, &next_update);
		if (!certificate_time(&from, this_update)) {
			continue;
		}
		certificate_time(&to, next_update);
		certificate_time(&revoked_at, revoked);
		if (status != V_OCSP_CERTSTATUS_UNKNOWN &&
		    speaks_for(asked, from, to) &&
		    is_authorised(asked, answer)) {
			tell(asked, "OCSP", from,
			    status == V_OCSP_CERTSTATUS_REVOKED, revoked_at);
		}
	}
}

void
revocation_check(struct revocation *revocation_out,
    const struct revocations *revocations, X509 *certificate, X509 *issuer,
    STACK_OF(X509) * others, int64_t at)
{
	struct asked asked = { .certificate = certificate,
		.issuer = issuer,
		.others = others,
		.at = at,
		.result = revocation_out };

	*revocation_out = (struct revocation){ .source = "" };
	if (!certificate_time(&asked.not_after,
	        X509_get0_notAfter(certificate))) {
		return;
	}
	for (size_t i = 0; i < revocations->answer_count; i++) {
		ask_ocsp(&asked, revocations->answers[i]);
	}
	for (size_t i = 0; i < revocations->crl_count; i++) {
		ask_crl(&asked, revocations->crls[i]);
	}
	ERR_clear_error();
}
