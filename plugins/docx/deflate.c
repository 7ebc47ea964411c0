/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Greedy matching: the last places of every three bytes are chained by their
 * hash, and the longest match among the nearest CHAIN_MAX is taken.  Codes go
 * out least significant bit first, Huffman codes with their bits reversed.
 */

#include "plugins/docx/deflate.h"

#include <string.h>

#define WINDOW    32768u /* RFC 1951, 2: how far back a match may lie */
#define MATCH_MIN 3u
#define MATCH_MAX 258u
#define HASH_BITS 15u
#define CHAIN_MAX 48u
#define NOWHERE   UINT32_MAX

struct bits {
	struct text *out;
	uint32_t waiting; /* bits that fill no byte yet, low bits first */
	unsigned count;
};

struct matcher {
	uint32_t head[1u << HASH_BITS];
	uint32_t before[WINDOW];
};

/* RFC 1951, 3.2.5: base length and extra bits of codes 257 to 285. */
static const struct {
	uint16_t base;
	uint8_t extra;
} lengths[] = { { 3, 0 }, { 4, 0 }, { 5, 0 }, { 6, 0 }, { 7, 0 }, { 8, 0 },
	{ 9, 0 }, { 10, 0 }, { 11, 1 }, { 13, 1 }, { 15, 1 }, { 17, 1 },
	{ 19, 2 }, { 23, 2 }, { 27, 2 }, { 31, 2 }, { 35, 3 }, { 43, 3 },
	{ 51, 3 }, { 59, 3 }, { 67, 4 }, { 83, 4 }, { 99, 4 }, { 115, 4 },
	{ 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 }, { 258, 0 } };

/* The same for distances, codes 0 to 29. */
static const struct {
	uint16_t base;
	uint8_t extra;
} distances[] = { { 1, 0 }, { 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 1 }, { 7, 1 },
	{ 9, 2 }, { 13, 2 }, { 17, 3 }, { 25, 3 }, { 33, 4 }, { 49, 4 },
	{ 65, 5 }, { 97, 5 }, { 129, 6 }, { 193, 6 }, { 257, 7 }, { 385, 7 },
	{ 513, 8 }, { 769, 8 }, { 1025, 9 }, { 1537, 9 }, { 2049, 10 },
	{ 3073, 10 }, { 4097, 11 }, { 6145, 11 }, { 8193, 12 }, { 12289, 12 },
	{ 16385, 13 }, { 24577, 13 } };

static void
put_bits(struct bits *bits, uint32_t value, unsigned count)
{
	bits->waiting |= value << bits->count;
	bits->count += count;
	while (bits->count >= 8) {
		unsigned char byte = (unsigned char)bits->waiting;

		text_add_bytes(bits->out, &byte, 1);
		bits->waiting >>= 8;
		bits->count -= 8;
	}
}

/* A Huffman code: its first bit goes out first. */
static void
put_code(struct bits *bits, uint32_t code, unsigned count)
{
	uint32_t reversed = 0;

	for (unsigned i = 0; i < count; i++) {
		reversed |= (code >> i & 1u) << (count - 1 - i);
	}
	put_bits(bits, reversed, count);
}

/* A literal, the end (256) or a length: RFC 1951, 3.2.6. */
static void
put_symbol(struct bits *bits, uint32_t symbol)
{
	if (symbol < 144) {
		put_code(bits, 0x30 + symbol, 8);
	} else if (symbol < 256) {
		put_code(bits, 0x190 + symbol - 144, 9);
	} else if (symbol < 280) {
		put_code(bits, symbol - 256, 7);
	} else {
		put_code(bits, 0xC0 + symbol - 280, 8);
	}
}

static void
put_match(struct bits *bits, uint32_t length, uint32_t distance)
{
	uint32_t code = sizeof(lengths) / sizeof(lengths[0]) - 1;

	while (lengths[code].base > length) {
		code--;
	}
	put_symbol(bits, 257 + code);
	put_bits(bits, length - lengths[code].base, lengths[code].extra);
	code = sizeof(distances) / sizeof(distances[0]) - 1;
	while (distances[code].base > distance) {
		code--;
	}
	put_code(bits, code, 5);
	put_bits(bits, distance - distances[code].base, distances[code].extra);
}

static uint32_t
hash(const unsigned char *at)
{
	uint32_t three =
	    (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;

	return three * 2654435761u >> (32 - HASH_BITS);
}

static void
remember(struct matcher *matcher, const unsigned char *data, size_t at)
{
	uint32_t slot = hash(data + at);

	matcher->before[at % WINDOW] = matcher->head[slot];
	matcher->head[slot] = (uint32_t)at;
}

static uint32_t
match_length(const unsigned char *a, const unsigned char *b, uint32_t max)
{
	uint32_t n = 0;

	while (n < max && a[n] == b[n]) {
		n++;
	}
	return n;
}

/* The longest match of what is at `at`; 0 where none is worth it. */
static uint32_t
find_match(const struct matcher *matcher, const unsigned char *data, size_t len,
    size_t at, uint32_t *distance_out)
{
	uint32_t max = len - at < MATCH_MAX ? (uint32_t)(len - at) : MATCH_MAX;
	uint32_t best = MATCH_MIN - 1;
	uint32_t place = matcher->head[hash(data + at)];

	for (unsigned turn = 0;
	     turn < CHAIN_MAX && place != NOWHERE && at - place <= WINDOW;
	     turn++) {
		uint32_t n = match_length(data + place, data + at, max);
		uint32_t next = matcher->before[place % WINDOW];

		if (n > best) {
			best = n;
			*distance_out = (uint32_t)(at - place);
		}
		if (best == max || next == NOWHERE || next >= place) {
			break; /* older slots have been written over */
		}
		place = next;
	}
	return best >= MATCH_MIN ? best : 0;
}

void
deflate_add(struct text *out, const unsigned char *data, size_t len)
{
	struct matcher *matcher =
	    out->call->host->memory(out->call, sizeof(*matcher));
	struct bits bits = { .out = out };
	size_t at = 0;

	memset(matcher, 0xFF, sizeof(*matcher)); /* NOWHERE */
	put_bits(&bits, 1, 1);                   /* the last block */
	put_bits(&bits, 1, 2);                   /* of fixed codes */
	while (at < len) {
		uint32_t distance = 0;
		uint32_t length =
		    len - at >= MATCH_MIN
		        ? find_match(matcher, data, len, at, &distance)
		        : 0;

		if (length == 0) {
			put_symbol(&bits, data[at]);
			length = 1;
		} else {
			put_match(&bits, length, distance);
		}
		for (uint32_t i = 0; i < length; i++, at++) {
			if (len - at >= MATCH_MIN) {
				remember(matcher, data, at);
			}
		}
	}
	put_symbol(&bits, 256);
	put_bits(&bits, 0, 7); /* fill the last byte */
}

uint32_t
deflate_crc(const unsigned char *data, size_t len)
{
	uint32_t crc = 0xFFFFFFFFu;

	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
		}
	}
	return ~crc;
}
