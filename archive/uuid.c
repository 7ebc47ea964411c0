/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/uuid.h"

#include "base/digest.h"

#include <stdio.h>

void
uuid_of(char text[UUID_TEXT], const char *space, const char *name)
{
	struct sha256_stream *stream = sha256_stream_new();
	struct sha256 sum;
	const uint8_t *b = sum.bytes;

	sha256_stream_add(stream, bytes_of(space, strlen(space) + 1));
	sha256_stream_add(stream, bytes_of_text(name));
	sum = sha256_stream_end(stream);
	sha256_stream_free(stream);
	sum.bytes[6] = (uint8_t)(0x80 | (sum.bytes[6] & 0x0F)); /* version 8 */
	sum.bytes[8] = (uint8_t)(0x80 | (sum.bytes[8] & 0x3F)); /* variant */
	snprintf(text, UUID_TEXT,
	    "%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-"
	    "%02X%02X%02X%02X%02X%02X",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
	    b[11], b[12], b[13], b[14], b[15]);
}
