/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WITNESS_SERVER_H
#define CLI_WITNESS_SERVER_H

#include "cli/witness_folder.h"

/*
 * A witness on line: POST /add-checkpoint, and GET /<hex>/checkpoint for
 * whoever watches it.  Many connections at once, one request each; a reverse
 * proxy in front gives TLS to whom it is wanted.
 *
 * Source:  c2sp.org/tlog-witness.
 */

/* Listen on "127.0.0.1:8490" or "[::1]:8490"; port 0 is any. */
int witness_server_listen(const char *address, int *socket_out,
    unsigned *port_out, struct fault *fault);
/* Serve until the process is ended.  Errors: the socket breaks. */
int witness_server_run(int socket, struct witness_folder *folder,
    struct fault *fault);

#endif
