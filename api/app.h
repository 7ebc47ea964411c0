/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_APP_H
#define API_APP_H

#include "api/request.h"
#include "core/actor.h"
#include "core/core.h"

struct holders;
struct pages;
struct server;
struct sessions;

/* What the handlers work with: request->app.  Filled by the daemon. */
struct app {
	struct core *core;
	struct sessions *sessions; /* log-ins, api/session.h */
	struct holders *holders;   /* of uploads, api/holder.h */
	struct server *server;     /* for its counts */
	const struct pages *pages; /* NULL: not installed */
	int64_t started;           /* clock_ticks() */
};

static inline struct core *
app_core(const struct request *request)
{
	return ((struct app *)request->app)->core;
}

#endif
