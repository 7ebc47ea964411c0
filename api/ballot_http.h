/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_BALLOT_HTTP_H
#define API_BALLOT_HTTP_H

#include "api/request.h"

/* The ballots on a dossier, with what each comes to. */
int ballot_http_list(struct request *request, struct fault *fault);

#endif
