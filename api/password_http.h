/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PASSWORD_HTTP_H
#define API_PASSWORD_HTTP_H

#include "api/request.h"

/*
 * PUT /session/password {"current", "password"}: one's own.  Ends all other
 * log-ins and goes on in a new one, whose cookie and csrf it answers.
 */
int password_http_own(struct request *request, struct fault *fault);
/*
 * PUT /users/{id}/password {"password"}: somebody else's, by who may write
 * users.  One's own takes the old one.
 */
int password_http_set(struct request *request, struct fault *fault);
/*
 * POST /users {…, "password"}: a user, with a first password or without one.
 */
int password_http_new_user(struct request *request, struct fault *fault);

/* Wipe a body that held a password, and the password within it, or NULL. */
void password_http_forget(struct request *request, const char *password);
/* Refuse for so many seconds: FAULT_RATE with Retry-After. */
int password_http_wait(struct request *request, int seconds,
    struct fault *fault);

#endif
