/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Append with padding (RFC 4648, section 4). */
void base64_encode(struct buf *out, struct bytes bytes);

/*
 * Append the bytes that `text` stands for.  Canonical only: padded, no
 * blanks, unused bits zero.
 *
 * Errors:  FAULT_INVALID; FAULT_LIMIT when out is full.
 */
int base64_decode(struct buf *out, struct bytes text, struct fault *fault);

#endif
