/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     table      1 byte
 *     text       its bytes, NUL          "a" sorts before "a b" and "ab"
 *     u8 u32 u64 big-endian
 *     i64 date   big-endian, the sign bit turned over
 *     raw        its bytes; their number is known to the reader
 *
 * The first part that does not fit is remembered; later ones do nothing.
 */

#include "storage/key.h"

#include "base/wire.h"

#define SIGN_32 0x80000000u
#define SIGN_64 0x8000000000000000u

void
key_start(struct key *key, uint8_t table)
{
	key->bytes[0] = table;
	key->len = 1;
	key->overflow = false;
}

/* Room for a part, or NULL and the key is spoilt. */
static uint8_t *
extend(struct key *key, size_t len)
{
	uint8_t *place = key->bytes + key->len;

	if (key->overflow || len > KEY_MAX_BYTES - key->len) {
		key->overflow = true;
		return NULL;
	}
	key->len += len;
	return place;
}

void
key_add_raw(struct key *key, struct bytes raw)
{
	uint8_t *place = extend(key, raw.len);

	if (place != NULL && raw.len > 0) {
		memcpy(place, raw.data, raw.len);
	}
}

void
key_add_text_of(struct key *key, struct bytes text)
{
	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL) {
		key->overflow = true;
	}
	key_add_raw(key, text);
	key_add_u8(key, 0);
}

void
key_add_text(struct key *key, const char *text)
{
	key_add_raw(key, bytes_of(text, strlen(text) + 1));
}

void
key_add_u8(struct key *key, uint8_t value)
{
	uint8_t *place = extend(key, 1);

	if (place != NULL) {
		*place = value;
	}
}

void
key_add_u32(struct key *key, uint32_t value)
{
	uint8_t *place = extend(key, 4);

	if (place != NULL) {
		wire_put_u32be(place, value);
	}
}

void
key_add_u64(struct key *key, uint64_t value)
{
	uint8_t *place = extend(key, 8);

	if (place != NULL) {
		wire_put_u64be(place, value);
	}
}

void
key_add_i64(struct key *key, int64_t value)
{
	key_add_u64(key, (uint64_t)value ^ SIGN_64);
}

void
key_add_date(struct key *key, date_t date)
{
	key_add_u32(key, (uint32_t)date ^ SIGN_32);
}

struct bytes
key_bytes(const struct key *key)
{
	return bytes_of(key->bytes,
	    key->overflow ? KEY_MAX_BYTES + 1 : key->len);
}

void
key_next(struct key *key)
{
	while (key->len > 0 && key->bytes[key->len - 1] == 0xFF) {
		key->len--;
	}
	if (key->len > 0) {
		key->bytes[key->len - 1]++;
	}
}

void
key_after(struct key *key, struct bytes before)
{
	*key = (struct key){ .len = 0 };
	key_add_raw(key, before);
	if (key->len < KEY_MAX_BYTES) {
		key_add_u8(key, 0);
	}
}

static const uint8_t *
take(struct key_reader *reader, size_t len)
{
	const uint8_t *place = reader->rest.data;

	if (reader->bad || len > reader->rest.len) {
		reader->bad = true;
		return NULL;
	}
	reader->rest = bytes_of(place + len, reader->rest.len - len);
	return place;
}

uint8_t
key_read_start(struct key_reader *reader, struct bytes key)
{
	*reader = (struct key_reader){ .rest = key };
	return key_read_u8(reader);
}

const char *
key_read_text(struct key_reader *reader)
{
	const uint8_t *end = reader->rest.len > 0 ? memchr(reader->rest.data,
	                                                '\0', reader->rest.len)
	                                          : NULL;
	const uint8_t *text;

	if (end == NULL) {
		reader->bad = true;
		return "";
	}
	text = take(reader, (size_t)(end - reader->rest.data) + 1);
	return text != NULL ? (const char *)text : "";
}

uint8_t
key_read_u8(struct key_reader *reader)
{
	const uint8_t *place = take(reader, 1);

	return place != NULL ? *place : 0;
}

uint32_t
key_read_u32(struct key_reader *reader)
{
	const uint8_t *place = take(reader, 4);

	return place != NULL ? wire_get_u32be(place) : 0;
}

uint64_t
key_read_u64(struct key_reader *reader)
{
	const uint8_t *place = take(reader, 8);

	return place != NULL ? wire_get_u64be(place) : 0;
}

int64_t
key_read_i64(struct key_reader *reader)
{
	return (int64_t)(key_read_u64(reader) ^ SIGN_64);
}

date_t
key_read_date(struct key_reader *reader)
{
	return (date_t)(key_read_u32(reader) ^ SIGN_32);
}

struct bytes
key_read_raw(struct key_reader *reader, size_t len)
{
	const uint8_t *place = take(reader, len);

	return place != NULL ? bytes_of(place, len) : NO_BYTES;
}

int
key_read_end(const struct key_reader *reader, struct fault *fault)
{
	if (reader->bad || reader->rest.len > 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a key has %s than its table says",
		    reader->bad ? "fewer parts" : "more bytes");
	}
	return 0;
}
