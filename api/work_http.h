/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_WORK_HTTP_H
#define API_WORK_HTTP_H

#include "api/request.h"

/* What waits for whoever asks, and what he may do with one dossier or
 * document. */
int work_http_list(struct request *request, struct fault *fault);
int work_http_next(struct request *request, struct fault *fault);
int work_http_next_of_document(struct request *request, struct fault *fault);

#endif
