/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_USER_HTTP_H
#define API_USER_HTTP_H

#include "api/request.h"

/*
 * GET /users: {"users": [...], "next"} in order of id, or with ?login= of log-in
 * name, of those that begin so; ?limit=, ?after=.
 * Who may read only himself gets himself.
 */
int user_http_list(struct request *request, struct fault *fault);
/* GET /users/{id}. */
int user_http_get(struct request *request, struct fault *fault);
/* GET /users/{id}/name: {"id", "login", "name"} and nothing else of him. */
int user_http_name(struct request *request, struct fault *fault);
/* PATCH /users/{id}; making one and passwords: api/password_http.h. */
int user_http_edit(struct request *request, struct fault *fault);

/* GET /tokens: {"tokens": [...]}, one's own, without their secrets. */
int user_http_tokens(struct request *request, struct fault *fault);
/* GET /tokens/{id}. */
int user_http_token(struct request *request, struct fault *fault);
/* POST /tokens: its `secret` is in this answer and nowhere else. */
int user_http_new_token(struct request *request, struct fault *fault);
/* DELETE /tokens/{id}. */
int user_http_revoke_token(struct request *request, struct fault *fault);

#endif
