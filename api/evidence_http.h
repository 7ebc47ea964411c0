/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_EVIDENCE_HTTP_H
#define API_EVIDENCE_HTTP_H

#include "api/request.h"

/* Evidence records of sealed containers. */

/* GET /dossiers/{id}/evidence: the record, DER. */
int evidence_http_record(struct request *request, struct fault *fault);
/* GET /evidence/plan: what ends when. */
int evidence_http_plan(struct request *request, struct fault *fault);
/* GET /evidence/risk: what falls with an algorithm or an authority. */
int evidence_http_risk(struct request *request, struct fault *fault);
/* POST /evidence/run: do now what would be done in the night. */
int evidence_http_run(struct request *request, struct fault *fault);

#endif
