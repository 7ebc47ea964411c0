/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SESSION_HTTP_H
#define API_SESSION_HTTP_H

#include "api/request.h"

/*
 * POST /session {"login", "password"}: log in.  Answers as GET does, with the
 * cookie.  Public.
 */
int session_http_open(struct request *request, struct fault *fault);
/*
 * GET /session: who am I?  {"user": {...}, "roles": [...]} with `csrf` and
 * `expires` of a log-in, `scopes` of a token.  Public; 401 for nobody.
 */
int session_http_show(struct request *request, struct fault *fault);
/* DELETE /session: log out; ?everywhere=true all of one's log-ins. */
int session_http_close(struct request *request, struct fault *fault);

#endif
