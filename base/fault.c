/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Faults are plain values: filling one allocates nothing and keeps nothing
 * in thread-local state.  Text that is too long is cut at a character.
 */

#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Do not end in the middle of a UTF-8 sequence when vsnprintf cut the text. */
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
	int len = vsnprintf(fault->text, sizeof(fault->text), format, args);

	if (len >= (int)sizeof(fault->text)) {
		trim_to_character(fault->text, sizeof(fault->text) - 1);
	}
}

int
fault_set(struct fault *fault, enum fault_code code, const char *format, ...)
{
	va_list args;

	fault->code = code;
	fault->sys = 0;
	fault->field[0] = '\0';
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	return -1;
}

int
fault_field(struct fault *fault, const char *field, const char *format, ...)
{
	va_list args;

	fault->code = FAULT_INVALID;
	fault->sys = 0;
	snprintf(fault->field, sizeof(fault->field), "%s", field);
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	return -1;
}

int
fault_errno(struct fault *fault, int sys, const char *format, ...)
{
	va_list args;
	char words[80] = "";
	size_t used;

	fault->code = FAULT_SYSTEM;
	fault->sys = sys;
	fault->field[0] = '\0';
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	used = strlen(fault->text);
	snprintf(fault->text + used, sizeof(fault->text) - used, ": %s",
	    strerror_r(sys, words, sizeof(words)));
	return -1;
}

void
fault_prefix(struct fault *fault, const char *format, ...)
{
	char inner[sizeof(fault->text)];
	va_list args;
	size_t used;

	memcpy(inner, fault->text, sizeof(inner));
	va_start(args, format);
	write_text(fault, format, args);
	va_end(args);
	used = strlen(fault->text);
	if (snprintf(fault->text + used, sizeof(fault->text) - used, ": %s",
	        inner) >= (int)(sizeof(fault->text) - used)) {
		trim_to_character(fault->text, sizeof(fault->text) - 1);
	}
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
		[FAULT_UNSURE] = "unsure",
	};

	return names[code];
}
