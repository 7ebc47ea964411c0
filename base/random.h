/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Unpredictable bytes (RAND_bytes); aborts when the system has none. */
void random_bytes(void *out, size_t len);

#define ID_TEXT 21u /* 20 characters and NUL */

/*
 * A new id that sorts by time: 55 bits of microseconds since 2020 and 45
 * random bits in lower-case Crockford base 32 (no i, l, o, u).
 */
void id_make(char text[ID_TEXT], int64_t at);

#endif
