/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The table is generated (see the header).  The format of a row is walked by
 * hand, conversion by conversion, for two of them have a meaning of our own
 * and no printf knows which of its texts are words.
 */

#include "base/phrase.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPEC_MAX 16u /* of one conversion: "%-20.40s" */

/* --- finding -------------------------------------------------------------- */

static int
compare(const void *english, const void *row)
{
	return strcmp(english, ((const struct phrase *)row)->english);
}

const char *
phrase_find(const char *english)
{
	const struct phrase *row = bsearch(english, phrase_table, phrase_count,
	    sizeof(phrase_table[0]), compare);

	return row != NULL ? row->vietnamese : NULL;
}

const char *
phrase_word(const char *english)
{
	const char *vietnamese = phrase_find(english);

	return vietnamese != NULL ? vietnamese : english;
}

/* --- printing ------------------------------------------------------------- */

struct page {
	char *text;
	size_t size;
	size_t len; /* of the whole, which may be more than fits */
};

static void
put(struct page *page, const char *text, size_t len)
{
	if (page->len + 1 < page->size) {
		size_t room = page->size - page->len - 1;
		size_t part = len < room ? len : room;

		memcpy(page->text + page->len, text, part);
		page->text[page->len + part] = '\0';
	}
	page->len += len;
}

static void
put_text(struct page *page, const char *text)
{
	put(page, text, strlen(text));
}

/* One word in Vietnamese, with the English behind it where that is typed. */
static void
put_word(struct page *page, const char *english, bool is_typed)
{
	const char *vietnamese = phrase_find(english);

	if (vietnamese == NULL) {
		put_text(page, english);
		return;
	}
	put_text(page, vietnamese);
	if (is_typed && strcmp(vietnamese, english) != 0) {
		put_text(page, " (");
		put_text(page, english);
		put_text(page, ")");
	}
}

/* A word, or words with ", " between them. */
static void
put_words(struct page *page, const char *text, bool is_typed)
{
	const char *comma = strstr(text, ", ");

	if (comma == NULL || phrase_find(text) != NULL) {
		put_word(page, text, is_typed);
		return;
	}
	for (; text != NULL; comma = strstr(text, ", ")) {
		char word[80];
		size_t len =
		    comma != NULL ? (size_t)(comma - text) : strlen(text);

		if (len < sizeof(word)) {
			memcpy(word, text, len);
			word[len] = '\0';
			put_word(page, word, is_typed);
		} else {
			put(page, text, len);
		}
		if (comma == NULL) {
			return;
		}
		put_text(page, ", ");
		text = comma + 2;
	}
}

/*
 * A conversion: its text without '*' (but for the length of a text), its
 * length modifier, its letter.
 */
struct conversion {
	char spec[SPEC_MAX];
	char wide;   /* 0, l, L for ll, z, j */
	char letter; /* d i u x X o c s p, or 0: none that we know */
	bool is_word;
	bool is_typed;
	bool is_cut; /* "%.*s": to this length */
	int length;
};

/* Copy a number, or what '*' takes from the arguments. */
static const char *
read_number(const char *format, struct page *spec, va_list *args)
{
	char digits[12];

	if (*format != '*') {
		size_t len = strspn(format, "0123456789");

		put(spec, format, len);
		return format + len;
	}
	snprintf(digits, sizeof(digits), "%d", va_arg(*args, int));
	put_text(spec, digits);
	return format + 1;
}

/* Read the conversion behind a '%'; what follows it. */
static const char *
read_conversion(struct conversion *conversion, const char *format,
    va_list *args)
{
	struct page spec = { conversion->spec, sizeof(conversion->spec), 0 };
	char word_mark =
	    format[0] == '#' || format[0] == '+' ? format[0] : '\0';

	conversion->spec[0] = '\0';
	put(&spec, "%", 1);
	if (word_mark != '\0' && format[1] == 's') {
		conversion->is_word = true;
		conversion->is_typed = word_mark == '+';
		format++;
	}
	while (*format != '\0' && strchr("-+ #0", *format) != NULL) {
		put(&spec, format++, 1);
	}
	format = read_number(format, &spec, args);
	if (format[0] == '.' && format[1] == '*' && format[2] == 's') {
		/* Left as it is: gcc's sanitizer reads past a text by "%.0s". */
		put(&spec, format, 2);
		conversion->is_cut = true;
		conversion->length = va_arg(*args, int);
		format += 2;
	} else if (*format == '.') {
		put(&spec, format, 1);
		format = read_number(format + 1, &spec, args);
	}
	while (*format != '\0' && strchr("lzj", *format) != NULL) {
		conversion->wide = conversion->wide == 'l' ? 'L' : *format;
		put(&spec, format++, 1);
	}
	put(&spec, format, *format != '\0');
	if (*format == '\0' || spec.len >= sizeof(conversion->spec)) {
		return format;
	}
	conversion->letter = *format;
	return format + 1;
}

/* The translated formats have the conversions of their originals. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void
put_number(struct page *page, const struct conversion *conversion,
    va_list *args)
{
	char text[80] = "";
	const char *spec = conversion->spec;

	switch (conversion->wide) {
	case 'l':
		snprintf(text, sizeof(text), spec, va_arg(*args, long));
		break;
	case 'L':
		snprintf(text, sizeof(text), spec, va_arg(*args, long long));
		break;
	case 'z':
		snprintf(text, sizeof(text), spec, va_arg(*args, size_t));
		break;
	case 'j':
		snprintf(text, sizeof(text), spec, va_arg(*args, intmax_t));
		break;
	default:
		snprintf(text, sizeof(text), spec, va_arg(*args, int));
		break;
	}
	put_text(page, text);
}

/* A text with its width and precision, however long it is. */
static void
put_string(struct page *page, const struct conversion *conversion,
    const char *string)
{
	bool has_room = page->len < page->size;
	size_t room = has_room ? page->size - page->len : 1;
	char none[1];
	char *text = has_room ? page->text + page->len : none;
	int len = conversion->is_cut
	              ? snprintf(text, room, conversion->spec,
	                    conversion->length, string)
	              : snprintf(text, room, conversion->spec, string);

	page->len += len > 0 ? (size_t)len : 0;
}

int
phrase_print(char *text, size_t size, const char *english, va_list args)
{
	const char *format = phrase_find(english);
	struct page page = { text, size, 0 };
	va_list left;

	if (format == NULL) {
		return vsnprintf(text, size, english, args);
	}
	if (size > 0) {
		text[0] = '\0';
	}
	va_copy(left, args);
	while (*format != '\0') {
		struct conversion conversion = { .wide = '\0' };
		size_t len = strcspn(format, "%");

		put(&page, format, len);
		format += len;
		if (format[0] == '\0') {
			break;
		}
		if (format[1] == '%') {
			put(&page, "%", 1);
			format += 2;
			continue;
		}
		format = read_conversion(&conversion, format + 1, &left);
		if (conversion.is_word) {
			put_words(&page, va_arg(left, const char *),
			    conversion.is_typed);
		} else if (conversion.letter == 's') {
			put_string(&page, &conversion,
			    va_arg(left, const char *));
		} else if (conversion.letter != '\0' &&
		           strchr("diuxXoc", conversion.letter) != NULL) {
			put_number(&page, &conversion, &left);
		} else {
			break; /* no row has it: check-words */
		}
	}
	va_end(left);
	return (int)page.len;
}

#pragma GCC diagnostic pop
