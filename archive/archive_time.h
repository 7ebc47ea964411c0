/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ARCHIVE_TIME_H
#define ARCHIVE_ARCHIVE_TIME_H

#include "archive/digest_kind.h"
#include "base/arena.h"

struct CMS_SignerInfo_st;

/*
 * Archive time-stamps of the third kind inside a CMS signature: a token over
 * content, signer and an index of all certificates, lists and unsigned
 * attributes that were there, which lies in the token.
 *
 * Source:  EN 319 122-1, 5.5.2 and 5.5.3; TS 101 733, 6.4.2 and 6.4.3 (the
 *          index of the first kind).
 */
#define ARCHIVE_TIMES_MAX 16u

struct archive_time {
	struct bytes token;
	enum digest_kind kind; /* of its imprint, and of what it covers */
	struct bytes imprint;  /* that it must have; NO_BYTES: not told */
	const char *wrong;     /* why it cannot be one of this signature; "" */
};

/* The tokens of a signer; how many. */
size_t archive_time_read(struct archive_time times[ARCHIVE_TIMES_MAX],
    struct arena *arena, const struct CMS_SignerInfo_st *signer);

/*
 * Fill in imprint or wrong.  An encoding that is not DER is passed over.
 *
 * Owner:   the imprint lives in the arena.
 */
void archive_time_measure(struct archive_time *time, struct arena *arena,
    struct bytes signature, size_t nth, struct bytes content_digest);

#endif
