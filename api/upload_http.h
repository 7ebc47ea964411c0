/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_UPLOAD_HTTP_H
#define API_UPLOAD_HTTP_H

#include "base/fault.h"

struct request;

/*
 * Files that come in pieces, by the tus protocol 1.0.0 (api/tus.h).  A
 * command then names the upload in an attachment: {"upload": id, ...}.
 */
int upload_http_options(struct request *request, struct fault *fault);
int upload_http_new(struct request *request, struct fault *fault);
int upload_http_head(struct request *request, struct fault *fault);
int upload_http_patch(struct request *request, struct fault *fault);
int upload_http_end(struct request *request, struct fault *fault);
/* POST with X-HTTP-Method-Override, for proxies that know no PATCH. */
int upload_http_override(struct request *request, struct fault *fault);
/* The same as HEAD for people and programs that speak no tus: JSON. */
int upload_http_get(struct request *request, struct fault *fault);

#endif
