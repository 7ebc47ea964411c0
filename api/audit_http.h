/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_AUDIT_HTTP_H
#define API_AUDIT_HTTP_H

#include "api/request.h"

/* GET /audit/key: the verifier key, one line; public. */
int audit_http_key(struct request *request, struct fault *fault);
/* GET /audit/checkpoint: the newest signed one (C2SP tlog-tiles). */
int audit_http_checkpoint(struct request *request, struct fault *fault);
/* GET /audit/tile/{rest...}: tiles and entries (C2SP tlog-tiles). */
int audit_http_tile(struct request *request, struct fault *fault);
/* GET /audit/receipts/{index}: any entry's receipt, now. */
int audit_http_receipt(struct request *request, struct fault *fault);
/* GET /audit/consistency?from=&to=. */
int audit_http_consistency(struct request *request, struct fault *fault);
/* GET /audit/sinks: where its events go besides, and how far each is. */
int audit_http_sinks(struct request *request, struct fault *fault);

#endif
