/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DECISION_HTTP_H
#define API_DECISION_HTTP_H

#include "api/request.h"

/* Decisions by the number and symbol of their document. */
int decision_http_find(struct request *request, struct fault *fault);
/* Those that the document {id} holds, as far as the caller may read them. */
int decision_http_of_document(struct request *request, struct fault *fault);

#endif
