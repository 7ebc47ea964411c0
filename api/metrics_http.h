/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_METRICS_HTTP_H
#define API_METRICS_HTTP_H

#include "api/request.h"

/* GET /metrics: Prometheus text. */
int metrics_http_show(struct request *request, struct fault *fault);

#endif
