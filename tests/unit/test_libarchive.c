/* SPDX-License-Identifier: Apache-2.0 */

#include "base/libarchive.h"

#include "tests/unit/unit.h"

#include <archive.h>
#include <errno.h>

static struct archive *archive;

static int
judge(int64_t code, const struct fault *own, struct fault *fault)
{
	*fault = (struct fault){ .code = FAULT_NONE };
	return libarchive_judge(archive, code, own, FAULT_CORRUPT, fault);
}

static void
a_mere_warning_is_a_failure(void **state)
{
	static const int codes[] = { ARCHIVE_RETRY, ARCHIVE_WARN,
		ARCHIVE_FAILED, ARCHIVE_FATAL };
	struct fault fault;

	(void)state;
	archive_set_error(archive, EINVAL, "bad CRC: 0x%x should be 0x%x", 1u,
	    2u);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_int_equal(judge(codes[i], NULL, &fault), -1);
		assert_int_equal(fault.code, FAULT_CORRUPT);
		assert_text(fault.text, "libarchive: bad CRC");
	}
}

static void
an_end_and_a_count_are_no_failures(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(judge(ARCHIVE_EOF, NULL, &fault), 1);
	assert_int_equal(judge(ARCHIVE_OK, NULL, &fault), 0);
	assert_int_equal(judge(4096, NULL, &fault), 0);
	assert_int_equal(fault.code, FAULT_NONE);
}

static void
what_a_callback_failed_with_is_handed_on(void **state)
{
	struct fault none = { .code = FAULT_NONE };
	struct fault own = { .code = FAULT_SYSTEM,
		.sys = EIO,
		.text = "the disk is gone" };
	struct fault fault;

	(void)state;
	archive_set_error(archive, EINVAL, "truncated");
	assert_int_equal(judge(ARCHIVE_FATAL, &own, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_text(fault.text, "the disk is gone");
	assert_int_equal(judge(ARCHIVE_FATAL, &none, &fault), -1);
	assert_text(fault.text, "libarchive: truncated");
}

static void
want_of_memory_is_not_the_archive_s_fault(void **state)
{
	struct fault fault;

	(void)state;
	archive_set_error(archive, ENOMEM, "no memory for a name");
	assert_int_equal(judge(ARCHIVE_FATAL, NULL, &fault), -1);
	assert_int_equal(fault.code, FAULT_SYSTEM);
	assert_int_equal(fault.sys, ENOMEM);
}

static void
a_failure_without_words_has_some(void **state)
{
	struct fault fault;

	(void)state;
	archive_clear_error(archive);
	assert_int_equal(judge(ARCHIVE_FATAL, NULL, &fault), -1);
	assert_text(fault.text, "libarchive: it gives no reason");
}

static int
setup(void **state)
{
	(void)state;
	archive = archive_read_new();
	return archive == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	return archive_read_free(archive);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_mere_warning_is_a_failure),
		unit(an_end_and_a_count_are_no_failures),
		unit(what_a_callback_failed_with_is_handed_on),
		unit(want_of_memory_is_not_the_archive_s_fault),
		unit(a_failure_without_words_has_some),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
