/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_TSA_SCENE_H
#define TESTS_UNIT_TSA_SCENE_H

/*
 * One time-stamping authority for all tests of a program, which are a group
 * from tsa_begin() to tsa_end().
 */

#include "archive/trust.h"
#include "base/digest.h"

#include "tests/unit/tsa.h"
#include "tests/unit/unit.h"

#define AT INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */

/*
 * How many bytes of a token may have their lowest bit flipped: no signature
 * covers the two versions, the two NULLs beside the name of the digest, and the
 * name of the signature's algorithm, which OpenSSL does not ask.
 */
#define TSA_BITS_UNSEEN (2u + 2u + 8u)

static struct tsa *tsa;

static inline int
tsa_begin(void **state)
{
	(void)state;
	digest_init();
	tsa = tsa_new(AT, "critical,timeStamping");
	return 0;
}

static inline int
tsa_end(void **state)
{
	(void)state;
	tsa_free(tsa);
	return 0;
}

/* Anchors: that authority, and another or NULL.  Free with trust_free(). */
static inline struct trust *
tsa_trust(const struct tsa *other)
{
	struct trust *trust = trust_new();
	struct fault fault = { 0 };
	struct buf pem;

	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, tsa);
	if (other != NULL) {
		tsa_pem(&pem, other);
	}
	if (trust_add(NULL, trust, buf_bytes(&pem), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&pem);
	return trust;
}

#endif
