/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Text is UTF-8 throughout.  utf8proc knows Unicode; what is Vietnamese is
 * here: "đ" has no decomposition and is folded by hand, and names stand in the
 * order of the dictionaries.
 *
 * A run of more than 30 combining marks is refused everywhere: no writing has
 * one, and putting such marks in canonical order costs the square of their
 * number (UAX #15, Stream-Safe Text Format).
 */

#include "base/text.h"

#include "base/buf.h"
#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <utf8proc.h>

#define MARKS_MAX        30    /* UAX #15, UAX15-D3 */
#define DECOMPOSED_MAX   18    /* code points one may become, casefolded */
#define FIRST_MARK       0x300 /* Combining Diacritical Marks ... */
#define LAST_MARK        0x36F /* ... the block of all Vietnamese marks */
#define REPLACEMENT      0xFFFD
#define ASCII_EIGHT_HIGH 0x8080808080808080u

/* Length of the valid sequence at `p`, 0 when there is none (RFC 3629, 4). */
static size_t
sequence(const uint8_t *p, size_t len)
{
	uint8_t second_min = 0x80;
	uint8_t second_max = 0xBF;
	size_t need;

	if (p[0] < 0x80) {
		return 1;
	}
	if (p[0] < 0xC2 || p[0] > 0xF4) {
		return 0;
	}
	need = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (len < need) {
		return 0;
	}
	switch (p[0]) {
	case 0xE0:
		second_min = 0xA0; /* else overlong */
		break;
	case 0xED:
		second_max = 0x9F; /* else a surrogate */
		break;
	case 0xF0:
		second_min = 0x90; /* else overlong */
		break;
	case 0xF4:
		second_max = 0x8F; /* else above U+10FFFF */
		break;
	default:
		break;
	}
	if (p[1] < second_min || p[1] > second_max) {
		return 0;
	}
	for (size_t i = 2; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			return 0;
		}
	}
	return need;
}

/* How many bytes from `at` on are ASCII, eight at a time. */
static size_t
ascii_run(struct bytes text, size_t at)
{
	size_t start = at;
	uint64_t eight;

	while (text.len - at >= sizeof(eight)) {
		memcpy(&eight, text.data + at, sizeof(eight));
		if ((eight & ASCII_EIGHT_HIGH) != 0) {
			break;
		}
		at += sizeof(eight);
	}
	while (at < text.len && text.data[at] < 0x80) {
		at++;
	}
	return at - start;
}

bool
text_is_utf8(struct bytes text)
{
	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL) {
		return false;
	}
	for (size_t at = ascii_run(text, 0); at < text.len;
	     at += ascii_run(text, at)) {
		size_t used = sequence(text.data + at, text.len - at);

		if (used == 0) {
			return false;
		}
		at += used;
	}
	return true;
}

/* The code point of a valid sequence of two bytes or more. */
static int32_t
code_point(const uint8_t *p, size_t used)
{
	int32_t point = p[0] & (0xFF >> (used + 1));

	for (size_t i = 1; i < used; i++) {
		point = point << 6 | (p[i] & 0x3F);
	}
	return point;
}

/*
 * Blocks without marks, without what normal form C replaces and without what
 * composes with a character before it (DerivedNormalizationProps.txt,
 * NFC_QC=Yes and ccc=0 throughout): all of written Vietnamese.
 */
static bool
is_plain(int32_t point)
{
	return point < FIRST_MARK || (point >= 0x1E00 && point <= 0x1EFF) ||
	       (point >= 0x2010 && point <= 0x2027);
}

enum shape {
	SHAPE_BAD,     /* not UTF-8, or too many marks in a row */
	SHAPE_PLAIN,   /* surely normal form C */
	SHAPE_UNKNOWN, /* only utf8proc can say */
};

static enum shape
shape_of(struct bytes text)
{
	enum shape shape = SHAPE_PLAIN;
	unsigned marks = 0;
	size_t at = 0;

	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL) {
		return SHAPE_BAD;
	}
	while (at < text.len) {
		size_t run = ascii_run(text, at);
		size_t used;
		int32_t point;

		if (run > 0) {
			marks = 0;
			at += run;
			continue;
		}
		used = sequence(text.data + at, text.len - at);
		if (used == 0) {
			return SHAPE_BAD;
		}
		point = code_point(text.data + at, used);
		at += used;
		if (is_plain(point)) {
			marks = 0;
			continue;
		}
		shape = SHAPE_UNKNOWN;
		marks = utf8proc_get_property(point)->combining_class != 0
		            ? marks + 1
		            : 0;
		if (marks > MARKS_MAX) {
			return SHAPE_BAD;
		}
	}
	return shape;
}

/* What utf8proc makes of it, to be freed; NULL when memory is gone. */
static uint8_t *
compose(struct bytes text, size_t *len_out)
{
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t len;

	if (text.len > SSIZE_MAX / 64) {
		return NULL;
	}
	do {
		len = utf8proc_map(text.data, (utf8proc_ssize_t)text.len,
		    &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	} while (len == UTF8PROC_ERROR_NOMEM && memory_release());
	*len_out = len > 0 ? (size_t)len : 0;
	return len >= 0 ? composed : NULL;
}

bool
text_is_nfc(struct bytes text)
{
	enum shape shape = shape_of(text);
	uint8_t *composed;
	size_t len;
	bool same;

	if (shape != SHAPE_UNKNOWN) {
		return shape == SHAPE_PLAIN;
	}
	composed = compose(text, &len);
	same = composed != NULL && bytes_equal(text, bytes_of(composed, len));
	free(composed);
	return same;
}

int
text_nfc(struct arena *arena, const char **text_out, struct bytes text,
    struct fault *fault)
{
	enum shape shape = shape_of(text);
	uint8_t *composed;
	size_t len;

	if (shape == SHAPE_BAD) {
		return fault_set(fault, FAULT_INVALID,
		    text_is_utf8(text)
		        ? "text has more than %d combining marks in a row"
		        : "text is not valid UTF-8",
		    MARKS_MAX);
	}
	if (shape == SHAPE_PLAIN) {
		*text_out = arena_text_of(arena, text);
		return 0;
	}
	composed = compose(text, &len);
	if (composed == NULL) {
		return fault_set(fault, FAULT_BUSY,
		    "no memory to normalise %zu bytes of text", text.len);
	}
	*text_out = arena_text_of(arena, bytes_of(composed, len));
	free(composed);
	return 0;
}

const char *
text_sound(struct arena *arena, const char *text)
{
	struct fault ignored;
	const char *sound;

	return text_nfc(arena, &sound, bytes_of_text(text), &ignored) == 0
	           ? sound
	           : "?";
}

/* Step over one code point; a byte that is none counts as U+FFFD. */
static int32_t
next_point(const char **at)
{
	const uint8_t *p = (const uint8_t *)*at;
	size_t used = *p < 0x80 ? 1 : sequence(p, strnlen(*at, 4));

	*at += used > 0 ? used : 1;
	return used == 0 ? REPLACEMENT : used == 1 ? p[0] : code_point(p, used);
}

static bool
is_ascii_capital(int32_t point)
{
	return point >= 'A' && point <= 'Z';
}

static bool
is_mark(int32_t point)
{
	return point >= FIRST_MARK && point <= LAST_MARK;
}

/* What spellings of one name differ in: blanks, hyphens, apostrophes. */
static bool
is_skipped(int32_t point)
{
	const unsigned skipped =
	    1u << UTF8PROC_CATEGORY_ZS | 1u << UTF8PROC_CATEGORY_ZL |
	    1u << UTF8PROC_CATEGORY_ZP |
	    1u << UTF8PROC_CATEGORY_PD | /* hyphens and dashes */
	    1u << UTF8PROC_CATEGORY_CC | /* tab, line feed */
	    1u << UTF8PROC_CATEGORY_CF;  /* soft hyphen, BOM */

	if ((skipped >> utf8proc_category(point) & 1) != 0) {
		return true;
	}
	return point == '\'' || point == '`' || point == 0xB4 ||
	       point == 0x2018 || point == 0x2019 || point == 0x2BC ||
	       point == 0x2B9 || point == 0x2032;
}

/* "đ", and Icelandic "ð" that bad fonts and keyboards put in its place. */
static bool
is_barred_d(int32_t point)
{
	return point == 0x111 || point == 0x110 || point == 0xF0 ||
	       point == 0xD0;
}

char *
text_fold(struct arena *arena, const char *text)
{
	/* A code point of two bytes becomes at most three, U+0149 "ŉ". */
	char *folded = arena_alloc(arena, strlen(text) * 3 + 1);
	size_t used = 0;

	while (*text != '\0') {
		int32_t point = next_point(&text);
		utf8proc_int32_t parts[DECOMPOSED_MAX] = { 'd' };
		utf8proc_ssize_t count = 1;
		int boundary = 0;

		if (point < 0x80) {
			parts[0] = is_ascii_capital(point) ? point + ('a' - 'A')
			                                   : point;
		} else if (!is_barred_d(point)) {
			count = utf8proc_decompose_char(point, parts,
			    DECOMPOSED_MAX,
			    UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
		}
		for (utf8proc_ssize_t i = 0; i < count; i++) {
			if (is_mark(parts[i]) || is_skipped(parts[i])) {
				continue;
			}
			used += (size_t)utf8proc_encode_char(parts[i],
			    (utf8proc_uint8_t *)folded + used);
		}
	}
	folded[used] = '\0';
	return folded;
}

char *
text_lower(struct arena *arena, const char *text)
{
	/* U+023A (2 bytes) has a small letter of 3; a bad byte becomes 3. */
	char *lower = arena_alloc(arena, strlen(text) * 3 + 1);
	size_t used = 0;

	while (*text != '\0') {
		used += (size_t)utf8proc_encode_char(
		    utf8proc_tolower(next_point(&text)),
		    (utf8proc_uint8_t *)lower + used);
	}
	lower[used] = '\0';
	return lower;
}

/* One letter with all its marks, as three keys of falling weight. */
struct letter {
	int32_t rank; /* place among the letters; 0 behind the last */
	int32_t tone; /* 0 ngang, huyền, hỏi, ngã, sắc, 5 nặng; more: foreign */
	bool is_capital;
};

/* Apart from the tones: the second and third letter written with one base. */
#define BREVE          0x306
#define CIRCUMFLEX     0x302
#define HORN           0x31B
#define NO_BREAK_SPACE 0xA0
#define RANK_DIGIT     0x100  /* behind ASCII blanks and signs */
#define RANK_LATIN     0x200  /* behind digits */
#define RANK_OTHER     0x1000 /* behind Latin letters */

/* a ă â, e ê, o ô ơ, u ư; other marks make no letter: 0. */
static int32_t
second_letter(int32_t base, int32_t mark)
{
	if (mark == BREVE) {
		return base == 'a' ? 1 : 0;
	}
	if (mark == CIRCUMFLEX) {
		return base == 'a' ? 2 : base == 'e' || base == 'o' ? 1 : 0;
	}
	if (mark == HORN) {
		return base == 'o' ? 2 : base == 'u' ? 1 : 0;
	}
	return 0;
}

/* The order of tones in Vietnamese dictionaries. */
static int32_t
tone_of(int32_t mark)
{
	static const int32_t tones[] = { 0x300, 0x309, 0x303, 0x301, 0x323 };

	for (int32_t i = 0; i < 5; i++) {
		if (tones[i] == mark) {
			return i + 1;
		}
	}
	return mark - FIRST_MARK + 6;
}

static void
add_mark(struct letter *letter, int32_t base, int32_t mark)
{
	int32_t second = second_letter(base, mark);

	if (second != 0) {
		letter->rank += second;
	} else {
		letter->tone = letter->tone * 0x80 % 0x1000000 + tone_of(mark);
	}
}

static int32_t
rank_of(int32_t base)
{
	if (base >= 'a' && base <= 'z') {
		return RANK_LATIN + (base - 'a') * 4;
	}
	if (base >= '0' && base <= '9') {
		return RANK_DIGIT + base;
	}
	if (base == NO_BREAK_SPACE) {
		return ' ';
	}
	return base < 0x80 ? base : RANK_OTHER + base;
}

/* The letter that a code point is by itself; its base is left in *base_out. */
static struct letter
letter_of(int32_t point, int32_t *base_out)
{
	utf8proc_int32_t parts[DECOMPOSED_MAX] = { point };
	struct letter letter = { 0 };
	utf8proc_ssize_t count = 1;
	int boundary = 0;

	if (point < 0x80) {
		letter.is_capital = is_ascii_capital(point);
		*base_out = letter.is_capital ? point + ('a' - 'A') : point;
		letter.rank = rank_of(*base_out);
		return letter;
	}
	count = utf8proc_decompose_char(point, parts, DECOMPOSED_MAX,
	    UTF8PROC_DECOMPOSE, &boundary);
	*base_out = utf8proc_tolower(parts[0]);
	letter.is_capital = *base_out != parts[0];
	letter.rank =
	    *base_out == 0x111 ? rank_of('d') + 1 : rank_of(*base_out);
	for (utf8proc_ssize_t i = 1; i < count; i++) {
		add_mark(&letter, *base_out, parts[i]);
	}
	return letter;
}

static struct letter
next_letter(const char **at)
{
	struct letter letter = { 0 };
	int32_t base;

	if (**at == '\0') {
		return letter;
	}
	letter = letter_of(next_point(at), &base);
	/* Marks behind their letter, as in normal form D: CC 80 to CD AF. */
	while ((uint8_t) * *at == 0xCC || (uint8_t) * *at == 0xCD) {
		const char *next = *at;
		int32_t mark = next_point(&next);

		if (!is_mark(mark)) {
			break;
		}
		add_mark(&letter, base, mark);
		*at = next;
	}
	return letter;
}

/*
 * The end, a blank or a sign.  All rank before what a syllable is made of, or
 * three names could stand in a circle.
 */
static bool
ends_syllable(int32_t rank)
{
	return rank < RANK_DIGIT;
}

int
text_compare(const char *a, const char *b)
{
	const char *rest_a = a;
	const char *rest_b = b;
	int32_t tone = 0;
	int capital = 0;

	for (;;) {
		struct letter x = next_letter(&rest_a);
		struct letter y = next_letter(&rest_b);

		if (tone != 0 && ends_syllable(x.rank) &&
		    ends_syllable(y.rank)) {
			return tone < 0 ? -1 : 1;
		}
		if (x.rank != y.rank) {
			return x.rank < y.rank ? -1 : 1;
		}
		if (x.rank == 0) {
			return capital != 0 ? capital : strcmp(a, b);
		}
		if (tone == 0) {
			tone = x.tone - y.tone;
		}
		if (capital == 0) {
			capital = x.is_capital - y.is_capital;
		}
	}
}

/*
 * A key is made of syllables, each
 *
 *     its letters   80 n digits  a number: how many digits, then these
 *                   81 .. E8     a Latin letter, by rank
 *                   F0 r r r     another one, seven bits of its rank a byte
 *     01 tones      02 ..        one a letter, as tone_of() has it
 *                   08 t t t     a foreign mark
 *     sign          02 .. 7F     what ends the syllable
 *
 * so that letters come before tones and an end before more letters.
 */
#define KEY_END     0x01
#define KEY_TONE    0x02
#define KEY_FOREIGN 0x08
#define KEY_NUMBER  0x80
#define KEY_LATIN   0x81
#define KEY_OTHER   0xF0
#define NUMBER_MAX  60u /* digits that are counted */

struct order {
	struct buf letters; /* of all syllables that have ended, too */
	struct buf tones;   /* of the present one */
};

static void
add_long(struct buf *buf, uint8_t lead, int32_t weight)
{
	const uint8_t bytes[] = { lead, (uint8_t)(0x80 | weight >> 14),
		(uint8_t)(0x80 | weight >> 7), (uint8_t)(0x80 | weight) };

	buf_add(buf, bytes, sizeof(bytes));
}

static void
end_syllable(struct order *order)
{
	if (order->tones.len > 0) {
		buf_add_byte(&order->letters, KEY_END);
		buf_add_bytes(&order->letters, buf_bytes(&order->tones));
		buf_reset(&order->tones);
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number that begins at *at, without zeros before it. */
static void
add_digits(struct order *order, const char **at)
{
	const char *first;
	size_t len;

	while (**at == '0' && is_digit((*at)[1])) {
		(*at)++;
	}
	first = *at;
	while (is_digit(**at)) {
		(*at)++;
	}
	len = (size_t)(*at - first);
	len = len < NUMBER_MAX ? len : NUMBER_MAX;
	buf_add_byte(&order->letters, KEY_NUMBER);
	buf_add_byte(&order->letters, (uint8_t)(len + 1));
	buf_add(&order->letters, first, len);
	buf_add_byte(&order->tones, KEY_TONE);
}

static void
add_letter(struct order *order, struct letter letter)
{
	if (ends_syllable(letter.rank)) {
		end_syllable(order);
		buf_add_byte(&order->letters,
		    (uint8_t)(letter.rank > 2 ? letter.rank : 2));
		return;
	}
	if (letter.rank >= RANK_LATIN && letter.rank < RANK_OTHER) {
		buf_add_byte(&order->letters,
		    (uint8_t)(KEY_LATIN + letter.rank - RANK_LATIN));
	} else {
		add_long(&order->letters, KEY_OTHER, letter.rank);
	}
	if (letter.tone < 6) {
		buf_add_byte(&order->tones, (uint8_t)(KEY_TONE + letter.tone));
	} else {
		add_long(&order->tones, KEY_FOREIGN, letter.tone);
	}
}

const char *
text_order(struct arena *arena, const char *text, size_t max)
{
	struct order order;
	struct bytes key;
	const char *out;

	buf_init(&order.letters, SIZE_MAX / 2);
	buf_init(&order.tones, SIZE_MAX / 2);
	while (*text != '\0' && order.letters.len < max) {
		if (is_digit(*text)) {
			add_digits(&order, &text);
		} else {
			add_letter(&order, next_letter(&text));
		}
	}
	end_syllable(&order);
	key = buf_bytes(&order.letters);
	out = arena_text_of(arena,
	    bytes_of(key.data, key.len < max ? key.len : max));
	buf_fini(&order.letters);
	buf_fini(&order.tones);
	return out;
}

size_t
text_number(char text[TEXT_NUMBER], uint64_t number)
{
	char digits[TEXT_NUMBER];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	memcpy(text, digits + first, sizeof(digits) - first);
	return sizeof(digits) - first;
}

bool
text_is_id(const char *text)
{
	size_t len = 0;

	for (; text[len] != '\0'; len++) {
		char c = text[len];
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		            (c == '-' && len > 0);

		if (!fits || len >= 64) {
			return false;
		}
	}
	return len > 0;
}

const char *
text_clip(char *out, size_t room, const char *text)
{
	size_t len = strlen(text);

	if (len < room) {
		memcpy(out, text, len + 1);
		return out;
	}
	len = room - 4;
	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
		len--;
	}
	memcpy(out, text, len);
	memcpy(out + len, "...", 4);
	return out;
}
