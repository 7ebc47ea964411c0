/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SINK_TARGET_H
#define CORE_SINK_TARGET_H

#include "base/fault.h"

#include <stdbool.h>

/*
 * What an audit sink delivers to, opened by the server for it:
 *
 *     /var/log/hoso/audit.jsonl   a file, made where it is not, appended to
 *     /dev/log                    a socket of datagrams or a stream
 *     udp:log.example.vn:514      the same over the network
 *     tcp:log.example.vn:601
 */

/* False where no target can look so; says nothing of what is there. */
bool sink_target_is_valid(const char *target);

/*
 * Errors:  FAULT_SYSTEM; FAULT_INVALID where it cannot be one.
 * Thread:  one that may wait for names and for the other side.
 */
int sink_target_open(const char *target, int *descriptor_out,
    struct fault *fault);

/* The path is another file now, or none: a log that was turned over. */
bool sink_target_has_moved(const char *target, int descriptor);

#endif
