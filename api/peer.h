/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PEER_H
#define API_PEER_H

#include "api/head.h"
#include "base/arena.h"

/*
 * The address of who asks: that of the socket, unless that is one of
 * `proxies` (addresses parted by blanks, or NULL).  A proxy's word counts
 * instead: the last member of its X-Forwarded-For, which it wrote itself; the
 * members before it anybody may have invented.
 *
 * Owner:   `socket` itself, or text of the arena.
 */
const char *peer_find(const char *proxies, const char *socket,
    const struct head *head, struct arena *arena);

#endif
