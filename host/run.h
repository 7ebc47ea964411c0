/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_RUN_H
#define HOST_RUN_H

#include "hoso/plugin.h"
#include "host/port.h"

/*
 * Serve what the port asks for with this plugin: its description, one call,
 * or a sink's events until the other side closes.  `sink` is the descriptor
 * that a sink writes to, -1 where there is none.
 *
 * Returns: 0 when the call was served, -1 when it failed; the reason was sent
 *          as FRAME_FAILED where the port still took it.
 */
int run_serve(struct port *port, const struct hoso_plugin *plugin, int sink);

#endif
