/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_CHECKSUM_H
#define STORAGE_CHECKSUM_H

#include "base/bytes.h"

#define CHECKSUM_BYTES 16u

/*
 * Whether bytes are those that were written: finds a torn write and bits that
 * turned over, at the speed of memory.  No proof against somebody who means
 * it; what must be one is a SHA-256 (digest.h).
 */
struct checksum {
	uint8_t bytes[CHECKSUM_BYTES];
};

/* A sum over bytes that come piece by piece (XXH3, 128 bits). */
struct checksum_stream;

/* Sums under one seed say nothing about those under another. */
struct checksum_stream *checksum_stream_new(uint64_t seed);
void checksum_stream_free(struct checksum_stream *stream); /* or NULL */
void checksum_stream_add(struct checksum_stream *stream, struct bytes bytes);
/* The sum of all that was added; the stream starts anew. */
struct checksum checksum_stream_end(struct checksum_stream *stream);

#endif
