/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_ANSWER_H
#define HOST_ANSWER_H

#include "host/port.h"
#include "host/sandbox.h"

/* What every process of ours says to the server, whatever it was started for. */

/* FRAME_HELLO: it is confined, and how. */
int answer_hello(struct port *port, const struct sandbox *sandbox,
    struct fault *fault);
/* FRAME_FAILED with the reason; `refused` as in call.h, or NULL. */
void answer_failed(struct port *port, const struct fault *fault,
    const char *refused);

#endif
