/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The language is chosen once.  It takes no locale of the system: where
 * Vietnamese is meant to be read, a server rarely has one.
 */

#include "base/say.h"

#include "base/phrase.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 8192u /* the longest help of a command */

static bool is_english = true;

/* The first of the three that is set counts: POSIX, 8.2. */
static bool
locale_is_english(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0') {
			return strncmp(value, "en", 2) == 0 &&
			       strchr("_.@", value[2]) != NULL;
		}
	}
	return false;
}

void
say_begin(bool english)
{
	is_english = english || locale_is_english();
}

bool
say_is_english(void)
{
	return is_english;
}

int
say_print(char *text, size_t size, const char *format, va_list args)
{
	return is_english ? vsnprintf(text, size, format, args)
	                  : phrase_print(text, size, format, args);
}

static void __attribute__((format(printf, 2, 0)))
print(FILE *out, const char *format, va_list args)
{
	char text[LINES_MAX];

	say_print(text, sizeof(text), format, args);
	fputs(text, out);
}

void
say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(stdout, format, args);
	va_end(args);
}

void
say_to(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(out, format, args);
	va_end(args);
}

const char *
say_text(const char *english)
{
	return is_english ? english : phrase_word(english);
}

const char *
say_fault(const struct fault *fault)
{
	return is_english ? fault->text : fault->local;
}
