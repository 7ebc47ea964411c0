/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_SANDBOX_H
#define HOST_SANDBOX_H

#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What keeps a plugin in: the steps of one process that is about to load
 * foreign code, to be taken in the order of this header.  None can be taken
 * back.
 *
 * Thread:  the process must have one.
 */
struct sandbox {
	pid_t parent;          /* whose death is ours */
	uint64_t memory_bytes; /* address space; 0: no limit */
	uint64_t cpu_seconds;  /* 0: no limit (a sink lives on) */
	int last_descriptor;   /* all above it are closed */
	int filter;            /* descriptor of the seccomp filters, or -1 */
	bool writes_files;     /* a sink that appends to a file */
	bool landlock_must_be; /* else a kernel without it is reported only */

	int landlock; /* out: ABI version in force, 0 where there is none */
	bool seccomp; /* out: filters in force */
};

/* Die with the parent, close what we were not given, set the limits. */
int sandbox_limit(struct sandbox *sandbox, struct fault *fault);

/*
 * Landlock: files can be read and run in the library folders, nothing else.
 * The first seccomp filter: no sockets, no processes.
 */
int sandbox_before_load(struct sandbox *sandbox, struct fault *fault);

/* No file at all; the second filter: nothing is opened, nothing made
 * executable; signals reach this process only. */
int sandbox_after_load(struct sandbox *sandbox, struct fault *fault);

#endif
