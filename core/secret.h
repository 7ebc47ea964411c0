/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SECRET_H
#define CORE_SECRET_H

#include "base/digest.h"

#include <stdbool.h>

/*
 * 256 random bits that stand for somebody: a log-in's cookie, a token.  Kept
 * by their SHA-256 alone, so that who reads the store can log in as nobody.
 */
#define SECRET_BYTES 32u
#define SECRET_TEXT  72u /* a prefix of up to 7 characters, 64 digits, NUL */

struct secret {
	uint8_t bytes[SECRET_BYTES];
};

void secret_draw(struct secret *secret);
void secret_wipe(struct secret *secret);

/* PREFIX and 64 hexadecimal digits; `prefix` is "" or "hoso_". */
void secret_format(char text[SECRET_TEXT], const char *prefix,
    const struct secret *secret);
bool secret_parse(struct secret *secret_out, const char *prefix,
    const char *text);

/* By what it is kept. */
struct sha256 secret_sum(const struct secret *secret);
/* Another secret, which does not tell this one: one for each label. */
struct sha256 secret_derive(const struct secret *secret, const char *label);

#endif
