/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_WHOAMI_H
#define API_WHOAMI_H

#include "api/request.h"

struct login;
struct secret;

/*
 * Answer with a user as he is now:
 *
 *     {"user":{"id","login","name"},
 *      "roles":[{"role","name","unit","unit_name"}],
 *      "csrf","expires","idle_seconds"   where he has this log-in
 *      "scopes"                          where he came by a token}
 *
 * Role names are in the language asked for.  `secret` and `login` may be NULL.
 */
int whoami_answer(struct request *request, int status, const char *user,
    const struct secret *secret, const struct login *login,
    struct fault *fault);

#endif
