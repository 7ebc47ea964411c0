/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every ZIP of the public collections: it must never crash, it must refuse
 * what their makers call unsafe, and it must read what they call readable.
 */

#include "archive/zip_in.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"

/*
 * zip-parsing: what is accepted.  All else there is encrypted, packed by
 * other methods, a link, has bytes before it, names that are not UTF-8 or
 * alike but for case, or is broken.
 */
static const char *const accepted[] = {
	"test_compat_zip_1.zip",
	"test_compat_zip_3.zip",
	"test_compat_zip_6.zip",
	"test_read_format_zip_comment_stored_1.zip",
	"test_read_format_zip_comment_stored_2.zip",
	"test_read_format_zip_filename_utf8_jp.zip",
	"test_read_format_zip_length_at_end.zip",
	"test_read_format_zip_mac_metadata.zip",
	"test_read_format_zip_nested.zip",
	"test_read_format_zip_ux.zip",
	"test_write_disk_appledouble_zip.zip",
};

/* asic-*: what is refused, and in which words. */
static const struct {
	const char *name;
	const char *words;
} refused[] = {
	{ "dd4j__testFiles__degenerate-containers__2-mimetypes.asice",
	    "two entries have this name" },
	{ "dd4j__testFiles__degenerate-containers__2-mimetypes.asics",
	    "two entries have this name" },
	{ "dd4j__testFiles__degenerate-containers__2-mimetypes.bdoc",
	    "two entries have this name" },
	{ "dd4j__testFiles__invalid-containers__KS-10_manifest_topelt_bdoc21_TM.bdoc",
	    "two entries have this name" },
	{ "dd4j__testFiles__invalid-containers__KS-19_IB-3721_bdoc21-TM-2fil-samename-1sig3.bdoc",
	    "two entries have this name" },
	{ "dd4j__testFiles__invalid-containers__zip-bomb-package-zip-1gb.bdoc",
	    "inflates more than 200 times" },
	{ "dss__validation__malformed-container.asice",
	    "no local header in its place" },
};

static int
discard(void *arg, struct bytes bytes, struct fault *fault)
{
	(void)arg;
	(void)bytes;
	(void)fault;
	return 0;
}

static int
read_all(struct bytes bytes, struct fault *fault)
{
	struct source source = source_of_bytes(&bytes);
	struct zip_in *zip = NULL;
	int rc = zip_in_open(&zip, &source, &zip_in_presets, NULL, fault);

	for (size_t i = 0; rc == 0 && i < zip_in_count(zip); i++) {
		rc = zip_in_pour(zip, zip_in_entry(zip, i), discard, NULL,
		    fault);
	}
	zip_in_free(zip);
	return rc;
}

static void
check_zip(const char *name, struct bytes bytes, void *arg)
{
	struct fault fault = { 0 };
	int got = read_all(bytes, &fault);
	int want = -1;

	(void)arg;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		if (strcmp(accepted[i], name) == 0) {
			want = 0;
		}
	}
	if (got != want) {
		fail_msg("%s: wanted %d, got %d %s", name, want, got,
		    fault.text);
	}
}

static void
check_container(const char *name, struct bytes bytes, void *arg)
{
	struct fault fault = { 0 };
	int got = read_all(bytes, &fault);
	const char *words = NULL;
	bool is_zip = bytes.len > 4 && memcmp(bytes.data, "PK\3\4", 4) == 0;

	(void)arg;
	if (!is_zip) {
		assert_int_equal(got, -1);
		return;
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (strcmp(refused[i].name, name) == 0) {
			words = refused[i].words;
		}
	}
	if ((words == NULL) != (got == 0) ||
	    (words != NULL && strstr(fault.text, words) == NULL)) {
		fail_msg("%s: wanted %s, got %d %s", name,
		    words != NULL ? words : "it accepted", got, fault.text);
	}
}

static void
zip_files_of_libarchive_s_tests_have_their_verdicts(void **state)
{
	(void)state;
	assert_true(corpus_each("zip-parsing", check_zip, NULL) > 30);
}

static void
containers_of_others_are_read_but_for_the_unsafe_ones(void **state)
{
	(void)state;
	assert_true(corpus_each("asic-cades", check_container, NULL) > 40);
	assert_true(
	    corpus_each("asic-containers-other", check_container, NULL) > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    zip_files_of_libarchive_s_tests_have_their_verdicts),
		cmocka_unit_test(
		    containers_of_others_are_read_but_for_the_unsafe_ones),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
