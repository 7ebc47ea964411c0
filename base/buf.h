/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/bytes.h"
#include "base/fault.h"

#define BUF_SMALL_BYTES 65536u /* up to here memory does not fail */

/*
 * Bytes that grow, up to a limit.  The first step that does not fit is
 * remembered and the later ones do nothing, so that a list of appends is
 * checked once, by buf_check().
 */
struct buf {
	uint8_t *data; /* NULL while empty; NUL behind the bytes otherwise */
	size_t len;
	size_t room;
	size_t max;  /* most bytes it may hold */
	int refused; /* an append did not fit (E2BIG) or found no memory */
};

void buf_init(struct buf *buf, size_t max);
void buf_fini(struct buf *buf);
/* Forget the bytes and the refusal, keep the memory. */
void buf_reset(struct buf *buf);

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_add_bytes(struct buf *buf, struct bytes bytes);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, uint8_t byte);
void buf_add_format(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Room for `len` more bytes to be filled in by the caller, who then calls
 * buf_grow(len written).  NULL when over the limit.
 */
uint8_t *buf_reserve(struct buf *buf, size_t len);
void buf_grow(struct buf *buf, size_t len);

/* Errors: FAULT_LIMIT something did not fit, FAULT_BUSY there is no memory. */
int buf_check(const struct buf *buf, struct fault *fault);
struct bytes buf_bytes(const struct buf *buf);
/* The bytes as text; "" while empty.  Borrowed until the next append. */
const char *buf_text(const struct buf *buf);
/* Hand the memory to the caller (free()); the buf is empty after it. */
uint8_t *buf_take(struct buf *buf, size_t *len_out);

#endif
