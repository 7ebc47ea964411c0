/* SPDX-License-Identifier: Apache-2.0 */

/* Numbers, days and capitals as plugins get them from the host. */

#include "host/words.h"

#include "host/call.h"
#include "tests/unit/unit.h"

static struct call call;

static int
begin(void **state)
{
	(void)state;
	call_init(&call, CALL_REPORT, NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	call_fini(&call);
	return 0;
}

static void
counts_below_ten_have_a_leading_zero(void **state)
{
	(void)state;
	assert_text(words_number(&call.face, 5, 1), "05");
	assert_text(words_number(&call.face, 9, 1), "09");
	assert_text(words_number(&call.face, 10, 1), "10");
	assert_text(words_number(&call.face, 0, 1), "0");
	assert_text(words_number(&call.face, -7, 1), "-07");
}

static void
thousands_have_a_point_and_decimals_a_comma(void **state)
{
	(void)state;
	assert_text(words_number(&call.face, 9290, 1), "9.290");
	assert_text(words_number(&call.face, 1234567, 1), "1.234.567");
	assert_text(words_number(&call.face, 680, 100), "6,80");
	assert_text(words_number(&call.face, 6208, 100), "62,08");
	assert_text(words_number(&call.face, 5, 100), "0,05");
	assert_text(words_number(&call.face, -150, 100), "-1,50");
	assert_text(words_number(&call.face, 123456789, 1000), "123.456,789");
	assert_text(words_number(&call.face, 975, 10), "97,5");
	assert_text(words_number(&call.face, INT64_MIN, 1),
	    "-9.223.372.036.854.775.808");
}

static void
days_are_written_as_the_decree_says(void **state)
{
	(void)state;
	assert_text(words_day(&call.face, "2023-03-09"),
	    "ngày 09 tháng 3 năm 2023");
	assert_text(words_day(&call.face, "2023-02-21"),
	    "ngày 21 tháng 02 năm 2023");
	assert_text(words_day(&call.face, "2024"), "ngày … tháng … năm 2024");
	assert_text(words_day(&call.face, NULL), "");
	assert_text(words_day_short(&call.face, "2023-03-09"), "09/3/2023");
	assert_text(words_day_short(&call.face, "2023-01-15"), "15/01/2023");
	assert_text(words_day_short(&call.face, "2023-11"), "11/2023");
}

static void
capitals_keep_their_marks(void **state)
{
	(void)state;
	assert_text(words_upper(&call.face, "Huyện Đắk Glei"),
	    "HUYỆN ĐẮK GLEI");
	assert_text(words_upper(&call.face, "thị xã ưỡ"), "THỊ XÃ ƯỠ");
	assert_text(words_upper(&call.face, ""), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    counts_below_ten_have_a_leading_zero, begin, end),
		cmocka_unit_test_setup_teardown(
		    thousands_have_a_point_and_decimals_a_comma, begin, end),
		cmocka_unit_test_setup_teardown(
		    days_are_written_as_the_decree_says, begin, end),
		cmocka_unit_test_setup_teardown(capitals_keep_their_marks,
		    begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
