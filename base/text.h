/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>

/* Valid UTF-8 (RFC 3629): no surrogates, no overlong forms, no NUL. */
bool text_is_utf8(struct bytes text);
/*
 * Valid UTF-8, in Unicode normal form C and without a run of more than 30
 * combining marks (UAX #15, Stream-Safe Text Format).
 */
bool text_is_nfc(struct bytes text);
/*
 * The same text in NFC.
 *
 * Errors:  FAULT_INVALID when it is not UTF-8 or has more than 30 marks in a
 *          row; FAULT_LIMIT when there is no memory.
 */
int text_nfc(struct arena *arena, const char **text_out, struct bytes text,
    struct fault *fault);

/* The same, or "?": for names in reports, which are anybody's bytes. */
const char *text_sound(struct arena *arena, const char *text);

/*
 * What two spellings of one name share: lower case, no marks, "đ" as "d", no
 * blanks, hyphens or apostrophes.  "Xã Đắk Blà" and "xa Dak Bla" fold alike.
 */
char *text_fold(struct arena *arena, const char *text);

/* Capitals made small, all else as it is: "XÃ Xốp" gives "xã xốp". */
char *text_lower(struct arena *arena, const char *text);

/*
 * Order of Vietnamese dictionaries: syllable by syllable, in each first the
 * letters (a ă â b c d đ e ê ...), then the tones (ngang, huyền, hỏi, ngã,
 * sắc, nặng); small letters before capitals where all else is equal.
 *
 * Source:  Vũ Xuân Lương, Quy tắc sắp xếp (Vietnam Lexicography Centre), 1-4.
 */
int text_compare(const char *a, const char *b);
/*
 * The same order as bytes for memcmp(), none of them NUL: for keys.  Numbers
 * stand by their value, "Cụm 2" before "Cụm 10", and capitals make no
 * difference.  Of a long text as many bytes as the key has room for.
 */
const char *text_order(struct arena *arena, const char *text, size_t max);

#define TEXT_NUMBER 20u /* digits of UINT64_MAX */

/*
 * The number in decimal, without a NUL; how many digits.  What printf() does
 * in ten times as long, for what every request says.
 */
size_t text_number(char text[TEXT_NUMBER], uint64_t number);

/* An id of a record: [a-z0-9][a-z0-9-]{0,63}. */
bool text_is_id(const char *text);

/*
 * Copy what fits of a text, cut at a character and marked by "...".  For
 * names in messages; returns out.
 */
const char *text_clip(char *out, size_t room, const char *text);

#define TEXT_CLIP_ROOM 104u /* 100 bytes, "..." and NUL */
/* Borrowed until the end of the block. */
#define text_clipped(text) \
	text_clip((char[TEXT_CLIP_ROOM]){ 0 }, TEXT_CLIP_ROOM, text)

#endif
