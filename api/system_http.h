/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SYSTEM_HTTP_H
#define API_SYSTEM_HTTP_H

#include "api/request.h"

/* GET /healthz: 200 while the store can be read; public. */
int system_http_health(struct request *request, struct fault *fault);
/* GET /fixity: what is damaged, and how far the check is. */
int system_http_fixity(struct request *request, struct fault *fault);
/* GET /system: version, room on the disk, workers. */
int system_http_show(struct request *request, struct fault *fault);

#endif
