/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SCORE_HTTP_H
#define API_SCORE_HTTP_H

#include "api/request.h"

/* GET /units/{id}/scores: what was given in a cluster. */
int score_http_list(struct request *request, struct fault *fault);

#endif
