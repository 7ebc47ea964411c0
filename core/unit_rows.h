/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_ROWS_H
#define CORE_UNIT_ROWS_H

#include "base/date.h"
#include "base/json.h"
#include "core/rows.h"

#define UNIT_NAME_MAX_BYTES 250u /* and so a folded one fits a key */
#define UNIT_CODE_MAX_BYTES 64u

/*
 * The index rows of a unit's record alone, whose members were checked.  A
 * name, parent or code holds no longer than the unit lives.
 */
void unit_rows(struct rows *rows, const char *id, const json_t *fields);

/* "from" and "to" of an object that was checked; open where absent. */
struct span unit_span(const json_t *object);
struct span span_of_both(struct span a, struct span b);

#endif
