/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DEMAND_HTTP_H
#define API_DEMAND_HTTP_H

#include "api/request.h"

/* What the rules demand of a dossier, before there is one. */
int demand_http_show(struct request *request, struct fault *fault);

#endif
