/* SPDX-License-Identifier: Apache-2.0 */

#include "base/random.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_US    1577836800000000LL /* 2020-01-01T00:00:00Z */
#define TIME_DIGITS 11                 /* 55 bits: to the year 3161 */

#define STOCK_BYTES 512u

/*
 * Each thread's own: a draw of the generator takes 1 us, most of it before
 * the first byte.  What was given out is wiped.
 */
struct stock {
	size_t left;
	uint8_t bytes[STOCK_BYTES];
};

static _Thread_local struct stock stock;

static void
draw(void *out, size_t len)
{
	if (RAND_bytes(out, (int)len) != 1) {
		fprintf(stderr, "no random bytes\n");
		abort();
	}
}

void
random_bytes(void *out, size_t len)
{
	uint8_t *given;

	if (len > STOCK_BYTES / 8) {
		draw(out, len);
		return;
	}
	if (stock.left < len) {
		draw(stock.bytes, sizeof(stock.bytes));
		stock.left = sizeof(stock.bytes);
	}
	stock.left -= len;
	given = stock.bytes + stock.left;
	memcpy(out, given, len);
	explicit_bzero(given, len);
}

void
id_make(char text[ID_TEXT], int64_t at)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t time = at > EPOCH_US ? (uint64_t)(at - EPOCH_US) : 0;
	uint64_t chance;

	random_bytes(&chance, sizeof(chance));
	for (int i = TIME_DIGITS - 1; i >= 0; i--, time >>= 5) {
		text[i] = digits[time & 31];
	}
	for (unsigned i = TIME_DIGITS; i < ID_TEXT - 1; i++, chance >>= 5) {
		text[i] = digits[chance & 31];
	}
	text[ID_TEXT - 1] = '\0';
}
