/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_RECORD_HTTP_H
#define API_RECORD_HTTP_H

#include "api/request.h"

/*
 * Handlers that make, change and read one record each; rows of routes.c.
 * What they do stands in core/, how in api/change.h and api/read.h.
 */
int record_http_new_unit(struct request *request, struct fault *fault);
int record_http_edit_unit(struct request *request, struct fault *fault);
int record_http_get_unit(struct request *request, struct fault *fault);
int record_http_new_reorganisation(struct request *request,
    struct fault *fault);
int record_http_get_reorganisation(struct request *request,
    struct fault *fault);
int record_http_new_movement(struct request *request, struct fault *fault);
int record_http_edit_movement(struct request *request, struct fault *fault);
int record_http_step_movement(struct request *request, struct fault *fault);
int record_http_get_movement(struct request *request, struct fault *fault);
int record_http_new_document(struct request *request, struct fault *fault);
int record_http_edit_document(struct request *request, struct fault *fault);
int record_http_get_document(struct request *request, struct fault *fault);
int record_http_new_dossier(struct request *request, struct fault *fault);
int record_http_edit_dossier(struct request *request, struct fault *fault);
int record_http_add_component(struct request *request, struct fault *fault);
int record_http_step_dossier(struct request *request, struct fault *fault);
int record_http_add_opinion(struct request *request, struct fault *fault);
int record_http_add_vote(struct request *request, struct fault *fault);
int record_http_get_dossier(struct request *request, struct fault *fault);
int record_http_new_decision(struct request *request, struct fault *fault);
int record_http_get_decision(struct request *request, struct fault *fault);
int record_http_revoke_grant(struct request *request, struct fault *fault);
int record_http_get_grant(struct request *request, struct fault *fault);
int record_http_new_figure(struct request *request, struct fault *fault);
int record_http_edit_figure(struct request *request, struct fault *fault);
int record_http_get_figure(struct request *request, struct fault *fault);
int record_http_put_score(struct request *request, struct fault *fault);
int record_http_get_ranking(struct request *request, struct fault *fault);
int record_http_get_score(struct request *request, struct fault *fault);

#endif
