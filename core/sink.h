/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SINK_H
#define CORE_SINK_H

#include "core/core.h"

/*
 * The audit sinks of this server.  Each has a thread that reads the log from
 * where the sink's cursor stands, hands the events to the sink's hoso-host in
 * the order of their commits, and moves the cursor when a flush confirmed
 * them: each event arrives at least once.  Nothing waits for a sink.
 */
struct sinks;

struct sinks_options {
	/*
	 * "jsonl:/var/log/hoso/audit.jsonl syslog:/dev/log": name of the
	 * sink and its target (core/sink_target.h), parted by blanks.
	 */
	const char *list;
	unsigned look_ms;       /* between two looks for new events */
	unsigned answer_max_ms; /* for a flush */
	unsigned pause_max_ms;  /* between two tries */
};

extern const struct sinks_options sinks_presets; /* none, 500, 10 s, 5 min */

/*
 * Start them.  `core` with its store and plugins outlives them.
 *
 * Errors:  FAULT_INVALID a word of the list is none; FAULT_SYSTEM.
 */
int sinks_open(struct sinks **sinks_out, struct core *core,
    const struct sinks_options *options, struct fault *fault);
/* Ends the threads; what was not delivered is at the next start. */
void sinks_close(struct sinks *sinks);

struct sink_figures {
	const char *sink;  /* as in the list; borrowed */
	uint64_t next;     /* index of the first event that is not delivered */
	unsigned failures; /* in a row; 0: it works */
};

size_t sinks_count(const struct sinks *sinks);
/* Thread: any. */
void sinks_measure(const struct sinks *sinks, size_t number,
    struct sink_figures *figures_out);

#endif
