/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_HEADER_H
#define API_HEADER_H

#include "api/head.h"

/*
 * Reading header fields.  Names are compared without case (RFC 9110, 5.1);
 * values are borrowed from the head.
 */

/* The first field of that name; false and no bytes where there is none. */
bool header_find(const struct head *head, const char *name,
    struct bytes *value_out);
unsigned header_count(const struct head *head, const char *name);
/* The bytes are that text, case aside. */
bool header_is(struct bytes value, const char *text);

/*
 * The next member of a comma-separated list, without blanks around it; a
 * comma within a quoted string does not count.  False at the end.
 */
bool header_next(struct bytes *list, struct bytes *item_out);
/* The part of a member before its first ";". */
struct bytes header_main(struct bytes item);
/*
 * The parameter of a member ("; name=value"), without the quotes around it;
 * escapes in it are left.  False where there is none, or more than one.
 */
bool header_parameter(struct bytes item, const char *name,
    struct bytes *value_out);

/* The cookie's value (RFC 6265, 4.2.1), without quotes around it. */
bool header_cookie(const struct head *head, const char *name,
    struct bytes *value_out);

/*
 * How much a member of an Accept-like list is wanted, in thousandths: the
 * weight of the best match of `name` ("en" matches "en-GB"), 0 where none.
 */
unsigned header_weight(const struct head *head, const char *field,
    const char *name);

/* 0 to 2^53 - 1 in plain digits; false when it is anything else. */
bool header_number(struct bytes value, uint64_t *number_out);

#endif
