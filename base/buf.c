/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One growing run of bytes.  `data[len]` is a NUL whenever `data` is there,
 * so that text can be read without a copy; the NUL does not count.
 */

#include "base/buf.h"

#include "base/memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FORMAT_BYTES 256u /* nearly all fits, and is formatted once */

void
buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){ .max = max };
}

void
buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ .max = buf->max };
}

void
buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->refused = 0;
	if (buf->data != NULL) {
		buf->data[0] = '\0';
	}
}

/*
 * A small one does not fail, as small allocations do not (memory.h): whoever
 * writes a key or a few words does not ask.  NULL where a large one has to.
 */
static uint8_t *
enlarge(struct buf *buf, size_t room)
{
	uint8_t *data;

	if (room <= BUF_SMALL_BYTES) {
		return xrealloc(buf->data, room);
	}
	data = realloc(buf->data, room);
	if (data == NULL && memory_release()) {
		data = realloc(buf->data, room);
	}
	return data;
}

uint8_t *
buf_reserve(struct buf *buf, size_t len)
{
	size_t room = buf->room > 0 ? buf->room : 256;
	uint8_t *data;

	if (buf->refused) {
		return NULL;
	}
	if (len > buf->max - buf->len) {
		buf->refused = E2BIG;
		return NULL;
	}
	if (buf->data != NULL && buf->len + len < buf->room) {
		return buf->data + buf->len;
	}
	while (room <= buf->len + len) {
		room *= 2;
	}
	data = enlarge(buf, room);
	if (data == NULL) {
		buf->refused = ENOMEM;
		return NULL;
	}
	buf->data = data;
	buf->room = room;
	return buf->data + buf->len;
}

void
buf_grow(struct buf *buf, size_t len)
{
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void
buf_add(struct buf *buf, const void *data, size_t len)
{
	uint8_t *place = buf_reserve(buf, len);

	if (place != NULL) {
		if (len > 0) {
			memcpy(place, data, len);
		}
		buf_grow(buf, len);
	}
}

void
buf_add_bytes(struct buf *buf, struct bytes bytes)
{
	buf_add(buf, bytes.data, bytes.len);
}

void
buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_add_byte(struct buf *buf, uint8_t byte)
{
	buf_add(buf, &byte, 1);
}

void
buf_add_format(struct buf *buf, const char *format, ...)
{
	char few[FORMAT_BYTES];
	va_list args;
	va_list again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(few, sizeof(few), format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof(few)) {
		buf_add(buf, few, (size_t)len);
	} else if (len >= 0 && buf_reserve(buf, (size_t)len) != NULL) {
		/* buf_reserve() leaves room for vsnprintf's own NUL. */
		vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format,
		    again);
		buf_grow(buf, (size_t)len);
	}
	va_end(again);
}

int
buf_check(const struct buf *buf, struct fault *fault)
{
	if (buf->refused == ENOMEM) {
		fault_set(fault, FAULT_BUSY,
		    "there is no memory for more than %zu bytes", buf->room);
		fault->sys = ENOMEM;
		return -1;
	}
	if (buf->refused) {
		return fault_set(fault, FAULT_LIMIT,
		    "more than %zu bytes would be needed", buf->max);
	}
	return 0;
}

struct bytes
buf_bytes(const struct buf *buf)
{
	return bytes_of(buf->data, buf->len);
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data != NULL ? (const char *)buf->data : "";
}

uint8_t *
buf_take(struct buf *buf, size_t *len_out)
{
	uint8_t *data = buf->data;

	*len_out = buf->len;
	*buf = (struct buf){ .max = buf->max };
	return data;
}
