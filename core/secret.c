/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The name of a secret is SHA-256 of its bytes; what is derived from it is
 * SHA-256 of the label, a NUL and its bytes.  A label is never empty, so the
 * two never meet; and nobody can turn either back into 256 random bits.
 */

#include "core/secret.h"

#include "base/hex.h"
#include "base/random.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define PREFIX_MAX (SECRET_TEXT - 2 * SECRET_BYTES - 1)
#define LABEL_MAX  32u

void
secret_draw(struct secret *secret)
{
	random_bytes(secret->bytes, sizeof(secret->bytes));
}

void
secret_wipe(struct secret *secret)
{
	sodium_memzero(secret, sizeof(*secret));
}

void
secret_format(char text[SECRET_TEXT], const char *prefix,
    const struct secret *secret)
{
	size_t len = strlen(prefix);

	assert(len <= PREFIX_MAX);
	memcpy(text, prefix, len);
	hex_encode(text + len, bytes_of(secret->bytes, SECRET_BYTES));
}

bool
secret_parse(struct secret *secret_out, const char *prefix, const char *text)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 &&
	       hex_decode(secret_out->bytes, SECRET_BYTES, text + len);
}

struct sha256
secret_sum(const struct secret *secret)
{
	return sha256_of(bytes_of(secret->bytes, SECRET_BYTES));
}

struct sha256
secret_derive(const struct secret *secret, const char *label)
{
	uint8_t input[LABEL_MAX + SECRET_BYTES];
	size_t len = strlen(label) + 1;
	struct sha256 sum;

	assert(len > 1 && len <= LABEL_MAX);
	memcpy(input, label, len);
	memcpy(input + len, secret->bytes, SECRET_BYTES);
	sum = sha256_of(bytes_of(input, len + SECRET_BYTES));
	sodium_memzero(input, sizeof(input));
	return sum;
}
