/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_OCTET_H
#define API_OCTET_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * What an octet may be in HTTP, as bits, so that a scan is one look-up a
 * byte.  Compared with the rules of RFC 9110 by tests/unit/test_octet.c.
 */
enum octet_class {
	OCTET_TOKEN = 1,  /* tchar: names of methods and fields */
	OCTET_TARGET = 2, /* visible ASCII without "<>\^{|}` */
	OCTET_VALUE = 4,  /* HTAB, SP, VCHAR, obs-text */
	OCTET_HOST = 8,   /* of uri-host and port (RFC 3986, 3.2.2) */
	OCTET_ATTR = 16,  /* attr-char of RFC 8187: needs no escape */
};

extern const uint8_t octet_classes[256];

static inline bool
octet_is(uint8_t octet, enum octet_class wanted)
{
	return (octet_classes[octet] & wanted) != 0;
}

/* The first octet from `at` on that is not of the class, or `end`. */
static inline const uint8_t *
octet_skip(const uint8_t *at, const uint8_t *end, enum octet_class wanted)
{
	while (at < end && octet_is(*at, wanted)) {
		at++;
	}
	return at;
}

/* ASCII only: what case means in HTTP. */
static inline uint8_t
octet_lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet | 0x20) : octet;
}

/* The value of a hexadecimal digit, or -1. */
int octet_hex(uint8_t octet);

#endif
