/* SPDX-License-Identifier: Apache-2.0 */

/*
 * XXH3 of libxxhash: 24 KB in 2 us where SHA-256 takes 46 on a processor
 * without SHA instructions.  The sum is kept in the library's canonical form,
 * so that it is the same on every machine.
 */

#include "storage/checksum.h"

#include "base/memory.h"

#include <stdlib.h>
#include <xxhash.h>

_Static_assert(sizeof(XXH128_canonical_t) == CHECKSUM_BYTES, "128 bits");

struct checksum_stream {
	uint64_t seed;
	XXH3_state_t *state;
};

/* The library refuses only a state that is none. */
static void
must(XXH_errorcode code)
{
	if (code != XXH_OK) {
		abort();
	}
}

struct checksum_stream *
checksum_stream_new(uint64_t seed)
{
	struct checksum_stream *stream = xzalloc(sizeof(*stream));

	stream->seed = seed;
	stream->state = XXH3_createState();
	if (stream->state == NULL) {
		memory_over(sizeof(*stream));
	}
	must(XXH3_128bits_reset_withSeed(stream->state, seed));
	return stream;
}

void
checksum_stream_free(struct checksum_stream *stream)
{
	if (stream != NULL) {
		XXH3_freeState(stream->state);
		free(stream);
	}
}

void
checksum_stream_add(struct checksum_stream *stream, struct bytes bytes)
{
	must(XXH3_128bits_update(stream->state, bytes.data, bytes.len));
}

struct checksum
checksum_stream_end(struct checksum_stream *stream)
{
	struct checksum sum;
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical,
	    XXH3_128bits_digest(stream->state));
	memcpy(sum.bytes, canonical.digest, sizeof(sum.bytes));
	must(XXH3_128bits_reset_withSeed(stream->state, stream->seed));
	return sum;
}
