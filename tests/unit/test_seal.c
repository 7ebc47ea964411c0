/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/seal.h"

#include "tests/unit/sample_container.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void
make(struct buf *key_pem, struct buf *certificate_pem)
{
	struct seal_options options = { .common_name = "Lưu trữ",
		.from = SAMPLE_AT,
		.years = 30 };
	struct fault fault = { 0 };

	if (seal_key_make(key_pem, certificate_pem, &options, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
a_new_certificate_is_for_signatures_alone_and_lives_long(void **state)
{
	struct fault fault = { 0 };
	struct seal_key *key = NULL;
	const struct certificate *certificate;
	X509 *x509;
	BIO *bio;
	struct buf key_pem;
	struct buf pem;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	make(&key_pem, &pem);
	assert_int_equal(
	    seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), &fault),
	    0);
	certificate = seal_key_certificate(key);
	assert_string_equal(certificate->subject, "CN=Lưu trữ");
	assert_string_equal(certificate->issuer, "CN=Lưu trữ");
	assert_int_equal(certificate->not_before, SAMPLE_AT);
	assert_int_equal(certificate->not_after,
	    INT64_C(2732313600000000)); /* 2056-08-01 */
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	assert_int_equal(X509_get_key_usage(x509),
	    KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_int_equal(X509_check_ca(x509), 0);
	assert_int_equal(X509_get_version(x509), 2);
	X509_free(x509);
	BIO_free(bio);
	seal_key_free(key);
	buf_fini(&key_pem);
	buf_fini(&pem);
}

static void
a_life_that_begins_on_the_leap_day_ends_on_a_day_that_exists(void **state)
{
	struct seal_options options = { .common_name = "x",
		.from = INT64_C(1835395200000000), /* 2028-02-29 */
		.years = 30 };
	struct fault fault = { 0 };
	struct seal_key *key = NULL;
	struct buf key_pem;
	struct buf pem;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	assert_int_equal(seal_key_make(&key_pem, &pem, &options, &fault), 0);
	assert_int_equal(
	    seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), &fault),
	    0);
	assert_int_equal(seal_key_certificate(key)->not_after,
	    INT64_C(2782080000000000)); /* 2058-02-28 */
	seal_key_free(key);
	buf_fini(&key_pem);
	buf_fini(&pem);
}

static void
options_that_make_no_certificate_are_refused(void **state)
{
	struct seal_options options[] = {
		{ .common_name = "x", .years = 0 },
		{ .common_name = "x", .years = 101 },
		{ .common_name = "", .years = 1 },
		{ .common_name = NULL, .years = 1 },
		{ .common_name = "x", .country = "VNM", .years = 1 },
	};
	struct buf key_pem;
	struct buf pem;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct fault fault = { 0 };

		assert_int_equal(
		    seal_key_make(&key_pem, &pem, &options[i], &fault), -1);
		assert_string_not_equal(fault.text, "");
	}
	assert_int_equal(key_pem.len, 0);
	buf_fini(&key_pem);
	buf_fini(&pem);
}

static void
a_key_that_does_not_fit_its_certificate_is_refused(void **state)
{
	struct seal_key *key = NULL;
	struct fault fault = { 0 };
	struct buf key_pem;
	struct buf other;
	struct buf pem;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&other, 1 << 16);
	buf_init(&pem, 1 << 16);
	make(&key_pem, &pem);
	buf_reset(&pem);
	make(&other, &pem);
	assert_int_equal(
	    seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), &fault),
	    -1);
	assert_non_null(strstr(fault.text, "does not belong to the key"));
	assert_int_equal(
	    seal_key_load(&key, buf_bytes(&pem), buf_bytes(&pem), &fault), -1);
	assert_non_null(strstr(fault.text, "no private key"));
	assert_int_equal(seal_key_load(&key, buf_bytes(&key_pem),
	                     buf_bytes(&key_pem), &fault),
	    -1);
	assert_non_null(strstr(fault.text, "no certificate"));
	assert_int_equal(seal_key_load(&key, NO_BYTES, NO_BYTES, &fault), -1);
	buf_fini(&key_pem);
	buf_fini(&other);
	buf_fini(&pem);
}

static void
a_key_that_is_too_short_is_refused(void **state)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
	struct tsa *tsa = tsa_new(SAMPLE_AT, "critical,timeStamping");
	BIO *bio = BIO_new(BIO_s_mem());
	struct seal_key *key = NULL;
	struct fault fault = { 0 };
	struct buf key_pem;
	struct buf pem;
	char *data;
	long len;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	EVP_PKEY_free(tsa->pkey);
	tsa->pkey = pkey;
	X509_set_pubkey(tsa->x509, pkey);
	X509_sign(tsa->x509, pkey, EVP_sha256());
	tsa_pem(&pem, tsa);
	PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	len = BIO_get_mem_data(bio, &data);
	buf_add(&key_pem, data, (size_t)len);
	assert_int_equal(
	    seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), &fault),
	    -1);
	assert_non_null(strstr(fault.text, "too short"));
	BIO_free(bio);
	tsa_free(tsa);
	buf_fini(&key_pem);
	buf_fini(&pem);
}

static void
a_key_with_a_password_is_refused_without_asking(void **state)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	struct seal_key *key = NULL;
	struct fault fault = { 0 };
	struct buf key_pem;
	struct buf pem;
	char *data;
	long len;

	(void)state;
	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	make(&key_pem, &pem);
	PEM_write_bio_PKCS8PrivateKey(bio, pkey, EVP_aes_128_cbc(), "secret", 6,
	    NULL, NULL);
	len = BIO_get_mem_data(bio, &data);
	assert_int_equal(seal_key_load(&key, bytes_of(data, (size_t)len),
	                     buf_bytes(&pem), &fault),
	    -1);
	assert_non_null(strstr(fault.text, "without a password"));
	BIO_free(bio);
	EVP_PKEY_free(pkey);
	buf_fini(&key_pem);
	buf_fini(&pem);
}

static void
a_time_stamp_changes_only_the_unsigned_part(void **state)
{
	struct tsa *tsa = tsa_new(SAMPLE_AT, "critical,timeStamping");
	struct fault fault = { 0 };
	struct seal_key *key;
	struct buf pem;
	struct buf plain;
	struct buf stamped;
	struct buf value;
	struct buf again;
	struct buf token;

	(void)state;
	buf_init(&pem, 1 << 16);
	buf_init(&plain, 1 << 16);
	buf_init(&stamped, 1 << 16);
	buf_init(&value, 1 << 16);
	buf_init(&again, 1 << 16);
	buf_init(&token, 1 << 16);
	key = sample_key(SEAL_P256, &pem, &fault);
	assert_int_equal(
	    seal_sign(&plain, key, bytes_of_text("x"), SAMPLE_AT, &fault), 0);
	assert_int_equal(seal_value(&value, buf_bytes(&plain), &fault), 0);
	assert_int_equal(
	    timestamp_get(&token, buf_bytes(&value), tsa_answer, tsa, &fault),
	    0);
	assert_int_equal(seal_add_timestamp(&stamped, buf_bytes(&plain),
	                     buf_bytes(&token), &fault),
	    0);
	assert_int_equal(seal_value(&again, buf_bytes(&stamped), &fault), 0);
	assert_true(bytes_equal(buf_bytes(&value), buf_bytes(&again)));
	assert_true(stamped.len > plain.len + token.len);
	assert_non_null(
	    memmem(stamped.data, stamped.len, token.data, token.len));
	assert_int_equal(seal_value(&again, bytes_of_text("no CMS"), &fault),
	    -1);
	seal_key_free(key);
	tsa_free(tsa);
	buf_fini(&pem);
	buf_fini(&plain);
	buf_fini(&stamped);
	buf_fini(&value);
	buf_fini(&again);
	buf_fini(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_new_certificate_is_for_signatures_alone_and_lives_long),
		cmocka_unit_test(
		    a_life_that_begins_on_the_leap_day_ends_on_a_day_that_exists),
		cmocka_unit_test(options_that_make_no_certificate_are_refused),
		cmocka_unit_test(
		    a_key_that_does_not_fit_its_certificate_is_refused),
		cmocka_unit_test(a_key_that_is_too_short_is_refused),
		cmocka_unit_test(
		    a_key_with_a_password_is_refused_without_asking),
		cmocka_unit_test(a_time_stamp_changes_only_the_unsigned_part),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
