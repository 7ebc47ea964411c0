/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REASON_H
#define CORE_REASON_H

#include "base/json.h"

/*
 * Why something was not done, kept in a row for whoever reads it later: in
 * English, which the log has too, and in Vietnamese.
 *
 *     "reason": text, "vietnamese": text
 *
 * "vietnamese" is absent where there are no other words for it.
 */

/* `why` NULL: no reason yet, "". */
void reason_put(json_t *row, struct arena *arena, const struct fault *why);
/* From a row that is kept to one that is told; nothing where it has none. */
void reason_copy(json_t *told, const json_t *row);

#endif
