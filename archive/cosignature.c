/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is signed is
 *
 *     cosignature/v1
 *     time <seconds in decimal>
 *     the checkpoint's text
 *
 * and what stands behind the key's id is the time, 8 bytes, big-endian, and
 * the Ed25519 signature.
 */

#include "archive/cosignature.h"

#include "base/wire.h"

#include <inttypes.h>

#define TIME_BYTES    8u
#define MESSAGE_EXTRA 64u /* the two lines in front of the text */
#define SECOND        1000000
#define SECONDS_MAX   253402300799u /* the end of 9999 */

static void
add_message(struct buf *out, struct bytes text, uint64_t seconds)
{
	buf_add_format(out, "cosignature/v1\ntime %" PRIu64 "\n", seconds);
	buf_add_bytes(out, text);
}

int
cosignature_sign(struct buf *out, struct bytes text, const struct note_key *key,
    int64_t at, struct fault *fault)
{
	uint8_t stamped[TIME_BYTES + NOTE_SIGNATURE_BYTES];
	struct buf message;
	int rc;

	if (at < 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the clock stands before 1970");
	}
	wire_put_u64be(stamped, (uint64_t)(at / SECOND));
	buf_init(&message, text.len + MESSAGE_EXTRA);
	add_message(&message, text, (uint64_t)(at / SECOND));
	rc = buf_check(&message, fault);
	if (rc == 0) {
		rc = note_key_sign(key, buf_bytes(&message),
		    stamped + TIME_BYTES, fault);
	}
	buf_fini(&message);
	if (rc < 0) {
		return -1;
	}
	note_add_line(out, key, bytes_of(stamped, sizeof(stamped)));
	return buf_check(out, fault);
}

bool
cosignature_is_valid(const struct note_line *line, struct bytes text,
    const struct note_verifier *witness, int64_t *at_out)
{
	struct fault ignored;
	struct buf message;
	uint64_t seconds;
	bool is_valid;

	if (line->signature.len != TIME_BYTES + NOTE_SIGNATURE_BYTES) {
		return false;
	}
	seconds = wire_get_u64be(line->signature.data);
	if (seconds > SECONDS_MAX) {
		return false;
	}
	buf_init(&message, text.len + MESSAGE_EXTRA);
	add_message(&message, text, seconds);
	is_valid = buf_check(&message, &ignored) == 0 &&
	           note_signature_is_valid(witness, buf_bytes(&message),
	               bytes_of(line->signature.data + TIME_BYTES,
	                   NOTE_SIGNATURE_BYTES));
	buf_fini(&message);
	*at_out = (int64_t)seconds * SECOND;
	return is_valid;
}
