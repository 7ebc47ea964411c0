/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_VERIFY_HTTP_H
#define API_VERIFY_HTTP_H

#include "api/app.h"

/*
 * Anybody asks whether the archive holds exactly this: a file by its SHA-256
 * or as the body, a receipt as a body of JSON, a decision by number and day.
 * The answer is {"held": false}, or also what it is and since when, and
 * nothing else of the archive.
 */
int verify_http_ask(struct request *request, struct fault *fault);
int verify_http_take(struct request *request, struct fault *fault);

#endif
