/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_SIGNED_THING_H
#define TESTS_TORTURE_SIGNED_THING_H

#include "base/arena.h"
#include "base/digest.h"

#include <stdbool.h>

/*
 * The signatures and time-stamps of a CMS object, read with nothing but
 * OpenSSL: who signed what, as one digest, and the byte strings that this is
 * made of.
 */
#define PIECES_MAX 48u
#define THINGS_MAX 96u

struct signed_thing {
	bool is_token;
	/*
	 * Of its signed attributes in DER, its value, the signer's
	 * certificate, the content inside, and what it is about outside.
	 */
	struct sha256 statement;
	struct bytes pieces[PIECES_MAX];
	size_t count;
};

struct signed_things {
	struct signed_thing list[THINGS_MAX];
	size_t count;
};

/*
 * Add those of a CMS object, of the tokens and the counter-signatures inside; `about` is what it
 * signs beside what it holds.  What is no CMS object adds nothing.
 */
void signed_things_add(struct signed_things *things, struct arena *arena,
    struct bytes cms, struct bytes about);
/* Those of each CMS object that lies anywhere in the bytes. */
void signed_things_scan(struct signed_things *things, struct arena *arena,
    struct bytes bytes, struct bytes about);

/* Is it there in other bytes, too? */
bool signed_things_has(const struct signed_things *things,
    const struct signed_thing *thing);

#endif
