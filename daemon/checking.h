/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_CHECKING_H
#define DAEMON_CHECKING_H

#include "daemon/settings.h"

/*
 * hosod fsck and reindex.  Arguments follow the command's name; what they
 * return is the program's.
 */
int checking_fsck(const struct settings *settings, int argc, char **argv);
int checking_reindex(const struct settings *settings, int argc, char **argv);

#endif
