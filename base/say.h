/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SAY_H
#define BASE_SAY_H

#include "base/fault.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * What a tool tells whoever started it, in one language for the whole run:
 * Vietnamese, or English where the locale of messages is English (LC_ALL, else
 * LC_MESSAGES, else LANG: "en", "en_US.UTF-8") or --english asks for it.
 *
 * Thread:  begin before any thread starts; the rest from anywhere.
 */
void say_begin(bool english);

/* So it is before say_begin(), as in servers and tests. */
bool say_is_english(void);

/* Print on standard output, or elsewhere. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_to(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As vsnprintf(). */
int say_print(char *text, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* A text of the catalogue, as it stands there; itself where it has no row. */
const char *say_text(const char *english);

/* The fault's sentence. */
const char *say_fault(const struct fault *fault);

#endif
