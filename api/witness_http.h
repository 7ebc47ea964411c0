/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_WITNESS_HTTP_H
#define API_WITNESS_HTTP_H

#include "api/request.h"

/* The log's outside witnesses (core/cosigning.h); handlers of routes.c. */
int witness_http_show(struct request *request, struct fault *fault);
int witness_http_cosigned(struct request *request, struct fault *fault);
int witness_http_ask(struct request *request, struct fault *fault);
int witness_http_take(struct request *request, struct fault *fault);

#endif
