/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_KEY_H
#define STORAGE_KEY_H

#include "base/bytes.h"
#include "base/date.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * A key is the byte of its table and then its parts, each written so that
 * memcmp() of two keys of one table compares part by part.
 */
#define KEY_MAX_BYTES 511u /* LMDB 0.9: MDB_MAXKEYSIZE */

struct key {
	uint8_t bytes[KEY_MAX_BYTES + 1];
	size_t len;
	bool overflow; /* a part did not fit, or text held a NUL */
};

void key_start(struct key *key, uint8_t table);
void key_add_text(struct key *key, const char *text);
void key_add_text_of(struct key *key, struct bytes text);
void key_add_u8(struct key *key, uint8_t value);
void key_add_u32(struct key *key, uint32_t value);
void key_add_u64(struct key *key, uint64_t value);
/* Times: negative numbers sort before the others. */
void key_add_i64(struct key *key, int64_t value);
void key_add_date(struct key *key, date_t date);
/* Bytes of a fixed length: digests. */
void key_add_raw(struct key *key, struct bytes raw);

/*
 * The key as bytes, borrowed; where a part did not fit it is longer than any
 * key may be, and every function of the store refuses it.
 */
struct bytes key_bytes(const struct key *key);
/*
 * Turn a prefix into the smallest key behind all that begin with it: the end
 * of a scan.  Empty where there is none, which a scan takes for the end.  What
 * did not fit stays so.
 */
void key_next(struct key *key);

/* The smallest key behind this one; itself where none is as long. */
void key_after(struct key *key, struct bytes before);

/* Takes a key apart, in the order it was built. */
struct key_reader {
	struct bytes rest;
	bool bad; /* a part was not there; what followed is zero */
};

/* The byte of the table. */
uint8_t key_read_start(struct key_reader *reader, struct bytes key);
/* Borrowed from the key: it has its NUL.  "" where there is none. */
const char *key_read_text(struct key_reader *reader);
uint8_t key_read_u8(struct key_reader *reader);
uint32_t key_read_u32(struct key_reader *reader);
uint64_t key_read_u64(struct key_reader *reader);
int64_t key_read_i64(struct key_reader *reader);
date_t key_read_date(struct key_reader *reader);
struct bytes key_read_raw(struct key_reader *reader, size_t len);
/* Errors:  FAULT_CORRUPT when a part was missing or something is left. */
int key_read_end(const struct key_reader *reader, struct fault *fault);

#endif
