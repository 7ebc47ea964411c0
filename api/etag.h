/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ETAG_H
#define API_ETAG_H

#include "base/bytes.h"

#include <stdbool.h>

#define ETAG_TEXT 80u /* longest of ours, quotes and NUL included */

/* A record's tag is its revision: "17", with the quotes. */
void etag_of_rev(char text[ETAG_TEXT], uint64_t rev);
/* The revision that a tag of ours stands for; false for any other. */
bool etag_rev(struct bytes tag, uint64_t *rev_out);

/*
 * Is `tag` (ours, strong) in the list of an If-Match (strong comparison) or
 * If-None-Match field (weak)?  "*" is in any list.
 *
 * Source:  RFC 9110, sections 8.8.3.2, 13.1.1 and 13.1.2.
 */
bool etag_is_in(struct bytes list, const char *tag, bool weak);

#endif
