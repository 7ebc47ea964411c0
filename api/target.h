/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TARGET_H
#define API_TARGET_H

#include "base/arena.h"
#include "base/fault.h"

#define TARGET_SEGMENTS_MAX 24u
#define TARGET_PAIRS_MAX    64u

/* One name=value of the query, decoded, UTF-8 in NFC. */
struct target_pair {
	const char *name;
	const char *value; /* "" where there is none */
};

/* What a request names: the path's segments and the query's pairs. */
struct target {
	struct bytes path; /* as sent, without the query */
	unsigned segment_count;
	unsigned pair_count;
	const struct target_pair *pairs;
	/* Decoded, UTF-8 in NFC; the last is empty where the path ends in /. */
	struct bytes segments[TARGET_SEGMENTS_MAX];
};

/*
 * Split at "?" and "/", then decode once.  What could be read in two ways is
 * refused instead of cleaned up: %00, %2F and controls in the path, "." and
 * ".." segments, bad escapes, bytes that are not UTF-8.
 *
 * Owner:   borrowed from `raw` and from the arena.
 * Errors:  FAULT_INVALID.
 * Source:  RFC 3986, sections 2.1 and 3.3; "+" is a blank in a query as in
 *          application/x-www-form-urlencoded.
 */
int target_parse(struct target *target, struct bytes raw, struct arena *arena,
    struct fault *fault);

/* The first value of that name, or NULL. */
const char *target_find(const struct target *target, const char *name);

#endif
