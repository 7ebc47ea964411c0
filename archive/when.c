/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/when.h"

#include "base/clock.h"

#include <stdio.h>

void
when_format(char text[WHEN_TEXT], int64_t at)
{
	int64_t seconds = at / 1000000 + CLOCK_OFFSET_SECONDS;
	int of_day = (int)(seconds % 86400);
	int year;
	int month;
	int day;

	date_split((date_t)(seconds / 86400), &year, &month, &day);
	snprintf(text, WHEN_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d+07:00", year,
	    month, day, of_day / 3600, of_day / 60 % 60, of_day % 60);
}
