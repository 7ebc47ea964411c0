/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_UNIT_LIST_H
#define API_UNIT_LIST_H

#include "api/request.h"
#include "base/date.h"
#include "base/json.h"
#include "core/record.h"

/*
 * One unit as lists show it: as it was on the day, or on the day of its life
 * that is nearest to it.  A new reference; NULL failed.
 */
json_t *unit_list_row(struct request *request, struct snapshot *snapshot,
    const char *id, date_t date, struct fault *fault);

/* The same with "above": the units it lay in then, from the top down. */
json_t *unit_list_found(struct request *request, struct snapshot *snapshot,
    const char *id, date_t date, struct fault *fault);

#endif
