/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_RULES_HTTP_H
#define API_RULES_HTTP_H

#include "api/request.h"

/* The law by which this server judges (core/rules.h). */

/* GET /rules: which tables there are, and the files that they came from. */
int rules_http_list(struct request *request, struct fault *fault);
/* GET /rules/{table}: a dated table of the law, or its rows of ?date=. */
int rules_http_table(struct request *request, struct fault *fault);

#endif
