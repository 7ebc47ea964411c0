/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/bytes.h"

#include <stdbool.h>

/* Lower-case hexadecimal; `text` takes 2 * len + 1 bytes. */
void hex_encode(char *text, struct bytes bytes);
/* Exactly 2 * len digits of either case and then the end: true. */
bool hex_decode(uint8_t *data, size_t len, const char *text);

#endif
