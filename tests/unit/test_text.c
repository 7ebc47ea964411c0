/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Models: UTF-8 by decoding and asking whether encoding gives the bytes back;
 * normal form C by utf8proc without our shortcuts.
 */

#include "base/text.h"

#include "tests/unit/alphabet.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

static const char bases[] = "aaabcddeeghiklmnooopqrstuuvxy";

static bool
model_is_utf8(const uint8_t *p, size_t len)
{
	while (len > 0) {
		size_t need = p[0] < 0x80       ? 1
		              : p[0] >> 5 == 6  ? 2
		              : p[0] >> 4 == 14 ? 3
		              : p[0] >> 3 == 30 ? 4
		                                : 0;
		uint32_t point;

		if (need == 0 || need > len) {
			return false;
		}
		point = need == 1 ? p[0] : p[0] & (0xFFu >> (need + 1));
		for (size_t i = 1; i < need; i++) {
			if (p[i] >> 6 != 2) {
				return false;
			}
			point = point << 6 | (p[i] & 0x3Fu);
		}
		size_t shortest = point < 0x80      ? 1
		                  : point < 0x800   ? 2
		                  : point < 0x10000 ? 3
		                                    : 4;
		if (shortest != need || point == 0 || point > 0x10FFFF ||
		    (point >= 0xD800 && point < 0xE000)) {
			return false;
		}
		p += need;
		len -= need;
	}
	return true;
}

static void
check_utf8(const uint8_t *text, size_t len)
{
	bool wanted = model_is_utf8(text, len);
	bool got = text_is_utf8(bytes_of(text, len));

	if (got != wanted) {
		print_error(
		    "%zu bytes %02x %02x %02x %02x: got %d, wanted %d\n", len,
		    text[0], len > 1 ? text[1] : 0, len > 2 ? text[2] : 0,
		    len > 3 ? text[3] : 0, got, wanted);
		fail();
	}
}

static void
every_short_sequence_is_judged_as_rfc_3629_does(void **state)
{
	static const uint8_t edges[] = { 0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
		0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF };

	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			uint8_t text[4] = { (uint8_t)a, (uint8_t)b };

			check_utf8(text, 1);
			check_utf8(text, 2);
			for (unsigned c = 0; c < sizeof(edges); c++) {
				text[2] = edges[c];
				check_utf8(text, 3);
				for (unsigned d = 0; d < sizeof(edges); d++) {
					text[3] = edges[d];
					check_utf8(text, 4);
				}
			}
		}
	}
}

static void
a_bad_byte_is_found_wherever_it_stands(void **state)
{
	(void)state;
	for (size_t len = 1; len < 40; len++) {
		for (size_t at = 0; at < len; at++) {
			uint8_t *text = malloc(len); /* its end is guarded */

			assert_non_null(text);
			memset(text, 'a', len);
			text[at] = 0x80;
			check_utf8(text, len);
			text[at] = 0xC4; /* half of a "đ" */
			check_utf8(text, len);
			text[at] = 0;
			check_utf8(text, len);
			free(text);
		}
	}
	assert_true(text_is_utf8(NO_BYTES));
}

static bool
model_is_nfc(const char *text)
{
	utf8proc_uint8_t *composed = utf8proc_NFC((const uint8_t *)text);
	bool same = composed != NULL && strcmp((char *)composed, text) == 0;

	free(composed);
	return same;
}

static size_t
encode(char *text, int32_t point)
{
	size_t len = (size_t)utf8proc_encode_char(point, (uint8_t *)text);

	text[len] = '\0';
	return len;
}

static void
check_nfc(const char *text)
{
	bool wanted = model_is_nfc(text);
	bool got = text_is_nfc(bytes_of_text(text));

	if (got != wanted) {
		print_error("\"%s\": got %d, wanted %d\n", text, got, wanted);
		fail();
	}
}

static void
every_character_is_normal_or_not_as_unicode_says(void **state)
{
	char text[16];

	(void)state;
	for (int32_t point = 1; point < 0x30000; point++) {
		if (point < 0xD800 || point > 0xDFFF) {
			encode(text, point);
			check_nfc(text);
		}
	}
}

static void
marks_behind_letters_are_composed(void **state)
{
	static const int32_t marks[] = { 0x300, 0x301, 0x302, 0x303, 0x306,
		0x309, 0x31B, 0x323, 0x327, 0x338, 0x1E00, 0x2019 };
	char text[16];

	(void)state;
	for (int32_t point = 'A'; point < 0x1F00; point++) {
		if (point == 0x250) {
			point = 0x1E00; /* the letters of Europe and Vietnam */
		}
		for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
			encode(text + encode(text, point), marks[i]);
			check_nfc(text);
		}
	}
}

static void
text_in_pieces_becomes_text_in_normal_form(void **state)
{
	struct arena *arena = arena_new();
	struct fault fault;
	const char *text = NULL;

	(void)state;
	assert_int_equal(text_nfc(arena, &text,
	                     bytes_of_text("Quye\u0302\u0301t đi\u0323nh"),
	                     &fault),
	    0);
	assert_string_equal(text, "Quyết định");
	assert_int_equal(
	    text_nfc(arena, &text, bytes_of_text("Đắk Blà"), &fault), 0);
	assert_string_equal(text, "Đắk Blà");
	assert_int_equal(text_nfc(arena, &text, NO_BYTES, &fault), 0);
	assert_string_equal(text, "");
	assert_int_equal(text_nfc(arena, &text, bytes_of_text("a\xC4"), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_string_equal(fault.text, "text is not valid UTF-8");
	arena_free(arena);
}

/* A letter and `count` marks that canonical order would turn round. */
static char *
letter_with_marks(struct arena *arena, unsigned count)
{
	char *text = arena_alloc(arena, 2 + 2 * (size_t)count);

	text[0] = 'a';
	for (unsigned i = 0; i < count; i++) {
		encode(text + 1 + 2 * i, i < count / 2 ? 0x301 : 0x323);
	}
	return text;
}

static void
a_flood_of_marks_is_refused_before_it_costs_anything(void **state)
{
	struct arena *arena = arena_new();
	struct fault fault;
	const char *text = NULL;

	(void)state;
	assert_int_equal(text_nfc(arena, &text,
	                     bytes_of_text(letter_with_marks(arena, 30)),
	                     &fault),
	    0);
	assert_true(text_is_nfc(bytes_of_text(text)));
	assert_int_equal(text_nfc(arena, &text,
	                     bytes_of_text(letter_with_marks(arena, 31)),
	                     &fault),
	    -1);
	assert_string_equal(fault.text,
	    "text has more than 30 combining marks in a row");
	/* Two million of them would take minutes to put in order. */
	assert_false(
	    text_is_nfc(bytes_of_text(letter_with_marks(arena, 2000000))));
	arena_free(arena);
}

static void
every_vietnamese_letter_folds_to_its_base(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < LETTERS; i++) {
		for (size_t tone = 0; tone < TONES; tone++) {
			char wanted[2] = { bases[i], '\0' };
			const char *letter = alphabet[i][tone];
			utf8proc_uint8_t *apart;

			if (letter == NULL) {
				continue;
			}
			apart = utf8proc_NFD((const uint8_t *)letter);
			assert_string_equal(text_fold(arena, letter), wanted);
			assert_string_equal(text_fold(arena, capitals[i][tone]),
			    wanted);
			assert_string_equal(
			    text_fold(arena, (const char *)apart), wanted);
			free(apart);
		}
	}
	arena_free(arena);
}

static void
spellings_of_one_name_fold_alike(void **state)
{
	static const char *const names[][2] = {
		{ "Xã Đắk Blà", "xadakbla" },
		{ "xa Dak Bla", "xadakbla" },
		{ "ĐăkBlà", "dakbla" },
		{ "Ia H'Drai", "iahdrai" },
		{ "Ia H\u2019 Drai", "iahdrai" },
		{ "Bà Rịa - Vũng Tàu", "bariavungtau" },
		{ "Bà Rịa \u2013 Vũng Tàu", "bariavungtau" },
		{ "Sơn\u00A0Hà", "sonha" },
		{ "Quảng\u00AD Ngãi", "quangngai" },
		{ "\uFEFFThành phố 2", "thanhpho2" },
		{ "STRASSE straße \uFB01", "strassestrassefi" },
		{ "\u0149", "n" },
		{ "", "" },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_string_equal(text_fold(arena, names[i][0]), names[i][1]);
	}
	arena_free(arena);
}

static void
no_character_folds_to_more_than_there_is_room_for(void **state)
{
	(void)state;
	for (int32_t point = 1; point < 0x110000; point++) {
		struct arena *arena;
		char text[8];

		if ((point >= 0xD800 && point < 0xE000) ||
		    (point > 0x20000 && point % 64 != 0)) {
			continue;
		}
		arena = arena_new();
		size_t len = encode(text, point);
		size_t folded = strlen(text_fold(arena, text));

		if (folded > 3 * len) {
			print_error("U+%04X: %zu bytes become %zu\n",
			    (unsigned)point, len, folded);
			fail();
		}
		arena_free(arena);
	}
}

static void
folding_bytes_that_are_no_text_ends(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(text_fold(arena, "a\xC4"), "a\uFFFD");
	assert_string_equal(text_fold(arena, "\xE1\xBB"), "\uFFFD\uFFFD");
	arena_free(arena);
}

static void
capitals_become_small_and_nothing_else_changes(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_text(text_lower(arena, "XÃ Đắk Blà 2"), "xã đắk blà 2");
	assert_text(text_lower(arena, "ƯƠNG ẬỆỖ"), "ương ậệỗ");
	assert_text(text_lower(arena, ""), "");
	assert_text(text_lower(arena, "a\xFF"), "a\xEF\xBF\xBD");
	arena_free(arena);
}

static void
ids_are_short_and_plain(void **state)
{
	char text[70] = { 0 };

	(void)state;
	assert_true(text_is_id("a"));
	assert_true(text_is_id("0"));
	assert_true(text_is_id("bang-khen-2026"));
	assert_false(text_is_id(""));
	assert_false(text_is_id("-a"));
	assert_false(text_is_id("A"));
	assert_false(text_is_id("a_b"));
	assert_false(text_is_id("a/b"));
	assert_false(text_is_id("đ"));
	assert_false(text_is_id("a\n"));
	memset(text, 'a', 64);
	assert_true(text_is_id(text));
	text[64] = 'a';
	assert_false(text_is_id(text));
}

static void
a_name_too_long_for_a_message_is_cut_at_a_character(void **state)
{
	char long_name[256] = "";
	char out[16];

	(void)state;
	assert_string_equal(text_clip(out, sizeof(out), "fifteen letters"),
	    "fifteen letters");
	assert_string_equal(text_clip(out, sizeof(out), "sixteen letters!"),
	    "sixteen lett...");
	assert_string_equal(text_clip(out, sizeof(out), "Quyết định số 1"),
	    "Quyết đ...");
	for (int i = 0; i < 80; i++) {
		strcat(long_name, "ệ");
	}
	assert_true(text_is_utf8(bytes_of_text(text_clipped(long_name))));
	assert_int_equal(strlen(text_clipped(long_name)), 102);
}

static void
a_number_is_written_as_printf_writes_it(void **state)
{
	uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, UINT32_MAX, UINT64_MAX };
	char text[TEXT_NUMBER];
	char wanted[32];

	(void)state;
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t len = text_number(text, numbers[i]);

		snprintf(wanted, sizeof(wanted), "%llu",
		    (unsigned long long)numbers[i]);
		if (len != strlen(wanted) || memcmp(text, wanted, len) != 0) {
			fail_msg("wanted %s, got %.*s", wanted, (int)len, text);
		}
	}
}

UNIT_MAIN(unit(every_short_sequence_is_judged_as_rfc_3629_does),
    unit(a_bad_byte_is_found_wherever_it_stands),
    unit(every_character_is_normal_or_not_as_unicode_says),
    unit(marks_behind_letters_are_composed),
    unit(text_in_pieces_becomes_text_in_normal_form),
    unit(a_flood_of_marks_is_refused_before_it_costs_anything),
    unit(every_vietnamese_letter_folds_to_its_base),
    unit(spellings_of_one_name_fold_alike),
    unit(no_character_folds_to_more_than_there_is_room_for),
    unit(folding_bytes_that_are_no_text_ends),
    unit(capitals_become_small_and_nothing_else_changes),
    unit(ids_are_short_and_plain),
    unit(a_number_is_written_as_printf_writes_it),
    unit(a_name_too_long_for_a_message_is_cut_at_a_character))
