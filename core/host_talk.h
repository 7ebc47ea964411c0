/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_TALK_H
#define CORE_HOST_TALK_H

#include "core/host_call.h"
#include "core/host_link.h"

/*
 * The server's side of docs/plugin-protocol.md, one function a call, over a
 * link that is open.  What they give and refuse is said in host_call.h; how
 * the process is started and ended is not theirs.
 */
int host_talk_describe(struct host_link *link, const struct host_call *call,
    struct arena *arena, json_t **offer_out, struct fault *fault);
int host_talk_report(struct host_link *link, const struct host_call *call,
    const struct host_data *data, struct blocks *blocks, struct fault *fault);
int host_talk_format(struct host_link *link, const struct host_call *call,
    const struct blocks *blocks, struct buf *out, struct fault *fault);
int host_talk_rank(struct host_link *link, const struct host_call *call,
    const json_t *tables, struct arena *arena, json_t **results_out,
    struct fault *fault);

#endif
