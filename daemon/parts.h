/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_PARTS_H
#define DAEMON_PARTS_H

#include "core/core.h"
#include "daemon/settings.h"

/*
 * What both the server and the offline tools (user add, fsck) need of core/:
 * the store, the rules, the log.
 */
struct parts {
	struct core core;
	struct rules *rules;
};

/* With `read_only` beside a running server. */
int parts_open(struct parts *parts, const struct settings *settings,
    bool read_only, struct fault *fault);
void parts_close(struct parts *parts);

#endif
