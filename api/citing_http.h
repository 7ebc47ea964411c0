/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CITING_HTTP_H
#define API_CITING_HTTP_H

#include "api/request.h"

/* GET /documents/{id}/citing: the documents that cite it. */
int citing_http_list(struct request *request, struct fault *fault);

#endif
