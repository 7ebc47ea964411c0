/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Signatures that OpenSSL itself would accept, or nearly: each breaks one
 * rule of a CAdES signature and must be refused for it.
 */

#include "archive/cms_check.h"
#include "tests/unit/sample_container.h"

#include <openssl/cms.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"

#define CONTENT "Bản kê\n"

static EVP_PKEY *pkey;
static X509 *x509;

/* A certificate for the key above. */
static X509 *
certificate(const char *usage, long serial, long days)
{
	X509 *made = X509_new();
	X509_NAME *name;

	X509_set_version(made, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made), serial);
	ASN1_TIME_set(X509_getm_notBefore(made),
	    (time_t)(SAMPLE_AT / 1000000) - 86400);
	ASN1_TIME_set(X509_getm_notAfter(made),
	    (time_t)(SAMPLE_AT / 1000000) + days * 86400);
	name = X509_get_subject_name(made);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)"Người ký", -1, -1, 0);
	X509_set_issuer_name(made, name);
	X509_set_pubkey(made, pkey);
	tsa_extension(made, NID_key_usage, usage);
	X509_sign(made, pkey, EVP_sha256());
	return made;
}

static void
encode(struct buf *out, CMS_ContentInfo *cms)
{
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der);

	assert_true(len > 0);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
}

static BIO *
content(void)
{
	return BIO_new_mem_buf(CONTENT, -1);
}

static void
sign(struct buf *out, X509 *signer, const EVP_MD *md, unsigned flags)
{
	BIO *bio = content();
	CMS_ContentInfo *cms;

	flags |= CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	assert_non_null(CMS_add1_signer(cms, signer, pkey, md, flags));
	assert_int_equal(CMS_final(cms, bio, NULL, flags), 1);
	BIO_free(bio);
	encode(out, cms);
}

static enum cms_verdict
check(struct bytes signature, const char *text, const char *words)
{
	struct cms_question question = { .signature = signature,
		.content = bytes_of_text(text),
		.at = SAMPLE_AT };
	struct arena *arena = arena_new();
	struct cms_report report;

	cms_check(&report, arena, &question);
	if (strstr(report.reason, words) == NULL) {
		fail_msg("wanted: %s\ngot: %s", words, report.reason);
	}
	arena_free(arena);
	return report.verdict;
}

static void
a_good_signature_is_valid_and_says_who_when_and_how(void **state)
{
	struct trust *trust = trust_new();
	struct arena *arena = arena_new();
	struct seal_key *key;
	struct cms_question question = { .content = bytes_of_text(CONTENT),
		.anchors = trust,
		.at = SAMPLE_AT };
	struct fault fault = { 0 };
	struct cms_report report;
	struct buf out;
	struct buf pem;

	(void)state;
	buf_init(&out, 1 << 16);
	buf_init(&pem, 1 << 16);
	key = sample_key(SEAL_P256, &pem, &fault);
	assert_int_equal(trust_add(trust, NULL, buf_bytes(&pem), &fault), 0);
	assert_int_equal(
	    seal_sign(&out, key, bytes_of_text(CONTENT), SAMPLE_AT, &fault), 0);
	question.signature = buf_bytes(&out);
	cms_check(&report, arena, &question);
	assert_int_equal(report.verdict, CMS_VALID);
	assert_string_equal(report.signer.key, "EC P-256");
	assert_non_null(
	    strstr(report.signer.subject, "CN=Lưu trữ hồ sơ thi đua"));
	assert_int_equal(report.claimed_at, SAMPLE_AT);
	assert_int_equal(report.digest, DIGEST_SHA256);
	assert_string_equal(report.weakness, "");
	assert_int_equal(report.trust, TRUST_REACHED);
	assert_int_equal(report.timestamp_count, 0);
	assert_true(report.signature.len > 60);
	/* Before and after the certificate's life the chain does not hold. */
	question.at = SAMPLE_AT - INT64_C(2) * 86400000000;
	cms_check(&report, arena, &question);
	assert_int_equal(report.trust, TRUST_MISSED);
	question.at = SAMPLE_AT + INT64_C(31) * 366 * 86400000000;
	cms_check(&report, arena, &question);
	assert_int_equal(report.trust, TRUST_MISSED);
	assert_int_equal(report.verdict, CMS_VALID);
	seal_key_free(key);
	trust_free(trust);
	arena_free(arena);
	buf_fini(&out);
	buf_fini(&pem);
}

static void
a_signature_over_another_content_is_false(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED);
	assert_int_equal(check(buf_bytes(&out), CONTENT, ""), CMS_VALID);
	assert_int_equal(check(buf_bytes(&out), "Bản kê", "does not fit"),
	    CMS_FALSE);
	assert_int_equal(check(buf_bytes(&out), "", "does not fit"), CMS_FALSE);
	buf_fini(&out);
}

static void
a_signature_without_signed_attributes_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED | CMS_NOATTR);
	assert_int_equal(
	    check(buf_bytes(&out), CONTENT, "no signed attributes"),
	    CMS_MALFORMED);
	buf_fini(&out);
}

static void
a_signature_that_names_no_certificate_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_DETACHED);
	assert_int_equal(
	    check(buf_bytes(&out), CONTENT, "names the signer's certificate"),
	    CMS_MALFORMED);
	buf_fini(&out);
}

static void
a_signature_with_content_inside_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES);
	assert_int_equal(check(buf_bytes(&out), CONTENT, "content of its own"),
	    CMS_MALFORMED);
	buf_fini(&out);
}

/* A SET that says it is primitive, which OpenSSL takes for one. */
static void
signed_attributes_in_another_spelling_are_refused(void **state)
{
	static const uint8_t content_type[] = { 0x06, 9, 0x2A, 0x86, 0x48, 0x86,
		0xF7, 0x0D, 1, 9, 3, 0x31 };
	struct buf out;
	uint8_t *attribute;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED);
	attribute =
	    memmem(out.data, out.len, content_type, sizeof(content_type));
	assert_non_null(attribute);
	attribute[sizeof(content_type) - 1] = 0x11;
	assert_int_equal(check(buf_bytes(&out), CONTENT, "not in DER"),
	    CMS_MALFORMED);
	buf_fini(&out);
}

static void
two_signers_are_refused(void **state)
{
	const unsigned flags =
	    CMS_BINARY | CMS_PARTIAL | CMS_CADES | CMS_DETACHED;
	X509 *other = certificate("critical,digitalSignature", 2, 10);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	BIO *bio = content();
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	CMS_add1_signer(cms, x509, pkey, EVP_sha256(), flags);
	CMS_add1_signer(cms, other, pkey, EVP_sha256(), flags);
	assert_int_equal(CMS_final(cms, bio, NULL, flags), 1);
	encode(&out, cms);
	assert_int_equal(
	    check(buf_bytes(&out), CONTENT, "not exactly one signer"),
	    CMS_MALFORMED);
	BIO_free(bio);
	X509_free(other);
	buf_fini(&out);
}

static void
a_certificate_put_in_the_place_of_the_signer_s_is_found(void **state)
{
	const unsigned flags =
	    CMS_BINARY | CMS_PARTIAL | CMS_CADES | CMS_DETACHED | CMS_NOCERTS;
	/* Same issuer, same serial, same key: only the bytes differ. */
	X509 *twin = certificate("critical,digitalSignature", 1, 9999);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	BIO *bio = content();
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	CMS_add1_signer(cms, x509, pkey, EVP_sha256(), flags);
	assert_int_equal(CMS_add1_cert(cms, twin), 1);
	assert_int_equal(CMS_final(cms, bio, NULL, flags), 1);
	encode(&out, cms);
	assert_int_equal(
	    check(buf_bytes(&out), CONTENT, "names another certificate"),
	    CMS_FALSE);
	BIO_free(bio);
	X509_free(twin);
	buf_fini(&out);
}

static void
a_signature_without_the_signer_s_certificate_is_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED | CMS_NOCERTS);
	assert_int_equal(check(buf_bytes(&out), CONTENT,
	                     "the signer's certificate is not in it"),
	    CMS_MALFORMED);
	buf_fini(&out);
}

static void
a_certificate_for_other_purposes_is_refused(void **state)
{
	X509 *other = certificate("critical,keyAgreement", 3, 10);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, other, EVP_sha256(), CMS_CADES | CMS_DETACHED);
	assert_int_equal(
	    check(buf_bytes(&out), CONTENT, "not meant for signatures"),
	    CMS_MALFORMED);
	X509_free(other);
	buf_fini(&out);
}

static void
an_outdated_digest_is_valid_and_called_weak(void **state)
{
	struct cms_question question = { .content = bytes_of_text(CONTENT),
		.at = SAMPLE_AT };
	struct arena *arena = arena_new();
	struct cms_report report;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha1(), CMS_CADES | CMS_DETACHED);
	question.signature = buf_bytes(&out);
	cms_check(&report, arena, &question);
	assert_int_equal(report.verdict, CMS_VALID);
	assert_string_equal(report.weakness, "SHA-1");
	arena_free(arena);
	buf_fini(&out);
}

static void
bytes_behind_a_signature_are_refused(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED);
	buf_add_byte(&out, 0);
	assert_int_equal(check(buf_bytes(&out), CONTENT, "bytes behind it"),
	    CMS_MALFORMED);
	buf_fini(&out);
	assert_int_equal(check(NO_BYTES, CONTENT, "empty"), CMS_MALFORMED);
	assert_int_equal(
	    check(bytes_of_text("not DER"), CONTENT, "no CMS object"),
	    CMS_MALFORMED);
}

static void
no_flipped_bit_makes_the_check_fall_over(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	sign(&out, x509, EVP_sha256(), CMS_CADES | CMS_DETACHED);
	for (size_t i = 0; i < out.len; i++) {
		out.data[i] ^= (uint8_t)(1 << i % 8);
		check(buf_bytes(&out), CONTENT, "");
		check(bytes_of(out.data, i), CONTENT, "");
		out.data[i] ^= (uint8_t)(1 << i % 8);
	}
	buf_fini(&out);
}

static void
try_signature(const char *name, struct bytes bytes, void *arg)
{
	struct cms_question question = { .signature = bytes,
		.content = bytes_of_text(CONTENT),
		.at = SAMPLE_AT };
	struct arena *arena = arena_new();
	struct cms_report report;

	(void)arg;
	cms_check(&report, arena, &question);
	if (report.verdict == CMS_VALID) {
		fail_msg("%s signs what it never saw", name);
	}
	arena_free(arena);
}

static void
signatures_of_others_do_not_sign_our_text(void **state)
{
	(void)state;
	assert_true(corpus_each("cades", try_signature, NULL) > 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_good_signature_is_valid_and_says_who_when_and_how),
		cmocka_unit_test(a_signature_over_another_content_is_false),
		cmocka_unit_test(
		    a_signature_without_signed_attributes_is_refused),
		cmocka_unit_test(
		    a_signature_that_names_no_certificate_is_refused),
		cmocka_unit_test(a_signature_with_content_inside_is_refused),
		cmocka_unit_test(
		    signed_attributes_in_another_spelling_are_refused),
		cmocka_unit_test(two_signers_are_refused),
		cmocka_unit_test(
		    a_certificate_put_in_the_place_of_the_signer_s_is_found),
		cmocka_unit_test(
		    a_signature_without_the_signer_s_certificate_is_refused),
		cmocka_unit_test(a_certificate_for_other_purposes_is_refused),
		cmocka_unit_test(an_outdated_digest_is_valid_and_called_weak),
		cmocka_unit_test(bytes_behind_a_signature_are_refused),
		cmocka_unit_test(no_flipped_bit_makes_the_check_fall_over),
		cmocka_unit_test(signatures_of_others_do_not_sign_our_text),
	};
	int rc;

	digest_init();
	pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	x509 = certificate("critical,digitalSignature,nonRepudiation", 1, 10);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	X509_free(x509);
	EVP_PKEY_free(pkey);
	return rc;
}
