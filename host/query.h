/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_QUERY_H
#define HOST_QUERY_H

#include "host/call.h"

/* Questions of a plugin and their answers: ask, where, listed and next of
 * plugin.h. */
struct hoso_query *query_ask(struct hoso_call *face, const char *kind);
void query_where(struct hoso_query *query, const char *name, const char *value);
void query_listed(struct hoso_query *query);
const struct hoso_row *query_next(struct hoso_query *query);

#endif
