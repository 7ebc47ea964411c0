/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Verdicts on signatures of a small authority: a root, an issuer, signers, and
 * what says that one of them was revoked.  Each case changes one thing.
 */

#include "archive/judgement.h"
#include "base/buf.h"
#include "tests/unit/pki.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define CONTENT "Quyết định khen thưởng\n"
#define SECOND  PKI_SECOND
#define DAY     (86400 * SECOND)
#define SIGNED  (INT64_C(1767225600) * SECOND) /* 2026-01-01 */
#define NOW     (SIGNED + 30 * DAY)

/* Made once, from least to most dependent. */
static struct {
	EVP_PKEY *key; /* the root's and the issuer's */
	EVP_PKEY *signer_key;
	X509 *root;
	X509 *issuer;
	X509 *signer;
	X509 *responder;
	struct trust *trust;
} pki;

/* What one case is made of; zero is the good one. */
struct the_case {
	int64_t now;
	int64_t proven_at;
	int64_t existed_at; /* proven by what it lies in */
	int64_t revoked_at; /* 0: never */
	int64_t told_at;    /* of list and answer; 0: NOW */
	X509 *signer;
	const EVP_MD *md;
	const char *content;
	EVP_PKEY *list_key;  /* 0: the issuer's */
	const char *place;   /* the list is of this place alone */
	X509 *answer_signer; /* 0: the responder */
	X509 *beside; /* a certificate in the signature, not its signer's */
	bool no_list;
	bool has_answer;
	bool answer_is_good;
	bool no_trust;
	bool list_inside;
	bool breaks_value;
	const struct the_case *stamped; /* what a time-stamp covers of it */
	enum judgement_level level;     /* wanted, where it passes */
};

static X509 *
certificate(const char *name, long serial, EVP_PKEY *key, const X509 *issuer,
    const char *usage, int64_t from, int64_t to)
{
	return pki_certificate(&(struct pki_wish){ .name = name,
	    .serial = serial,
	    .key = key,
	    .issuer = issuer,
	    .issuer_key = pki.key,
	    .usage = usage,
	    .extended = serial == 4 ? "OCSPSigning" : NULL,
	    .from = from,
	    .to = to });
}

static int
make_pki(void **state)
{
	const char *ca = "critical,keyCertSign,cRLSign";
	const char *user = "critical,nonRepudiation";
	BIO *bio = BIO_new(BIO_s_mem());
	struct fault fault = { 0 };
	char *pem;
	long len;

	(void)state;
	pki.key = EVP_EC_gen("P-256");
	pki.signer_key = EVP_EC_gen("P-256");
	pki.root = certificate("Root", 1, pki.key, NULL, ca, SIGNED - 900 * DAY,
	    SIGNED + 9000 * DAY);
	pki.issuer = certificate("Issuer", 2, pki.key, pki.root, ca,
	    SIGNED - 800 * DAY, SIGNED + 3000 * DAY);
	pki.signer = certificate("Nguyễn Văn An", 3, pki.signer_key, pki.issuer,
	    user, SIGNED - 100 * DAY, SIGNED + 700 * DAY);
	pki.responder = certificate("Responder", 4, pki.signer_key, pki.issuer,
	    "critical,digitalSignature", SIGNED - 100 * DAY,
	    SIGNED + 40000 * DAY); /* it signs with the real clock */
	PEM_write_bio_X509(bio, pki.root);
	len = BIO_get_mem_data(bio, &pem);
	pki.trust = trust_new();
	assert_int_equal(
	    trust_add(pki.trust, NULL, bytes_of(pem, (size_t)len), &fault), 0);
	BIO_free(bio);
	return 0;
}

static int
free_pki(void **state)
{
	(void)state;
	trust_free(pki.trust);
	X509_free(pki.responder);
	X509_free(pki.signer);
	X509_free(pki.issuer);
	X509_free(pki.root);
	EVP_PKEY_free(pki.signer_key);
	EVP_PKEY_free(pki.key);
	return 0;
}

/* --- what says who was revoked ----------------------------------------------- */

static X509_CRL *
make_list(const struct the_case *with, const X509 *issuer)
{
	int64_t told_at = with->told_at != 0 ? with->told_at : NOW;

	return pki_list(&(struct pki_word){ .issuer = issuer,
	    .key = with->list_key != NULL ? with->list_key : pki.key,
	    .about = pki.signer,
	    .revoked_at = issuer == pki.issuer ? with->revoked_at : 0,
	    .told_at = told_at,
	    .until = told_at + 7 * DAY,
	    .place = with->place });
}

static void
add_list(struct revocations *revocations, const struct the_case *with,
    const X509 *issuer)
{
	X509_CRL *crl = make_list(with, issuer);
	unsigned char *der = NULL;
	int len = i2d_X509_CRL(crl, &der);

	revocations_add_crl(revocations, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	X509_CRL_free(crl);
}

static void
add_answer(struct revocations *revocations, const struct the_case *with)
{
	OCSP_BASICRESP *answer =
	    pki_answer(&(struct pki_word){ .issuer = pki.issuer,
	        .key = pki.signer_key,
	        .responder = with->answer_signer != NULL ? with->answer_signer
	                                                 : pki.responder,
	        .about = pki.signer,
	        .revoked_at = with->answer_is_good ? 0 : with->revoked_at,
	        .told_at = with->told_at != 0 ? with->told_at : NOW });
	unsigned char *der = NULL;
	int len = i2d_OCSP_BASICRESP(answer, &der);

	revocations_add_ocsp(revocations, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	OCSP_BASICRESP_free(answer);
}

/* --- a signature, and what is said of it ---------------------------------------- */

static void
sign(struct buf *out, const struct the_case *with)
{
	const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP |
	                       CMS_CADES | CMS_DETACHED;
	X509 *signer = with->signer != NULL ? with->signer : pki.signer;
	BIO *content = BIO_new_mem_buf(CONTENT, -1);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	X509_CRL *list = make_list(with, pki.issuer);
	unsigned char *der = NULL;
	int len;

	assert_non_null(CMS_add1_signer(cms, signer, pki.signer_key,
	    with->md != NULL ? with->md : EVP_sha256(), flags));
	CMS_add1_cert(cms, pki.issuer);
	if (with->beside != NULL) {
		CMS_add1_cert(cms, with->beside);
	}
	if (with->list_inside) {
		CMS_add1_crl(cms, list);
	}
	assert_int_equal(CMS_final(cms, content, NULL, flags), 1);
	len = i2d_CMS_ContentInfo(cms, &der);
	buf_add(out, der, (size_t)len);
	if (with->breaks_value) { /* the value is the last field */
		out->data[out->len - 1] ^= 1;
	}
	OPENSSL_free(der);
	X509_CRL_free(list);
	CMS_ContentInfo_free(cms);
	BIO_free(content);
}

static struct revocations *
revocations_of(const struct the_case *with)
{
	struct revocations *revocations = revocations_new();

	add_list(revocations, &(struct the_case){ .told_at = with->told_at },
	    pki.root);
	if (!with->no_list && !with->list_inside) {
		add_list(revocations, with, pki.issuer);
	}
	if (with->has_answer) {
		add_answer(revocations, with);
	}
	return revocations;
}

static void
must_be(enum sub_indication wanted, const struct the_case *with)
{
	const struct verify_options options = {
		.anchors = with->no_trust ? NULL : pki.trust,
		.now = with->now != 0 ? with->now : NOW,
		.existed_at = with->existed_at,
	};
	struct revocations *revocations = revocations_of(with);
	struct revocations *stamped =
	    with->stamped != NULL ? revocations_of(with->stamped) : NULL;
	struct arena *arena = arena_new();
	struct judgement_question question = {
		.place = "#1",
		.cms.content = bytes_of_text(
		    with->content != NULL ? with->content : CONTENT),
		.options = &options,
		.revocations = revocations,
		.stamped = stamped,
		.proven_at = with->proven_at,
	};
	struct judgement judgement;
	struct findings findings;
	struct buf signature;

	buf_init(&signature, 1 << 16);
	sign(&signature, with);
	question.cms.signature = buf_bytes(&signature);
	findings_init(&findings, arena);
	judge_signature(&judgement, arena, &findings, &question);
	judge_tell(&judgement, &findings, "#1");
	if (judgement.sub != wanted) {
		fail_msg("wanted %s, got %s: %s", sub_indication_name(wanted),
		    sub_indication_name(judgement.sub),
		    findings.list[findings.count - 2].english);
	}
	if (wanted == SUB_NONE) {
		assert_int_equal(judgement.level, with->level);
	}
	assert_true(findings_has(&findings,
	    indication_of(wanted) == TOTAL_PASSED    ? FOUND_VERDICT_PASSED
	    : indication_of(wanted) == INDETERMINATE ? FOUND_VERDICT_OPEN
	                                             : FOUND_VERDICT_FAILED));
	findings_fini(&findings);
	revocations_free(revocations);
	revocations_free(stamped);
	buf_fini(&signature);
	arena_free(arena);
}

#define must(sub, ...) must_be(sub, &(struct the_case){ __VA_ARGS__ })

/* --- tests ------------------------------------------------------------------------ */

static void
a_good_signature_passes(void **state)
{
	(void)state;
	must(SUB_NONE, .now = NOW);
	must(SUB_NONE, .list_inside = true);
	must(SUB_NONE, .no_list = true, .has_answer = true,
	    .answer_is_good = true);
}

static void
what_is_not_what_was_signed_fails(void **state)
{
	(void)state;
	must(SUB_HASH_FAILURE, .content = "Quyết định khác\n");
	must(SUB_HASH_FAILURE, .content = "");
	must(SUB_SIG_CRYPTO_FAILURE, .breaks_value = true);
}

static void
nothing_passes_without_an_anchor(void **state)
{
	X509 *stranger = certificate("Issuer", 3, pki.signer_key, NULL,
	    "critical,nonRepudiation", SIGNED - DAY, SIGNED + 99 * DAY);

	(void)state;
	must(SUB_NO_CERTIFICATE_CHAIN_FOUND, .no_trust = true);
	must(SUB_NO_CERTIFICATE_CHAIN_FOUND, .signer = stranger);
	X509_free(stranger);
}

static void
nothing_passes_whose_revocation_is_not_known(void **state)
{
	EVP_PKEY *other = EVP_EC_gen("P-256");

	(void)state;
	must(SUB_TRY_LATER, .no_list = true);
	/* Of an impostor, of before, of a list that ended before. */
	must(SUB_TRY_LATER, .list_key = other);
	must(SUB_TRY_LATER, .told_at = NOW - 8 * DAY);
	must(SUB_NONE, .told_at = NOW - 6 * DAY);
	/* Nobody made the signer a responder. */
	must(SUB_TRY_LATER, .no_list = true, .has_answer = true,
	    .answer_is_good = true, .answer_signer = pki.signer);
	/* An answer without an end is good for a day. */
	must(SUB_NONE, .told_at = NOW - DAY, .no_list = true,
	    .has_answer = true, .answer_is_good = true);
	must(SUB_TRY_LATER, .told_at = NOW - DAY - SECOND, .no_list = true,
	    .has_answer = true, .answer_is_good = true);
	EVP_PKEY_free(other);
}

/* An issuer may part its list: each part is silent of the others' revoked. */
static void
a_part_of_a_list_tells_only_of_its_own(void **state)
{
	X509 *signer =
	    pki_certificate(&(struct pki_wish){ .name = "Nguyễn Văn An",
	        .serial = 3,
	        .key = pki.signer_key,
	        .issuer = pki.issuer,
	        .issuer_key = pki.key,
	        .usage = "critical,nonRepudiation",
	        .list = "URI:ldap://ca.example.vn/1,"
	                "URI:http://ca.example.vn/1.crl",
	        .from = SIGNED - 100 * DAY,
	        .to = SIGNED + 700 * DAY });

	(void)state;
	must(SUB_TRY_LATER, .signer = signer,
	    .place = "fullname:URI:http://ca.example.vn/2.crl");
	must(SUB_TRY_LATER, .place = "fullname:URI:http://ca.example.vn/1.crl");
	must(SUB_NONE, .signer = signer,
	    .place = "fullname:URI:http://ca.example.vn/1.crl");
	must(SUB_NONE, .signer = signer);
	/* What it says itself counts wherever it stands. */
	must(SUB_REVOKED_NO_POE, .signer = signer, .revoked_at = SIGNED + DAY,
	    .place = "fullname:URI:http://ca.example.vn/2.crl");
	X509_free(signer);
}

static void
a_responder_is_told_from_others_of_its_name(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *other = certificate("Responder", 4, key, pki.issuer,
	    "critical,digitalSignature", SIGNED - 100 * DAY,
	    SIGNED + 40000 * DAY);

	(void)state;
	must(SUB_NONE, .no_list = true, .has_answer = true,
	    .answer_is_good = true, .beside = other);
	X509_free(other);
	EVP_PKEY_free(key);
}

static void
a_revoked_certificate_passes_where_a_time_is_proved_before(void **state)
{
	(void)state;
	must(SUB_REVOKED_NO_POE, .revoked_at = NOW - DAY);
	must(SUB_REVOKED_NO_POE, .revoked_at = NOW - DAY, .list_inside = true);
	must(SUB_REVOKED_NO_POE, .revoked_at = SIGNED + DAY,
	    .proven_at = SIGNED + 2 * DAY);
	must(SUB_NONE, .revoked_at = SIGNED + 2 * DAY,
	    .proven_at = SIGNED + DAY, .level = LEVEL_LT);
	/* One that says so outweighs one that does not. */
	must(SUB_REVOKED_NO_POE, .revoked_at = NOW - DAY, .has_answer = true,
	    .answer_is_good = true);
	must(SUB_REVOKED_NO_POE, .revoked_at = NOW - DAY, .has_answer = true,
	    .no_list = true);
}

static void
an_expired_certificate_passes_where_a_time_is_proved_before(void **state)
{
	const int64_t later = SIGNED + 800 * DAY;

	(void)state;
	must(SUB_OUT_OF_BOUNDS_NO_POE, .now = later, .told_at = later);
	must(SUB_NONE, .now = later, .proven_at = SIGNED + DAY,
	    .level = LEVEL_LT);
	/* Likewise by what it lies in, which is no part of it. */
	must(SUB_NONE, .now = later, .existed_at = SIGNED + DAY,
	    .level = LEVEL_B);
	must(SUB_NONE, .now = later, .existed_at = later,
	    .proven_at = SIGNED + DAY, .level = LEVEL_LT);
	must(SUB_OUT_OF_BOUNDS_NO_POE, .now = later, .existed_at = later,
	    .told_at = later);
	/* A list of after its end may have dropped it. */
	must(SUB_TRY_LATER, .now = later, .proven_at = SIGNED + DAY,
	    .told_at = later);
	must(SUB_NOT_YET_VALID, .now = SIGNED - 101 * DAY,
	    .told_at = SIGNED - 101 * DAY);
}

static void
an_outdated_algorithm_needs_an_old_proof(void **state)
{
	(void)state;
	must(SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, .md = EVP_sha1());
	must(SUB_CRYPTO_CONSTRAINTS_FAILURE, .md = EVP_sha1(),
	    .proven_at = SIGNED + DAY);
	must(SUB_NONE, .md = EVP_sha384());
}

static void
the_level_is_what_would_still_be_proved_later(void **state)
{
	static const struct the_case all = { .now = NOW };
	static const struct the_case no_list = { .no_list = true };
	static const struct the_case old = { .told_at = SIGNED - 99 * DAY };

	(void)state;
	must(SUB_NONE, .level = LEVEL_B);
	must(SUB_NONE, .level = LEVEL_B, .stamped = &all);
	must(SUB_NONE, .proven_at = NOW, .level = LEVEL_LT);
	must(SUB_NONE, .proven_at = NOW, .level = LEVEL_LTA, .stamped = &all);
	/* What was stamped tells of the issuer alone, or not of that time. */
	must(SUB_NONE, .proven_at = NOW, .level = LEVEL_LT,
	    .stamped = &no_list);
	must(SUB_NONE, .proven_at = NOW, .level = LEVEL_LT, .stamped = &old);
	must(SUB_TRY_LATER, .proven_at = NOW, .no_list = true);
}

static void
a_certificate_for_other_purposes_is_none(void **state)
{
	X509 *other = certificate("Khác", 3, pki.signer_key, pki.issuer,
	    "critical,keyAgreement", SIGNED - 100 * DAY, SIGNED + 700 * DAY);

	(void)state;
	must(SUB_CHAIN_CONSTRAINTS_FAILURE, .signer = other);
	X509_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_signature_passes),
		cmocka_unit_test(what_is_not_what_was_signed_fails),
		cmocka_unit_test(nothing_passes_without_an_anchor),
		cmocka_unit_test(nothing_passes_whose_revocation_is_not_known),
		cmocka_unit_test(a_part_of_a_list_tells_only_of_its_own),
		cmocka_unit_test(a_responder_is_told_from_others_of_its_name),
		cmocka_unit_test(
		    a_revoked_certificate_passes_where_a_time_is_proved_before),
		cmocka_unit_test(
		    an_expired_certificate_passes_where_a_time_is_proved_before),
		cmocka_unit_test(an_outdated_algorithm_needs_an_old_proof),
		cmocka_unit_test(a_certificate_for_other_purposes_is_none),
		cmocka_unit_test(the_level_is_what_would_still_be_proved_later),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
