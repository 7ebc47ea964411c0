/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_INIT_H
#define DAEMON_INIT_H

#include "daemon/settings.h"

/*
 * Make a new archive in settings->data: the store, the log's key, the seal's
 * key and certificate, hosod.conf.  What is there already is never replaced.
 */
int init_run(const struct settings *settings);

#endif
