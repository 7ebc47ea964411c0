/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_DRILL_H
#define DAEMON_DRILL_H

#include "daemon/settings.h"

/*
 * hosod drill: restore the newest backup for trial, prove it, say what would be
 * lost and how long it took, and take it away again.  Returns the program's
 * status.
 */
int drill_run(const struct settings *settings, int argc, char **argv);

#endif
