/* SPDX-License-Identifier: Apache-2.0 */

/* Model: the order of names by a table of the alphabet, as in dictionaries. */

#include "base/text.h"

#include "tests/unit/alphabet.h"
#include "tests/unit/unit.h"

/* A letter of the table, or a blank between two syllables. */
struct pick {
	bool is_blank;
	size_t letter;
	size_t tone;
	bool is_capital;
};

static int
sign(int64_t value)
{
	return (value > 0) - (value < 0);
}

static size_t
syllable(const struct pick *word, size_t len)
{
	size_t end = 0;

	while (end < len && !word[end].is_blank) {
		end++;
	}
	return end;
}

static int
compare_syllables(const struct pick *a, size_t a_len, const struct pick *b,
    size_t b_len)
{
	for (size_t i = 0; i < a_len && i < b_len; i++) {
		if (a[i].letter != b[i].letter) {
			return a[i].letter < b[i].letter ? -1 : 1;
		}
	}
	if (a_len != b_len) {
		return a_len < b_len ? -1 : 1;
	}
	for (size_t i = 0; i < a_len; i++) {
		if (a[i].tone != b[i].tone) {
			return a[i].tone < b[i].tone ? -1 : 1;
		}
	}
	return 0;
}

static int
model_compare(const struct pick *a, size_t a_len, const struct pick *b,
    size_t b_len)
{
	size_t done = 0;

	for (;;) {
		size_t a_end = syllable(a + done, a_len - done);
		size_t b_end = syllable(b + done, b_len - done);
		int order = compare_syllables(a + done, a_end, b + done, b_end);

		if (order != 0) {
			return order;
		}
		done += a_end;
		if (done == a_len || done == b_len) {
			break;
		}
		done++; /* the blank */
	}
	if (a_len != b_len) {
		return a_len < b_len ? -1 : 1;
	}
	for (size_t i = 0; i < a_len; i++) {
		if (a[i].is_capital != b[i].is_capital) {
			return a[i].is_capital ? 1 : -1;
		}
	}
	return 0;
}

#define WORD 6

static size_t
draw_word(struct pick word[WORD], char *text)
{
	size_t len = unit_draw() % (WORD + 1);

	text[0] = '\0';
	for (size_t i = 0; i < len; i++) {
		size_t letter = unit_draw() % 3 * 3; /* few, for many ties */
		size_t tone = unit_draw() % TONES;

		if (unit_draw() % 4 == 0) {
			word[i] = (struct pick){ .is_blank = true };
			strcat(text, " ");
			continue;
		}
		tone = alphabet[letter][tone] != NULL ? tone : 0;
		word[i] = (struct pick){ .letter = letter,
			.tone = tone,
			.is_capital = unit_draw() % 4 == 0 };
		strcat(text, word[i].is_capital ? capitals[letter][tone]
		                                : alphabet[letter][tone]);
	}
	return len;
}

static void
words_stand_in_the_order_of_the_dictionary(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		struct pick a[WORD];
		struct pick b[WORD];
		char a_text[40];
		char b_text[40];
		size_t a_len = draw_word(a, a_text);
		size_t b_len = draw_word(b, b_text);
		int wanted = model_compare(a, a_len, b, b_len);
		int got = sign(text_compare(a_text, b_text));

		if (got != wanted) {
			print_error("\"%s\" and \"%s\": got %d, wanted %d\n",
			    a_text, b_text, got, wanted);
			fail();
		}
	}
}

static void
the_alphabet_is_in_order(void **state)
{
	const char *before = "";

	(void)state;
	for (size_t i = 0; i < LETTERS; i++) {
		for (size_t tone = 0; tone < TONES; tone++) {
			const char *letter = alphabet[i][tone];

			if (letter == NULL) {
				continue;
			}
			if (text_compare(before, letter) >= 0 ||
			    text_compare(letter, before) <= 0 ||
			    text_compare(letter, capitals[i][tone]) >= 0 ||
			    text_compare(letter, letter) != 0) {
				print_error("%s, %s, %s are out of order\n",
				    before, letter, capitals[i][tone]);
				fail();
			}
			before = letter;
		}
	}
}

static void
names_of_places_stand_in_order(void **state)
{
	static const char *const names[] = { "", "2 Tháng 4", "An Khê",
		"An Lão", "Ayun Pa", "Ba Tơ", "Ba Vì", "Bà Rịa", "Bắc Hà",
		"Bình Sơn", "Dak", "Dung Quất", "Đăk Hà", "Đắk Hà", "Đức Phổ",
		"Ea Kar", "Lý Sơn", "Lý sơn B", "Sơn Ha", "Sơn Hà", "Sơn Hạ",
		"Sơn Tây", "Sơng", "Ya Ly" };

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++) {
		if (text_compare(names[i], names[i + 1]) >= 0) {
			print_error("\"%s\" should stand before \"%s\"\n",
			    names[i], names[i + 1]);
			fail();
		}
	}
}

static void
signs_stand_before_digits_and_those_before_letters(void **state)
{
	/* In order; a tone counts where its syllable ends, not before. */
	static const char *const names[] = { "a", "a b", "a!", "a:", "a_b",
		"a~", "à", "à b", "à!", "ạ", "a0", "a9", "aa", "aà" };
	const size_t count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			int got = sign(text_compare(names[i], names[j]));

			if (got != (i > j) - (i < j)) {
				print_error("\"%s\" and \"%s\": got %d\n",
				    names[i], names[j], got);
				fail();
			}
		}
	}
}

/* The order by bytes is that of text_compare(), capitals and numbers apart. */
static void
orders_as_bytes_are_orders_of_words(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		struct pick a[WORD];
		struct pick b[WORD];
		char a_text[40];
		char b_text[40];
		const char *a_small;
		const char *b_small;
		int wanted;
		int got;

		draw_word(a, a_text);
		draw_word(b, b_text);
		arena_reset(arena);
		a_small = text_lower(arena, a_text);
		b_small = text_lower(arena, b_text);
		wanted = sign(text_compare(a_small, b_small));
		got = sign(strcmp(text_order(arena, a_text, 200),
		    text_order(arena, b_text, 200)));
		if (got != wanted) {
			print_error("\"%s\" and \"%s\": got %d, wanted %d\n",
			    a_text, b_text, got, wanted);
			fail();
		}
	}
	arena_free(arena);
}

static void
numbers_stand_by_their_value(void **state)
{
	static const char *const names[] = { "", "Cụm 2", "Cụm 02 b", "Cụm 10",
		"Cụm 10a", "Cụm 10b", "Cụm 11", "Cụm 123456789012345678901",
		"Cụm a", "Cụm \u0416", "Phường 1", "Phường 2", "Phường 10",
		"Xã Sơn Ha", "Xã Sơn Hà", "Xã Sơn Hạ", "Xã Sơng", "Xa\u030A",
		"Xå b" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text_order(arena, names[i], 200),
		        text_order(arena, names[i + 1], 200)) >= 0) {
			print_error("\"%s\" should stand before \"%s\"\n",
			    names[i], names[i + 1]);
			fail();
		}
	}
	assert_text(text_order(arena, "XÃ SƠN", 99),
	    text_order(arena, "xã sơn", 99));
	assert_text(text_order(arena, "Cụm 007", 99),
	    text_order(arena, "Cụm 7", 99));
	assert_int_equal(strlen(text_order(arena, "Xã Đắk Choong", 7)), 7);
	arena_free(arena);
}

static void
letters_in_pieces_stand_beside_whole_ones(void **state)
{
	(void)state;
	/* ậ in two orders of its marks, between ẫ and ấ's neighbours. */
	assert_true(text_compare("ấ", "a\u0323\u0302") < 0);
	assert_true(text_compare("a\u0323\u0302", "b") < 0);
	assert_true(text_compare("a\u0302\u0323z", "ậa") > 0);
	assert_true(text_compare("a\u0302\u0323a", "ậz") < 0);
	assert_true(text_compare("a\xFF", "ab") > 0);
}

UNIT_MAIN(unit(words_stand_in_the_order_of_the_dictionary),
    unit(the_alphabet_is_in_order), unit(names_of_places_stand_in_order),
    unit(signs_stand_before_digits_and_those_before_letters),
    unit(orders_as_bytes_are_orders_of_words),
    unit(numbers_stand_by_their_value),
    unit(letters_in_pieces_stand_beside_whole_ones))
