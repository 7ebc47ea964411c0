/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_REPORT_HTTP_H
#define API_REPORT_HTTP_H

#include "api/request.h"

/* GET /reports/{name}: ?unit=, ?from=, ?to=, ?format=, and the report's. */
int report_http_build(struct request *request, struct fault *fault);
/* POST /rankings: compute, and keep it where "keep" is true. */
int report_http_rank(struct request *request, struct fault *fault);

/* GET /plugins: what is installed, and what was refused and why. */
int report_http_plugins(struct request *request, struct fault *fault);
/* POST /plugins/reload: read the folders anew. */
int report_http_reload(struct request *request, struct fault *fault);

#endif
