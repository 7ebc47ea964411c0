/* SPDX-License-Identifier: Apache-2.0 */

/*
 * x86-64 has an instruction for it since SSE 4.2, eight bytes in three
 * cycles; elsewhere a table takes a byte at a time.  Which of the two is
 * asked once.
 */

#include "base/crc32c.h"

#include <pthread.h>

#define POLYNOMIAL 0x82F63B78u /* Castagnoli's, its bits turned over */

typedef uint32_t (*add_fn)(uint32_t sum, struct bytes bytes);

static uint32_t table[256];
static add_fn add;
static pthread_once_t chosen = PTHREAD_ONCE_INIT;

static uint32_t
add_by_table(uint32_t sum, struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		sum = table[(sum ^ bytes.data[i]) & 0xFF] ^ sum >> 8;
	}
	return sum;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t
add_by_instruction(uint32_t sum, struct bytes bytes)
{
	uint64_t wide = sum;
	size_t at = 0;

	for (; bytes.len - at >= 8; at += 8) {
		uint64_t word;

		memcpy(&word, bytes.data + at, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	sum = (uint32_t)wide;
	for (; at < bytes.len; at++) {
		sum = __builtin_ia32_crc32qi(sum, bytes.data[at]);
	}
	return sum;
}
#endif

static void
choose(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = i;

		for (unsigned bit = 0; bit < 8; bit++) {
			sum = sum >> 1 ^ ((sum & 1) != 0 ? POLYNOMIAL : 0);
		}
		table[i] = sum;
	}
	add = add_by_table;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("sse4.2")) {
		add = add_by_instruction;
	}
#endif
}

uint32_t
crc32c_add(uint32_t sum, struct bytes bytes)
{
	pthread_once(&chosen, choose);
	return ~add(~sum, bytes);
}

uint32_t
crc32c_of(struct bytes bytes)
{
	return crc32c_add(0, bytes);
}
