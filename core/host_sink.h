/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_SINK_H
#define CORE_HOST_SINK_H

#include "base/bytes.h"
#include "core/plugins.h"

/*
 * A running audit sink: one hoso-host that lives on and is given event after
 * event.  It can fail at any time; who owns it opens another one, after a
 * pause (host_sink_pause_ms), and begins again behind the last event that a
 * flush confirmed.
 *
 * Errors:  FAULT_PLUGIN "plugin NAME: REASON"; FAULT_ABSENT where nobody
 *          offers the sink; FAULT_SYSTEM.
 * Thread:  one thread from open to close, a worker of its own: the process
 *          dies with the thread that opened it.
 */
struct host_sink;

/*
 * Start the sink of this name; what it delivers goes to `target`, a file
 * opened for appending or a connected socket, borrowed until close.
 *
 * Units:   answer_max_ms bounds each flush.
 */
int host_sink_open(struct host_sink **sink_out, struct plugins *plugins,
    const char *name, int target, uint32_t answer_max_ms, struct fault *fault);
void host_sink_close(struct host_sink *sink);

/* Hand over one event; the index grows from call to call. */
int host_sink_send(struct host_sink *sink, int64_t index, struct bytes json,
    struct fault *fault);

/*
 * Wait until everything that was sent is delivered: on disk where the target
 * is a file, handed to the kernel where it is a socket.  *index_out is the
 * last event's.
 */
int host_sink_flush(struct host_sink *sink, int64_t *index_out,
    struct fault *fault);

/* How long to wait before the next try: 1 s, doubled up to 5 minutes. */
uint32_t host_sink_pause_ms(unsigned failures);

#endif
