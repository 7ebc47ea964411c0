/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PAGE_HTTP_H
#define API_PAGE_HTTP_H

#include "api/request.h"

/* The web page: handlers of the rows in routes.c. */

/* One document for all addresses; what they show is the browser's business. */
int page_http_index(struct request *request, struct fault *fault);
/* What the document loads, {name}: it never changes under its name. */
int page_http_asset(struct request *request, struct fault *fault);

#endif
