/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_IMFDATE_H
#define API_IMFDATE_H

#include "base/bytes.h"

#include <stdbool.h>

#define IMFDATE_TEXT 30u /* "Sun, 06 Nov 1994 08:49:37 GMT" and NUL */

/*
 * The date format of HTTP (IMF-fixdate), in seconds since 1970.
 *
 * Source:  RFC 9110, section 5.6.7.
 */
void imfdate_format(char text[IMFDATE_TEXT], int64_t seconds);

/* Also the obsolete forms, RFC 850's and asctime's, which must be read. */
bool imfdate_parse(struct bytes text, int64_t *seconds_out);

#endif
