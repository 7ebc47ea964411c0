/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/certificate.h"
#include "archive/seal.h"
#include "archive/trust_folder.h"
#include "base/date.h"
#include "base/file.h"
#include "tests/unit/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static struct buf pem; /* one certificate, 2020 to 2060 */
static X509 *certificate;

static int64_t
day(int year, int month, int mday)
{
	return (int64_t)date_of(year, month, mday) * 86400 * 1000000;
}

/* The anchors of a text: marks and the certificate behind them. */
static int
add(struct trust *signers, struct trust *tsas, const char *marks,
    struct fault *fault)
{
	struct buf text;
	int rc;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, marks);
	buf_add_bytes(&text, buf_bytes(&pem));
	rc = trust_add(signers, tsas, buf_bytes(&text), fault);
	buf_fini(&text);
	return rc;
}

static enum trust_state
reached(const struct trust *trust, int64_t at)
{
	struct certificate_path path;
	enum trust_state state;

	certificate_path(&path, certificate, NULL, trust, at, X509_PURPOSE_ANY);
	state = path.trust;
	certificate_path_fini(&path);
	return state;
}

static void
an_anchor_without_marks_is_believed_for_all_and_as_long_as_it_says(void **state)
{
	struct trust *signers = trust_new();
	struct trust *tsas = trust_new();
	struct fault fault;

	(void)state;
	assert_int_equal(add(signers, tsas, "An office's root\n", &fault), 0);
	assert_int_equal(reached(signers, day(2021, 1, 1)), TRUST_REACHED);
	assert_int_equal(reached(tsas, day(2059, 1, 1)), TRUST_REACHED);
	assert_int_equal(reached(signers, day(2061, 1, 1)), TRUST_MISSED);
	trust_free(signers);
	trust_free(tsas);
}

static void
marks_say_for_what_and_for_which_days_it_is_believed(void **state)
{
	struct trust *signers = trust_new();
	struct trust *tsas = trust_new();
	struct fault fault;

	(void)state;
	assert_int_equal(add(signers, tsas,
	                     "Purpose: signer\r\nFrom: 2021-01-01\n"
	                     "Until: 2021-12-31\n",
	                     &fault),
	    0);
	assert_int_equal(reached(signers, day(2021, 1, 1) - 1), TRUST_MISSED);
	assert_int_equal(reached(signers, day(2021, 1, 1)), TRUST_REACHED);
	assert_int_equal(reached(signers, day(2022, 1, 1) - 1), TRUST_REACHED);
	assert_int_equal(reached(signers, day(2022, 1, 1)), TRUST_MISSED);
	assert_int_equal(reached(tsas, day(2021, 6, 1)), TRUST_MISSED);
	/* Believed anew for other days. */
	assert_int_equal(add(signers, tsas,
	                     "Purpose: tsa, signer\nFrom: 2030-01-01\n",
	                     &fault),
	    0);
	assert_int_equal(reached(signers, day(2021, 6, 1)), TRUST_REACHED);
	assert_int_equal(reached(signers, day(2025, 6, 1)), TRUST_MISSED);
	assert_int_equal(reached(signers, day(2031, 6, 1)), TRUST_REACHED);
	assert_int_equal(reached(tsas, day(2031, 6, 1)), TRUST_REACHED);
	trust_free(signers);
	trust_free(tsas);
}

static void
a_mark_that_is_none_is_told_with_its_line(void **state)
{
	static const struct {
		const char *marks;
		const char *told;
	} cases[] = {
		{ "Purpose: seal\n", "line 1: a purpose is signer or tsa" },
		{ "x\nFrom: 31/12/2020\n",
		    "line 2: a day is written YYYY-MM-DD" },
		{ "Until: 2021-02-29\n",
		    "line 1: a day is written YYYY-MM-DD" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n"
		  "-----END CERTIFICATE-----\n",
		    "line 1: no certificate begins here" },
	};
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(add(NULL, NULL, cases[i].marks, &fault), -1);
		assert_string_equal(fault.text, cases[i].told);
	}
	assert_int_equal(trust_add(NULL, NULL, NO_BYTES, &fault), -1);
	assert_string_equal(fault.text,
	    "the trust anchors hold no certificate");
}

static void
write_file(const char *folder, const char *name, const char *marks)
{
	char path[512];
	struct buf text;
	struct fault fault;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, marks);
	buf_add_bytes(&text, buf_bytes(&pem));
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_write(path, buf_bytes(&text), 0644, &fault), 0);
	buf_fini(&text);
}

static void
a_folder_is_read_file_by_file_and_marks_end_with_theirs(void **state)
{
	struct trust *signers = trust_new();
	struct trust *tsas = trust_new();
	struct fault fault = { 0 };
	char folder[SCRATCH_PATH];
	struct buf text;

	(void)state;
	scratch_make(folder);
	buf_init(&text, TRUST_TEXT_MAX);
	assert_int_equal(trust_folder_read(&text, folder, &fault), 0);
	assert_int_equal(text.len, 0);
	write_file(folder, "a.pem", "Purpose: tsa\n");
	write_file(folder, "b.crt", "Until: 2020-12-31\n");
	write_file(folder, "remarks.txt", "Purpose: wrong\n");
	assert_int_equal(trust_folder_read(&text, folder, &fault), 0);
	assert_int_equal(trust_add(signers, tsas, buf_bytes(&text), &fault), 0);
	assert_int_equal(reached(signers, day(2020, 6, 1)), TRUST_REACHED);
	assert_int_equal(reached(signers, day(2021, 6, 1)), TRUST_MISSED);
	write_file(folder, "c.pem", "From: never\n");
	assert_int_equal(trust_folder_read(&text, folder, &fault), -1);
	assert_non_null(
	    strstr(fault.text, "/c.pem: line 1: a day is written YYYY-MM-DD"));
	buf_fini(&text);
	trust_free(signers);
	trust_free(tsas);
	scratch_remove(folder);
}

static int
make_certificate(void **state)
{
	const struct seal_options options = { .common_name = "Root",
		.from = day(2020, 1, 1),
		.years = 40 };
	struct fault fault;
	struct buf key;
	BIO *bio;
	int rc;

	(void)state;
	buf_init(&key, 65536);
	buf_init(&pem, 65536);
	rc = seal_key_make(&key, &pem, &options, &fault);
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	buf_fini(&key);
	return rc;
}

static int
free_certificate(void **state)
{
	(void)state;
	X509_free(certificate);
	buf_fini(&pem);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_anchor_without_marks_is_believed_for_all_and_as_long_as_it_says),
		cmocka_unit_test(
		    marks_say_for_what_and_for_which_days_it_is_believed),
		cmocka_unit_test(a_mark_that_is_none_is_told_with_its_line),
		cmocka_unit_test(
		    a_folder_is_read_file_by_file_and_marks_end_with_theirs),
	};

	return cmocka_run_group_tests(tests, make_certificate,
	    free_certificate);
}
