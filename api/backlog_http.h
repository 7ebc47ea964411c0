/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_BACKLOG_HTTP_H
#define API_BACKLOG_HTTP_H

#include "api/request.h"

/* GET /jobs: work that waits, in pages, and how much there is of it. */
int backlog_http_list(struct request *request, struct fault *fault);

#endif
