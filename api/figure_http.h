/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_FIGURE_HTTP_H
#define API_FIGURE_HTTP_H

#include "api/request.h"

/* GET /units/{id}/figures: what documents say of it, a page. */
int figure_http_list(struct request *request, struct fault *fault);

#endif
