/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_LINK_H
#define CORE_HOST_LINK_H

#include "base/frame.h"
#include "base/json.h"
#include "core/host_process.h"

/*
 * A running host and the messages to and from it, under a deadline and a
 * limit on all that it may send.  The first failure ends the process; the
 * fault names the plugin, or the examiner, and the reason.
 *
 * Errors:  FAULT_PLUGIN "plugin NAME: REASON"; FAULT_SYSTEM where the server
 *          itself could not start it; FAULT_INVALID where the plugin refuses
 *          what the caller gave.
 * Thread:  worker; waits in poll(2) until the deadline.
 */
struct host_link {
	struct host_process process;
	const char *plugin; /* borrowed, for messages; NULL: hoso-examine */
	int64_t deadline;   /* of clock_ticks(); INT64_MAX: none */
	struct buf out;
	size_t out_at; /* bytes of `out` already written */
	struct buf in;
	size_t in_at; /* bytes of `in` already given out */
	uint64_t received;
	bool closed;  /* the host has closed its end */
	int landlock; /* of its hello: ABI in force, 0 none */
	bool seccomp;
};

int host_link_open(struct host_link *link, const struct host_start *start,
    const char *plugin, struct fault *fault);

/* Queue a message; waits where much is queued, reading meanwhile. */
int host_link_send(struct host_link *link, enum frame_type type,
    struct bytes payload, struct fault *fault);
int host_link_send_json(struct host_link *link, enum frame_type type,
    const json_t *value, struct fault *fault);
int host_link_flush(struct host_link *link, struct fault *fault);

/*
 * The next message of the plugin, valid until the next call with this link.
 * HELLO and LOG are taken care of; FAILED is the fault it carries.
 */
int host_link_receive(struct host_link *link, struct frame *frame_out,
    struct fault *fault);

/* The object that a message carries, checked; released with the arena. */
json_t *host_link_object(struct host_link *link, struct arena *arena,
    const struct frame *frame, struct fault *fault);

/* A broken rule: end the process, name the plugin.  Always -1. */
int host_link_refuse(struct host_link *link, struct fault *fault,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
int host_link_refuse_for(struct host_link *link, struct fault *fault,
    const struct fault *reason);
/* The same for a "message", "block" or "result" that breaks its form. */
int host_link_refuse_improper(struct host_link *link, struct fault *fault,
    struct fault *reason, const char *what);

/* End it, whether it is done or not, and free what the link held. */
void host_link_close(struct host_link *link);

#endif
