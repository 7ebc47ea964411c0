/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Counts below ten get a leading zero ("05 tập thể"), thousands a point,
 * decimals a comma ("6,80").  Days below ten and the months 1 and 2 get a
 * leading zero, the other months none.  A date may end with its year or
 * month: what is missing stays open, to be filled in by hand.
 */

#include "host/words.h"

#include "host/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <utf8proc.h>

const char *
words_number(struct hoso_call *face, int64_t value, uint32_t scale)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t whole = size / (scale > 0 ? scale : 1);
	char digits[24];
	char text[64];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, whole);
	int at = 0;

	if (value < 0) {
		text[at++] = '-';
	}
	if (scale <= 1 && whole > 0 && whole < 10) {
		text[at++] = '0';
	}
	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0) {
			text[at++] = '.';
		}
		text[at++] = digits[i];
	}
	if (scale > 1) {
		text[at++] = ',';
	}
	for (uint32_t unit = scale / 10; unit > 0; unit /= 10) {
		text[at++] = (char)('0' + size / unit % 10);
	}
	text[at] = '\0';
	return arena_text(call_of(face)->arena, text);
}

/* Year, month, day of YYYY[-MM[-DD]]; 0 where it ends before. */
static bool
split(const char *date, int part[3])
{
	int count;

	part[0] = part[1] = part[2] = 0;
	count = date == NULL
	            ? 0
	            : sscanf(date, "%4d-%2d-%2d", &part[0], &part[1], &part[2]);
	return count > 0;
}

const char *
words_day(struct hoso_call *face, const char *date)
{
	struct arena *arena = call_of(face)->arena;
	int part[3];
	const char *day;
	const char *month;

	if (!split(date, part)) {
		return "";
	}
	day = part[2] > 0 ? arena_format(arena, "%02d", part[2]) : "…";
	month = part[1] == 0   ? "…"
	        : part[1] <= 2 ? arena_format(arena, "%02d", part[1])
	                       : arena_format(arena, "%d", part[1]);
	return arena_format(arena, "ngày %s tháng %s năm %d", day, month,
	    part[0]);
}

const char *
words_day_short(struct hoso_call *face, const char *date)
{
	struct arena *arena = call_of(face)->arena;
	int part[3];

	if (!split(date, part)) {
		return "";
	}
	if (part[1] == 0) {
		return arena_format(arena, "%d", part[0]);
	}
	if (part[2] == 0) {
		return arena_format(arena, part[1] <= 2 ? "%02d/%d" : "%d/%d",
		    part[1], part[0]);
	}
	return arena_format(arena, part[1] <= 2 ? "%02d/%02d/%d" : "%02d/%d/%d",
	    part[2], part[1], part[0]);
}

const char *
words_upper(struct hoso_call *face, const char *text)
{
	struct call *call = call_of(face);
	const utf8proc_uint8_t *from =
	    (const utf8proc_uint8_t *)call_text(call, text);
	utf8proc_ssize_t left = (utf8proc_ssize_t)strlen((const char *)from);
	/* No letter of ours grows; "ß" and its like stay as they are. */
	char *upper = arena_alloc(call->arena, (size_t)left * 4 + 1);
	size_t at = 0;

	while (left > 0) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t used = utf8proc_iterate(from, left, &letter);

		if (used <= 0) {
			break;
		}
		at += (size_t)utf8proc_encode_char(utf8proc_toupper(letter),
		    (utf8proc_uint8_t *)upper + at);
		from += used;
		left -= used;
	}
	return upper;
}
