/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_BACKUP_HTTP_H
#define API_BACKUP_HTTP_H

#include "api/request.h"

/* GET /backups: what the tools wrote down of backups and drills. */
int backup_http_list(struct request *request, struct fault *fault);

#endif
