/* SPDX-License-Identifier: Apache-2.0 */

/* Every message in Vietnamese fits the arguments of its original. */

#include "base/phrase.h"

#include "base/fault.h"
#include "base/text.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/*
 * The conversions of a printf format, one behind the other: "%s%zu"; marks of
 * words ("%#s", "%+s") are left out.
 */
static void
conversions(char *out, size_t size, const char *format)
{
	size_t used = 0;

	for (const char *at = strchr(format, '%'); at != NULL;
	     at = strchr(at, '%')) {
		size_t len = strcspn(at + 1, "%diouxXcsp") + 2;

		if (at[1] == '%') {
			at += 2;
			continue;
		}
		assert_true(used + len < size);
		if (len == 3 && strchr("#+", at[1]) != NULL && at[2] == 's') {
			memcpy(out + used, "%s", 2);
			used += 2;
		} else {
			memcpy(out + used, at, len);
			used += len;
		}
		at += len;
	}
	out[used] = '\0';
}

static void
rows_are_in_order_and_none_stands_twice(void **state)
{
	(void)state;
	for (size_t i = 1; i < phrase_count; i++) {
		if (strcmp(phrase_table[i - 1].english,
		        phrase_table[i].english) >= 0) {
			fail_msg("\"%s\" stands after \"%s\"",
			    phrase_table[i].english,
			    phrase_table[i - 1].english);
		}
	}
}

static void
both_languages_take_the_same_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < phrase_count; i++) {
		char english[200];
		char vietnamese[200];

		conversions(english, sizeof(english), phrase_table[i].english);
		conversions(vietnamese, sizeof(vietnamese),
		    phrase_table[i].vietnamese);
		assert_text(vietnamese, english);
		assert_true(
		    text_is_nfc(bytes_of_text(phrase_table[i].vietnamese)));
	}
}

static void __attribute__((format(printf, 1, 3)))
assert_prints(const char *format, const char *wanted, ...)
{
	char text[300];
	va_list args;
	int len;

	va_start(args, wanted);
	len = phrase_print(text, sizeof(text), format, args);
	va_end(args);
	assert_text(text, wanted);
	assert_int_equal(len, strlen(wanted));
}

static void
numbers_and_texts_of_every_kind_are_printed(void **state)
{
	(void)state;
	assert_prints("dossier %s is at revision %llu, read it again",
	    "hồ sơ a đang ở bản 18446744073709551615, hãy đọc lại", "a",
	    18446744073709551615ull);
	assert_prints("fill %lld of the table's %zu columns",
	    "có -1 ô, bảng có 7 cột", -1ll, (size_t)7);
	assert_prints("%s %s is at revision %" PRIu64 ", not %" PRIu64
	              "; read it again",
	    "a b đang ở bản 1, không phải bản 2; hãy đọc lại", "a", "b",
	    UINT64_C(1), UINT64_C(2));
	assert_prints("are at most %u", "tối đa là 4294967295", 4294967295u);
	assert_prints("cannot be synced (errno %d)",
	    "không ghi xuống đĩa được (errno -5)", -5);
	assert_prints("you have no upload %.40s",
	    "bạn không có tệp tải lên 1234567890123456789012345678901234567890",
	    "1234567890123456789012345678901234567890123");
}

static void
a_format_without_a_row_is_printed_in_english(void **state)
{
	(void)state;
	assert_prints("nobody has translated %d%%", "nobody has translated 7%",
	    7);
}

static int __attribute__((format(printf, 3, 4)))
print_into(char *text, size_t size, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = phrase_print(text, size, format, args);
	va_end(args);
	return len;
}

static void
a_text_too_long_is_cut_and_its_whole_length_told(void **state)
{
	static const char whole[] = "không có hồ sơ xa-xop";

	(void)state;
	for (size_t size = 0; size <= sizeof(whole); size++) {
		char text[sizeof(whole) + 1];

		memset(text, '~', sizeof(text));
		assert_int_equal(print_into(text, size, "there is no %s %s",
		                     "dossier", "xa-xop"),
		    sizeof(whole) - 1);
		assert_int_equal(text[size], '~');
		if (size > 0) {
			assert_int_equal(strlen(text), size - 1);
			assert_memory_equal(text, whole, size - 1);
		}
	}
}

static void
words_are_translated_where_the_row_says_so(void **state)
{
	(void)state;
	/* The kind is a word of ours, the id is whose it is. */
	assert_prints("there is no %s %s", "không có hồ sơ dossier", "dossier",
	    "dossier");
	assert_prints("there is no %s %s", "không có thing 7", "thing", "7");
	assert_prints("from %s the next may be: %s",
	    "từ “đang thẩm định” chỉ có thể chuyển sang: trả lại, yêu cầu bổ "
	    "sung (returned), elsewhere, chờ ký (for_signature)",
	    "appraisal", "returned, elsewhere, for_signature");
	assert_text(phrase_word("appraisal"), "đang thẩm định");
	assert_text(phrase_word("Xã Xốp"), "Xã Xốp");
}

static void
a_fault_speaks_both_languages(void **state)
{
	struct fault fault;

	(void)state;
	fault_set(&fault, FAULT_ABSENT, "there is no %s %s", "unit", "xa");
	assert_text(fault.text, "there is no unit xa");
	assert_text(fault.local, "không có đơn vị xa");
	fault_set(&fault, FAULT_ABSENT, "nobody has translated %d", 7);
	assert_text(fault.local, "nobody has translated 7");
	fault_errno(&fault, ENOENT, "thread %s", "u");
	assert_text(fault.text, "thread u: No such file or directory");
	assert_text(fault.local, "luồng u: không có tệp hoặc thư mục này");
}

/* What goes wrong on every other day. */
static void
the_systems_commonest_errors_have_rows(void **state)
{
	static const int errors[] = { ENOENT, ENOSPC, EDQUOT, EACCES, EPERM,
		EROFS, EEXIST, ENOTDIR, EISDIR, EIO, EMFILE, EFBIG,
		ENAMETOOLONG, EINVAL, ENOMEM, EAGAIN, EBUSY, EPIPE, EBADF,
		ECONNREFUSED, ECONNRESET, ETIMEDOUT, EADDRINUSE, EADDRNOTAVAIL,
		EHOSTUNREACH, ENETUNREACH, ELOOP, EOPNOTSUPP, ENOSYS };

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (phrase_find(strerror(errors[i])) == NULL) {
			fail_msg("no row has \"%s\"", strerror(errors[i]));
		}
	}
}

UNIT_MAIN(unit(rows_are_in_order_and_none_stands_twice),
    unit(both_languages_take_the_same_arguments),
    unit(numbers_and_texts_of_every_kind_are_printed),
    unit(a_format_without_a_row_is_printed_in_english),
    unit(a_text_too_long_is_cut_and_its_whole_length_told),
    unit(words_are_translated_where_the_row_says_so),
    unit(a_fault_speaks_both_languages),
    unit(the_systems_commonest_errors_have_rows))
