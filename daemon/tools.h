/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_TOOLS_H
#define DAEMON_TOOLS_H

#include "daemon/settings.h"

/* What a command returns, having done and printed nothing, whose arguments
 * are wrong: its usage is told, and this is the process's exit status. */
#define TOOLS_MISUSED 2

/* A word that names a folder, or is "-" for a stream, and is no option. */
bool tools_is_place(const char *word);

/*
 * Commands of hosod that work on the folder itself.  Each prints what it did,
 * or why not, and returns the process's exit status.
 */
int tools_user(const struct settings *settings, int argc, char **argv);
int tools_backup(const struct settings *settings, int argc, char **argv);
int tools_restore(const struct settings *settings, int argc, char **argv);

#endif
