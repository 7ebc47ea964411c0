/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_REORGANISATION_HTTP_H
#define API_REORGANISATION_HTTP_H

#include "api/request.h"
#include "base/json.h"
#include "core/record.h"

/* GET /reorganisations: in order of time, ?from=, ?to=, ?after=. */
int reorganisation_http_list(struct request *request, struct fault *fault);
/* GET /reorganisations/days: the days that have one. */
int reorganisation_http_days(struct request *request, struct fault *fault);

/*
 * The record, and what its units were called: "predecessor_names" on the day
 * before, "successor_names" on the day.  A new reference; NULL failed.
 */
json_t *reorganisation_shown(struct request *request, struct snapshot *snapshot,
    const struct record *event, struct fault *fault);

#endif
