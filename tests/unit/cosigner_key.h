/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_COSIGNER_KEY_H
#define TESTS_UNIT_COSIGNER_KEY_H

#include "archive/note.h"
#include "tests/unit/unit.h"

/* A witness's key of the seed first, first + 1, ...; note_key_free(). */
static inline struct note_key *
cosigner_key(const char *name, uint8_t first)
{
	struct fault fault = { 0 };
	struct note_key *key = NULL;
	uint8_t seed[32];
	struct buf text;

	for (uint8_t i = 0; i < 32; i++) {
		seed[i] = (uint8_t)(first + i);
	}
	buf_init(&text, 8192);
	assert_int_equal(
	    note_key_make_as(&text, NOTE_COSIGNATURE, name, seed, &fault), 0);
	assert_int_equal(
	    note_key_parse_as(&key, NOTE_COSIGNATURE, buf_bytes(&text), &fault),
	    0);
	buf_fini(&text);
	return key;
}

#endif
