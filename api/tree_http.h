/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TREE_HTTP_H
#define API_TREE_HTTP_H

#include "api/request.h"

/* GET /units?roots: who stands at the top of the tree, ?as_of=, ?kind=. */
int tree_http_top(struct request *request, struct fault *fault);
/* GET /units/{id}/children: ?as_of=, ?relation=. */
int tree_http_children(struct request *request, struct fault *fault);

#endif
