/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_SERVE_H
#define DAEMON_SERVE_H

#include "daemon/settings.h"

/*
 * Start the parts, serve until SIGTERM or SIGINT, answer what is under way
 * and stop.  Returns the process's exit status.
 */
int serve_run(const struct settings *settings);

#endif
