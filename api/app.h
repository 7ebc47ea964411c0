/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_APP_H
#define API_APP_H

#include "api/request.h"
#include "core/actor.h"
#include "core/core.h"

struct sessions;

/* What the handlers work with: request->app.  Filled by the daemon. */
struct app {
	struct core *core;
	struct sessions *sessions;  /* log-ins, api/session.h */
	const struct route *routes; /* the table itself, for OPTIONS */
	const char *public_url;     /* "http://127.0.0.1:8480" */
	const char *log_name;       /* of the audit log */
	int64_t started;            /* clock_now() */
};

static inline struct core *
app_core(const struct request *request)
{
	return ((struct app *)request->app)->core;
}

#endif
