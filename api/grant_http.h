/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_GRANT_HTTP_H
#define API_GRANT_HTTP_H

#include "api/request.h"

/* What was granted to a unit and all below it: how much, and what. */

/* GET /units/{id}/grants */
int grant_http_list(struct request *request, struct fault *fault);
/* GET /units/{id}/counts */
int grant_http_counts(struct request *request, struct fault *fault);

#endif
