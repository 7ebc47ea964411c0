/* SPDX-License-Identifier: Apache-2.0 */

/*
 * base64url, without padding (RFC 4648, section 5), of
 *
 *     0  1  version, 1
 *     1  4  day of the last row, big-endian with the sign bit turned over
 *     5  .. its dossier
 *     .. 8  first bytes of SHA-256 over the query and all before
 */

#include "core/cursor.h"

#include "base/base64.h"
#include "base/digest.h"

#define VERSION     1u
#define HEAD_BYTES  5u
#define CHECK_BYTES 8u
#define TEXT_MAX    200u

static struct sha256
check_sum(const char *query, struct bytes payload)
{
	struct sha256_stream *stream = sha256_stream_new();
	struct sha256 sum;

	sha256_stream_add(stream, bytes_of_text(query));
	sha256_stream_add(stream, payload);
	sum = sha256_stream_end(stream);
	sha256_stream_free(stream);
	return sum;
}

const char *
cursor_format(struct arena *arena, const struct place *last, const char *query)
{
	struct sha256 sum;
	struct key payload;
	struct buf out;
	char *text;
	size_t len;

	key_start(&payload, VERSION);
	key_add_date(&payload, last->date);
	key_add_raw(&payload, bytes_of_text(last->id));
	sum = check_sum(query, key_bytes(&payload));
	key_add_raw(&payload, bytes_of(sum.bytes, CHECK_BYTES));
	buf_init(&out, TEXT_MAX);
	base64_encode(&out, key_bytes(&payload));
	text = arena_text_of(arena, buf_bytes(&out));
	buf_fini(&out);
	len = strcspn(text, "=");
	text[len] = '\0';
	for (size_t i = 0; i < len; i++) {
		text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	}
	return text;
}

/* The bytes that a cursor stands for; false where it is no base64url. */
static bool
decode(struct buf *out, const char *text)
{
	struct fault ignored;
	char padded[TEXT_MAX + 4];
	size_t len = strnlen(text, TEXT_MAX + 1);

	if (len > TEXT_MAX || strcspn(text, "+/=") < len) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		padded[i] = text[i] == '-'   ? '+'
		            : text[i] == '_' ? '/'
		                             : text[i];
	}
	while (len % 4 != 0) {
		padded[len++] = '=';
	}
	return base64_decode(out, bytes_of(padded, len), &ignored) == 0;
}

static bool
parse(struct place *last_out, struct bytes all, const char *query)
{
	struct key_reader reader;
	struct bytes payload;
	struct sha256 sum;

	if (all.len <= HEAD_BYTES + CHECK_BYTES ||
	    all.len > HEAD_BYTES + PLACE_ID_BYTES + CHECK_BYTES) {
		return false;
	}
	payload = bytes_of(all.data, all.len - CHECK_BYTES);
	sum = check_sum(query, payload);
	if (key_read_start(&reader, payload) != VERSION ||
	    memcmp(sum.bytes, all.data + payload.len, CHECK_BYTES) != 0) {
		return false;
	}
	*last_out = (struct place){ .date = key_read_date(&reader) };
	memcpy(last_out->id, reader.rest.data, reader.rest.len);
	return memchr(last_out->id, '\0', reader.rest.len) == NULL;
}

bool
cursor_parse(struct place *last_out, const char *cursor, const char *query)
{
	struct buf bytes;
	bool good;

	buf_init(&bytes, TEXT_MAX);
	good =
	    decode(&bytes, cursor) && parse(last_out, buf_bytes(&bytes), query);
	buf_fini(&bytes);
	return good;
}
