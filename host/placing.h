/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_PLACING_H
#define HOST_PLACING_H

#include "hoso/plugin.h"

/* What a ranking rule writes: place() to reason() of plugin.h. */
void placing_place(struct hoso_call *face, const char *unit, int64_t rank);
void placing_value(struct hoso_call *face, const char *name, int64_t value);
void placing_tie(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
void placing_award(struct hoso_call *face, const char *award);
void placing_reason(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);

/* Send the last one.  After the rule has returned. */
void placing_end(struct hoso_call *face);

#endif
