/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_UNIT_HTTP_H
#define API_UNIT_HTTP_H

#include "api/request.h"

/* GET /units: by ?name=, ?prefix=, ?code= or ?id=, with ?as_of=; or ?roots. */
int unit_http_find(struct request *request, struct fault *fault);
/* GET /units/{id}/history: what it came from and what came of it. */
int unit_http_history(struct request *request, struct fault *fault);
/* GET /units/{id}/dossiers: retrieval by unit. */
int unit_http_dossiers(struct request *request, struct fault *fault);
/* GET /dossiers?name=: the same for every unit that had this name. */
int unit_http_dossiers_by_name(struct request *request, struct fault *fault);

#endif
