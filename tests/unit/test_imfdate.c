/* SPDX-License-Identifier: Apache-2.0 */

#include "api/imfdate.h"

#include "tests/unit/unit.h"

#include <time.h>

#define EXAMPLE 784111777 /* of RFC 9110, 5.6.7 */

static void
check(const char *text, int64_t wanted)
{
	int64_t got = -1;

	assert_true(imfdate_parse(bytes_of_text(text), &got));
	assert_int_equal(got, wanted);
}

static void
the_example_of_the_rfc_is_written_and_read_in_all_forms(void **state)
{
	char text[IMFDATE_TEXT];

	(void)state;
	imfdate_format(text, EXAMPLE);
	assert_text(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	check("Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE);
	check("Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE);
	check("Sun Nov  6 08:49:37 1994", EXAMPLE);
}

static void
every_moment_is_written_as_strftime_does_and_read_again(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		int64_t at = (int64_t)(unit_draw() % 253402300800u);
		time_t seconds = (time_t)at;
		char wanted[IMFDATE_TEXT];
		char got[IMFDATE_TEXT];
		struct tm parts;
		int64_t again = -1;

		gmtime_r(&seconds, &parts);
		strftime(wanted, sizeof(wanted), "%a, %d %b %Y %H:%M:%S GMT",
		    &parts);
		imfdate_format(got, at);
		assert_text(got, wanted);
		assert_true(imfdate_parse(bytes_of_text(got), &again));
		assert_int_equal(again, at);
	}
}

static void
what_is_no_date_is_not_read(void **state)
{
	static const char *const bad[] = { "", "Sun", "now",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
		"Sun, 31 Feb 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
		"1994-11-06T08:49:37Z", "Sun,  6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08: 9:37 GMT" };
	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (imfdate_parse(bytes_of_text(bad[i]), &at)) {
			print_error("%s was read\n", bad[i]);
			fail();
		}
	}
}

UNIT_MAIN(unit(the_example_of_the_rfc_is_written_and_read_in_all_forms),
    unit(every_moment_is_written_as_strftime_does_and_read_again),
    unit(what_is_no_date_is_not_read))
