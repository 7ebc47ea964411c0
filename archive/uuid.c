/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/uuid.h"

#include "base/digest.h"

#include <string.h>

#define SHORT_MAX 1024u

/* SHA-256 of both texts with a zero byte between them. */
static struct sha256
digest_of(const char *space, const char *name)
{
	size_t space_len = strlen(space) + 1;
	size_t name_len = strlen(name);
	uint8_t both[SHORT_MAX];
	struct sha256_stream *stream;
	struct sha256 sum;

	/* A package asks hundreds of times, and all of them are short. */
	if (space_len + name_len <= sizeof(both)) {
		memcpy(both, space, space_len);
		memcpy(both + space_len, name, name_len);
		return sha256_of(bytes_of(both, space_len + name_len));
	}
	stream = sha256_stream_new();
	sha256_stream_add(stream, bytes_of(space, space_len));
	sha256_stream_add(stream, bytes_of(name, name_len));
	sum = sha256_stream_end(stream);
	sha256_stream_free(stream);
	return sum;
}

void
uuid_of(char text[UUID_TEXT], const char *space, const char *name)
{
	static const char digits[] = "0123456789ABCDEF";
	struct sha256 sum = digest_of(space, name);

	sum.bytes[6] = (uint8_t)(0x80 | (sum.bytes[6] & 0x0F)); /* version 8 */
	sum.bytes[8] = (uint8_t)(0x80 | (sum.bytes[8] & 0x3F)); /* variant */
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10) {
			*text++ = '-';
		}
		*text++ = digits[sum.bytes[i] >> 4];
		*text++ = digits[sum.bytes[i] & 0x0F];
	}
	*text = '\0';
}
