/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PKI_H
#define TESTS_UNIT_PKI_H

/* Certificates, lists and answers of authorities in this process. */

#include "base/bytes.h"
#include "tests/unit/tsa.h"

#include <openssl/ocsp.h>

#define PKI_SECOND INT64_C(1000000)

struct pki_wish {
	const char *name;
	long serial;
	EVP_PKEY *key;
	const X509 *issuer; /* NULL: itself */
	EVP_PKEY *issuer_key;
	const char *usage;    /* of the key; with keyCertSign it is a CA */
	const char *extended; /* or NULL */
	const char *access;   /* "OCSP;URI:http://..." or NULL */
	const char *list;     /* "URI:http://..." or NULL */
	int64_t from;         /* UTC microseconds */
	int64_t to;
};

static inline void
pki_set_time(ASN1_TIME *time, int64_t at)
{
	ASN1_TIME_set(time, (time_t)(at / PKI_SECOND));
}

static inline X509 *
pki_certificate(const struct pki_wish *wish)
{
	X509 *made = X509_new();

	X509_set_version(made, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made), wish->serial);
	pki_set_time(X509_getm_notBefore(made), wish->from);
	pki_set_time(X509_getm_notAfter(made), wish->to);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN",
	    MBSTRING_UTF8, (const unsigned char *)wish->name, -1, -1, 0);
	X509_set_issuer_name(made,
	    X509_get_subject_name(wish->issuer != NULL ? wish->issuer : made));
	X509_set_pubkey(made, wish->key);
	if (strstr(wish->usage, "keyCertSign") != NULL) {
		tsa_extension(made, NID_basic_constraints, "critical,CA:TRUE");
	}
	tsa_extension(made, NID_key_usage, wish->usage);
	if (wish->extended != NULL) {
		tsa_extension(made, NID_ext_key_usage, wish->extended);
	}
	if (wish->access != NULL) {
		tsa_extension(made, NID_info_access, wish->access);
	}
	if (wish->list != NULL) {
		tsa_extension(made, NID_crl_distribution_points, wish->list);
	}
	X509_sign(made, wish->issuer_key, EVP_sha256());
	return made;
}

/* Who tells what about whom. */
struct pki_word {
	const X509 *issuer; /* of the list, or of the certificate asked about */
	EVP_PKEY *key;      /* that signs */
	X509 *responder;    /* of an answer: whose key that is */
	X509 *about;        /* a list: who was revoked, or NULL */
	int64_t revoked_at; /* 0: never */
	int64_t told_at;
	int64_t until;     /* 0: it does not say */
	const char *place; /* a list: of this place alone; or NULL */
};

static inline X509_CRL *
pki_list(const struct pki_word *word)
{
	X509_CRL *list = X509_CRL_new();
	ASN1_TIME *time = ASN1_TIME_new();

	X509_CRL_set_version(list, 1);
	X509_CRL_set_issuer_name(list, X509_get_subject_name(word->issuer));
	pki_set_time(time, word->told_at);
	X509_CRL_set1_lastUpdate(list, time);
	pki_set_time(time, word->until);
	X509_CRL_set1_nextUpdate(list, time);
	if (word->revoked_at != 0) {
		X509_REVOKED *entry = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(entry,
		    X509_get_serialNumber(word->about));
		pki_set_time(time, word->revoked_at);
		X509_REVOKED_set_revocationDate(entry, time);
		X509_CRL_add0_revoked(list, entry);
	}
	if (word->place != NULL) {
		X509_EXTENSION *scope = X509V3_EXT_conf_nid(NULL, NULL,
		    NID_issuing_distribution_point, word->place);

		X509_CRL_add_ext(list, scope, -1);
		X509_EXTENSION_free(scope);
	}
	X509_CRL_sort(list);
	X509_CRL_sign(list, word->key, EVP_sha256());
	ASN1_TIME_free(time);
	return list;
}

static inline OCSP_BASICRESP *
pki_answer(const struct pki_word *word)
{
	OCSP_BASICRESP *answer = OCSP_BASICRESP_new();
	ASN1_TIME *told_at = ASN1_TIME_new();
	ASN1_TIME *revoked_at = ASN1_TIME_new();
	ASN1_TIME *until = ASN1_TIME_new();
	OCSP_CERTID *id =
	    OCSP_cert_to_id(EVP_sha1(), word->about, word->issuer);
	bool is_good = word->revoked_at == 0;

	pki_set_time(told_at, word->told_at);
	pki_set_time(revoked_at, word->revoked_at);
	pki_set_time(until, word->until);
	OCSP_basic_add1_status(answer, id,
	    is_good ? V_OCSP_CERTSTATUS_GOOD : V_OCSP_CERTSTATUS_REVOKED, 0,
	    is_good ? NULL : revoked_at, told_at,
	    word->until != 0 ? until : NULL);
	OCSP_basic_sign(answer, word->responder, word->key, EVP_sha256(), NULL,
	    0);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(told_at);
	ASN1_TIME_free(revoked_at);
	ASN1_TIME_free(until);
	return answer;
}

#endif
