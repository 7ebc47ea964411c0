/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_HISTORY_HTTP_H
#define API_HISTORY_HTTP_H

#include "api/request.h"

/* The trail of a record: what was done to it, and what proves each act. */

/* GET /dossiers/{id}/history and likewise: a page of its revisions. */
int history_http_dossier(struct request *request, struct fault *fault);
int history_http_document(struct request *request, struct fault *fault);
int history_http_decision(struct request *request, struct fault *fault);

/* GET /dossiers/{id}/history/{rev}/receipt: that of the revision's entry. */
int history_http_dossier_receipt(struct request *request, struct fault *fault);
int history_http_document_receipt(struct request *request, struct fault *fault);
int history_http_decision_receipt(struct request *request, struct fault *fault);

#endif
