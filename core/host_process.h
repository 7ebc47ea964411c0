/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_PROCESS_H
#define CORE_HOST_PROCESS_H

#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* One running hoso-host: started, watched, ended, and told apart why. */

struct host_limits {
	uint64_t memory_max_bytes;
	uint64_t output_max_bytes; /* all that it may send */
	uint64_t time_max_ms;      /* 0: it lives on (a sink) */
};

struct host_start {
	const char *program; /* path of hoso-host or hoso-examine */
	int plugin;          /* descriptor of the plugin's bytes, or -1 */
	int filter;          /* of host_filter_open() */
	int sink;            /* what a sink writes to, or -1 */
	bool require_landlock;
	bool keep_stderr; /* tests and an author's machine */
	struct host_limits limits;
};

struct host_process {
	pid_t pid;
	int pidfd;  /* -1 where the system gives none */
	int socket; /* non-blocking, ours */
	struct host_limits limits;
};

/*
 * Errors:  FAULT_SYSTEM.
 * Thread:  the process dies with the thread that started it.
 */
int host_process_start(struct host_process *process,
    const struct host_start *start, struct fault *fault);

/* Kill it, wherever it is; host_process_end() still follows. */
void host_process_kill(struct host_process *process);

/* Has it ended, within so many milliseconds?  -1 waits for ever. */
bool host_process_has_ended(const struct host_process *process, int wait_ms);

/*
 * Wait until it has ended and free what it held.  A process that ended by
 * itself and well leaves the fault alone and returns 0; for one that did not,
 * -1 and FAULT_PLUGIN with the reason in plain words: "crashed with signal 11
 * (Segmentation fault)".
 */
int host_process_end(struct host_process *process, struct fault *fault);

#endif
