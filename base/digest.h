/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/bytes.h"

#define SHA256_BYTES 32u
#define SHA256_TEXT  65u /* hexadecimal and NUL */

/* The name of a blob, a chunk, a record's bytes. */
struct sha256 {
	uint8_t bytes[SHA256_BYTES];
};

/*
 * Fetch the algorithm once, before threads start (pitfalls: a fetch a call
 * does not scale).  Aborts where OpenSSL has no SHA-256.
 */
void digest_init(void);

/* SHA-256 of bytes in one step (FIPS 180-4).  Thread: any. */
struct sha256 sha256_of(struct bytes bytes);

/* SHA-256 of bytes that come piece by piece. */
struct sha256_stream;
struct sha256_stream *sha256_stream_new(void);
void sha256_stream_free(struct sha256_stream *stream);
void sha256_stream_add(struct sha256_stream *stream, struct bytes bytes);
/* The sum of what was added so far; the stream goes on. */
struct sha256 sha256_stream_peek(const struct sha256_stream *stream);
/* The digest of all that was added; the stream starts anew. */
struct sha256 sha256_stream_end(struct sha256_stream *stream);

void sha256_format(char text[SHA256_TEXT], const struct sha256 *sum);

#endif
