/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_RANKING_HTTP_H
#define API_RANKING_HTTP_H

#include "api/request.h"

/* GET /rankings: those that were kept and that the caller may read. */
int ranking_http_list(struct request *request, struct fault *fault);

#endif
