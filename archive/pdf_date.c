/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_date.h"

#include "base/date.h"

#define DATE_CHARS_MAX 40u

struct cursor {
	char text[DATE_CHARS_MAX];
	size_t len;
	size_t at;
};

static bool
digits_follow(const struct cursor *cursor, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (cursor->at + i >= cursor->len ||
		    cursor->text[cursor->at + i] < '0' ||
		    cursor->text[cursor->at + i] > '9') {
			return false;
		}
	}
	return true;
}

static int
take(struct cursor *cursor, size_t count, int preset)
{
	int value = 0;

	if (!digits_follow(cursor, count)) {
		return preset;
	}
	while (count-- > 0) {
		value = value * 10 + (cursor->text[cursor->at++] - '0');
	}
	return value;
}

/* Octal escapes stand for one character (7.3.4.2); some writers use them. */
static void
unescape(struct cursor *cursor, struct bytes string)
{
	for (size_t i = 0; i < string.len && cursor->len < DATE_CHARS_MAX;
	     i++) {
		unsigned value = string.data[i];

		if (value == '\\') {
			value = 0;
			for (size_t n = 0; n < 3 && i + 1 < string.len &&
			                   string.data[i + 1] >= '0' &&
			                   string.data[i + 1] <= '7';
			     n++) {
				value = value * 8 + string.data[++i] - '0';
			}
		}
		cursor->text[cursor->len++] = (char)(value & 0x7F);
	}
}

/* Minutes east of Greenwich; INT32_MIN where it is none. */
static int
take_zone(struct cursor *cursor)
{
	char sign = cursor->at < cursor->len ? cursor->text[cursor->at++] : 'Z';
	int hours;
	int minutes;

	if (sign != '+' && sign != '-') {
		return sign == 'Z' ? 0 : INT32_MIN;
	}
	hours = take(cursor, 2, -1);
	if (cursor->at < cursor->len && cursor->text[cursor->at] == '\'') {
		cursor->at++;
	}
	minutes = take(cursor, 2, 0);
	if (hours < 0 || hours > 23 || minutes > 59) {
		return INT32_MIN;
	}
	return (hours * 60 + minutes) * (sign == '-' ? -1 : 1);
}

static bool
day_exists(int year, int month, int day)
{
	int y;
	int m;
	int d;

	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) {
		return false;
	}
	date_split(date_of(year, month, day), &y, &m, &d);
	return y == year && m == month && d == day;
}

int64_t
pdf_date_of(struct bytes string)
{
	struct cursor cursor = { .len = 0 };
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int zone;

	if (string.len < 2 || string.data[0] != '(') {
		return 0;
	}
	unescape(&cursor, bytes_of(string.data + 1, string.len - 2));
	if (cursor.len >= 2 && memcmp(cursor.text, "D:", 2) == 0) {
		cursor.at = 2;
	}
	year = take(&cursor, 4, 0);
	month = take(&cursor, 2, 1);
	day = take(&cursor, 2, 1);
	hour = take(&cursor, 2, 0);
	minute = take(&cursor, 2, 0);
	second = take(&cursor, 2, 0);
	zone = take_zone(&cursor);
	if (!day_exists(year, month, day) || hour > 23 || minute > 59 ||
	    second > 59 || zone == INT32_MIN) {
		return 0;
	}
	return ((((int64_t)date_of(year, month, day) * 24 + hour) * 60 +
	            minute - zone) *
	               60 +
	           second) *
	       1000000;
}
