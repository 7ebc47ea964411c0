/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_DER_H
#define ARCHIVE_DER_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Walking ASN.1 that OpenSSL has no names for, and putting it together again:
 * one element after the other, definite lengths only.
 *
 * Source:  X.690, section 8.1.
 */
#define DER_INTEGER      0x02u
#define DER_OCTET_STRING 0x04u
#define DER_OID          0x06u
#define DER_UTF8_STRING  0x0Cu
#define DER_SEQUENCE     0x30u
#define DER_SET          0x31u

/*
 * Cut the first element off: its tag byte and its content.  False at the end
 * and where it is malformed; then nothing has moved and nothing is put out.
 */
bool der_take(struct bytes *rest, uint8_t *tag_out, struct bytes *content_out);
/* The same, and it must have this tag. */
bool der_take_tag(struct bytes *rest, uint8_t tag, struct bytes *content_out);
/* The same with its tag and length: all bytes of the element. */
bool der_take_whole(struct bytes *rest, struct bytes *element_out);

/* Append an element; its length takes the shortest form. */
void der_add(struct buf *out, uint8_t tag, struct bytes content);

#endif
