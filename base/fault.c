/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Faults are plain values: filling one allocates nothing and keeps nothing
 * in thread-local state.  Text that is too long is cut at a character.
 */

#include "base/fault.h"

#include "base/phrase.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Do not end in the middle of a UTF-8 sequence where the text was cut. */
static void
trim_to_character(char *text, size_t len)
{
	size_t start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
		start--;
	}
	if (start == 0 || (unsigned char)text[start - 1] < 0xC0) {
		return;
	}
	unsigned char lead = (unsigned char)text[start - 1];
	size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (len - (start - 1) < want) {
		text[start - 1] = '\0';
	}
}

static void __attribute__((format(printf, 2, 0)))
write_text(struct fault *fault, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	if (vsnprintf(fault->text, sizeof(fault->text), format, args) >=
	    (int)sizeof(fault->text)) {
		trim_to_character(fault->text, sizeof(fault->text) - 1);
	}
	if (phrase_print(fault->local, sizeof(fault->local), format, again) >=
	    (int)sizeof(fault->local)) {
		trim_to_character(fault->local, sizeof(fault->local) - 1);
	}
	va_end(again);
}

/* Add ": inner" to a text that stands. */
static void
append(char *text, size_t size, const char *inner)
{
	size_t used = strlen(text);

	if (snprintf(text + used, size - used, ": %s", inner) >=
	    (int)(size - used)) {
		trim_to_character(text, size - 1);
	}
}

static void
begin(struct fault *fault, enum fault_code code, int sys, const char *field)
{
	fault->code = code;
	fault->sys = sys;
	snprintf(fault->field, sizeof(fault->field), "%s", field);
	trim_to_character(fault->field, strlen(fault->field));
}

int
fault_set(struct fault *fault, enum fault_code code, const char *format, ...)
{
	va_list args;

	begin(fault, code, 0, "");
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	return -1;
}

int
fault_field_list(struct fault *fault, const char *field, const char *format,
    va_list args)
{
	begin(fault, FAULT_INVALID, 0, field);
	write_text(fault, format, args);
	return -1;
}

int
fault_field(struct fault *fault, const char *field, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_field_list(fault, field, format, args);
	va_end(args);
	return -1;
}

/* The disk, its quota, or what one file may have (RLIMIT_FSIZE). */
bool
fault_is_full(int sys)
{
	return sys == ENOSPC || sys == EDQUOT || sys == EFBIG;
}

int
fault_errno(struct fault *fault, int sys, const char *format, ...)
{
	va_list args;
	char words[80] = "";
	const char *reason = strerror_r(sys, words, sizeof(words));

	begin(fault, fault_is_full(sys) ? FAULT_FULL : FAULT_SYSTEM, sys, "");
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	append(fault->text, sizeof(fault->text), reason);
	append(fault->local, sizeof(fault->local), phrase_word(reason));
	return -1;
}

void
fault_field_within(struct fault *fault, const char *place)
{
	char field[sizeof(fault->field)];

	memcpy(field, fault->field, sizeof(field));
	snprintf(fault->field, sizeof(fault->field), "%s%s", place, field);
	trim_to_character(fault->field, strlen(fault->field));
}

void
fault_prefix(struct fault *fault, const char *format, ...)
{
	char text[sizeof(fault->text)];
	char local[sizeof(fault->local)];
	va_list args;

	memcpy(text, fault->text, sizeof(text));
	memcpy(local, fault->local, sizeof(local));
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	append(fault->text, sizeof(fault->text), text);
	append(fault->local, sizeof(fault->local), local);
}

const char *
fault_name(enum fault_code code)
{
	static const char *const names[] = {
		[FAULT_NONE] = "none",
		[FAULT_INVALID] = "invalid",
		[FAULT_UNKNOWN] = "unknown",
		[FAULT_DENIED] = "denied",
		[FAULT_ABSENT] = "absent",
		[FAULT_CONFLICT] = "conflict",
		[FAULT_LIMIT] = "limit",
		[FAULT_RATE] = "rate",
		[FAULT_CORRUPT] = "corrupt",
		[FAULT_SYSTEM] = "system",
		[FAULT_PLUGIN] = "plugin",
		[FAULT_BUSY] = "busy",
		[FAULT_FULL] = "full",
		[FAULT_UNSURE] = "unsure",
	};

	return names[code];
}
