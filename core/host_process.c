/* SPDX-License-Identifier: Apache-2.0 */

/*
 * posix_spawn() and not fork(): a fork of a server with gigabytes resident
 * copies page tables for a tenth of a second.  The descriptors of the child
 * are numbered here; what we hand over is first moved above them, so that no
 * dup2 lands on one that is still wanted.
 */

#include "core/host_process.h"

#include "base/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_SOCKET = 3, CHILD_FILTER, CHILD_PLUGIN, CHILD_SINK, CHILD_END };

#define ARGUMENTS_MAX 24
#define LOOK_MS       5

struct arguments {
	char *list[ARGUMENTS_MAX];
	size_t count;
	char text[512];
	size_t used;
};

static void
add(struct arguments *arguments, const char *name, uint64_t value)
{
	char *at = arguments->text + arguments->used;
	size_t room = sizeof(arguments->text) - arguments->used;
	int len =
	    snprintf(at, room, "%s=%llu", name, (unsigned long long)value);

	arguments->list[arguments->count++] = at;
	arguments->used += (size_t)len + 1;
}

static void
add_word(struct arguments *arguments, const char *word)
{
	char *at = arguments->text + arguments->used;
	int len =
	    snprintf(at, sizeof(arguments->text) - arguments->used, "%s", word);

	arguments->list[arguments->count++] = at;
	arguments->used += (size_t)len + 1;
}

/* Only in case that nobody is left to look at the clock; 0: none. */
static uint64_t
cpu_seconds(const struct host_limits *limits)
{
	return limits->time_max_ms > 0 ? limits->time_max_ms / 1000 + 2 : 0;
}

static void
fill_arguments(struct arguments *arguments, const struct host_start *start)
{
	const struct host_limits *limits = &start->limits;

	*arguments = (struct arguments){ .count = 0 };
	add_word(arguments, "hoso-host");
	add_word(arguments, "--serve");
	add(arguments, "--parent", (uint64_t)getpid());
	add(arguments, "--socket", CHILD_SOCKET);
	if (start->plugin >= 0) {
		add(arguments, "--plugin", CHILD_PLUGIN);
	}
	add(arguments, "--filter", CHILD_FILTER);
	add(arguments, "--memory", limits->memory_max_bytes);
	if (cpu_seconds(limits) > 0) {
		add(arguments, "--cpu", cpu_seconds(limits));
	}
	if (start->sink >= 0) {
		add(arguments, "--sink", CHILD_SINK);
	}
	if (start->require_landlock) {
		add_word(arguments, "--require-landlock");
	}
}

/* Sanitizers are told how to behave by their variables. */
static char **
environment(char *list[4])
{
	static char locale[] = "LC_ALL=C.UTF-8";
	size_t count = 0;

	list[count++] = locale;
	for (char **at = environ; *at != NULL; at++) {
		if ((strncmp(*at, "ASAN_OPTIONS=", 13) == 0 ||
		        strncmp(*at, "TSAN_OPTIONS=", 13) == 0) &&
		    count < 3) {
			list[count++] = *at;
		}
	}
	list[count] = NULL;
	return list;
}

/* A copy of the descriptor above the numbers of the child. */
static int
move_up(int descriptor)
{
	return fcntl(descriptor, F_DUPFD_CLOEXEC, CHILD_END);
}

struct handed {
	int socket;
	int filter;
	int plugin;
	int sink;
};

static void
close_one(int descriptor)
{
	if (descriptor >= 0) {
		close(descriptor);
	}
}

static void
close_handed(const struct handed *handed)
{
	close_one(handed->socket);
	close_one(handed->filter);
	close_one(handed->plugin);
	close_one(handed->sink);
}

static int
spawn(struct host_process *process, const struct host_start *start,
    const struct handed *handed)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	struct arguments arguments;
	char *variables[4];
	sigset_t none;
	sigset_t all;
	int rc;

	fill_arguments(&arguments, start);
	sigemptyset(&none);
	sigfillset(&all);
	sigdelset(&all, SIGKILL);
	sigdelset(&all, SIGSTOP);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (!start->keep_stderr) {
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
		    O_WRONLY, 0);
	}
	posix_spawn_file_actions_adddup2(&actions, handed->socket,
	    CHILD_SOCKET);
	posix_spawn_file_actions_adddup2(&actions, handed->filter,
	    CHILD_FILTER);
	if (handed->plugin >= 0) {
		posix_spawn_file_actions_adddup2(&actions, handed->plugin,
		    CHILD_PLUGIN);
	}
	if (handed->sink >= 0) {
		posix_spawn_file_actions_adddup2(&actions, handed->sink,
		    CHILD_SINK);
	}
	rc = posix_spawn(&process->pid, start->program, &actions, &attributes,
	    arguments.list, environment(variables));
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return rc;
}

int
host_process_start(struct host_process *process, const struct host_start *start,
    struct fault *fault)
{
	struct handed handed = { -1, -1, -1, -1 };
	int pair[2] = { -1, -1 };
	int rc = -1;
	int sys;

	*process = (struct host_process){ .pid = -1,
		.pidfd = -1,
		.socket = -1,
		.limits = start->limits };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		return fault_errno(fault, errno, "socketpair");
	}
	handed.socket = move_up(pair[1]);
	handed.filter = move_up(start->filter);
	handed.plugin = start->plugin >= 0 ? move_up(start->plugin) : -1;
	handed.sink = start->sink >= 0 ? move_up(start->sink) : -1;
	if (handed.socket < 0 || handed.filter < 0 ||
	    (start->plugin >= 0 && handed.plugin < 0) ||
	    (start->sink >= 0 && handed.sink < 0)) {
		fault_errno(fault, errno, "descriptors for %s", start->program);
		goto out;
	}
	sys = spawn(process, start, &handed);
	if (sys != 0) {
		fault_errno(fault, sys, "start %s", start->program);
		goto out;
	}
	process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	process->socket = pair[0];
	pair[0] = -1;
	fcntl(process->socket, F_SETFL, O_NONBLOCK);
	rc = 0;
out:
	close_handed(&handed);
	close_one(pair[0]);
	close_one(pair[1]);
	return rc;
}

void
host_process_kill(struct host_process *process)
{
	if (process->pidfd >= 0) {
		syscall(SYS_pidfd_send_signal, process->pidfd, SIGKILL, NULL,
		    0);
	} else if (process->pid > 0) {
		kill(process->pid, SIGKILL); /* ours until we wait for it */
	}
}

/* Without a pidfd (valgrind, a container) it is looked at now and then. */
static bool
look_for_end(const struct host_process *process, int wait_ms)
{
	siginfo_t ended = { 0 };

	for (int ms = 0; wait_ms < 0 || ms <= wait_ms; ms += LOOK_MS) {
		if (waitid(P_PID, (id_t)process->pid, &ended,
		        WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    ended.si_pid != 0) {
			return true;
		}
		poll(NULL, 0, LOOK_MS);
	}
	return false;
}

bool
host_process_has_ended(const struct host_process *process, int wait_ms)
{
	struct pollfd ended = { .fd = process->pidfd, .events = POLLIN };

	return process->pidfd >= 0 ? poll(&ended, 1, wait_ms) != 0
	                           : look_for_end(process, wait_ms);
}

/* It took no notice of SIGXCPU: a second later the system kills. */
static bool
cpu_was_used_up(const struct host_process *process, const struct rusage *usage)
{
	uint64_t limit = cpu_seconds(&process->limits);

	return limit > 0 && (uint64_t)(usage->ru_utime.tv_sec +
	                               usage->ru_stime.tv_sec) >= limit;
}

static int
explain_signal(const struct host_process *process, int sig,
    const struct rusage *usage, struct fault *fault)
{
	const char *words = sigdescr_np(sig);

	if (sig == SIGXCPU ||
	    (sig == SIGKILL && cpu_was_used_up(process, usage))) {
		return fault_set(fault, FAULT_PLUGIN,
		    "used more than %llu s of CPU",
		    (unsigned long long)process->limits.time_max_ms / 1000);
	}
	switch (sig) {
	case SIGSYS:
		return fault_set(fault, FAULT_PLUGIN,
		    "made a system call that is forbidden");
	case SIGXFSZ:
		return fault_set(fault, FAULT_PLUGIN, "wrote to a file");
	default:
		return fault_set(fault, FAULT_PLUGIN,
		    "crashed with signal %d (%s)", sig,
		    words != NULL ? words : "unknown");
	}
}

int
host_process_end(struct host_process *process, struct fault *fault)
{
	struct rusage usage = { 0 };
	int status = 0;
	pid_t pid;

	close_one(process->socket); /* it ends when it finds that out */
	process->socket = -1;
	do {
		pid = wait4(process->pid, &status, 0, &usage);
	} while (pid < 0 && errno == EINTR);
	close_one(process->pidfd);
	process->pidfd = -1;
	if (pid < 0) {
		return fault_errno(fault, errno, "wait for hoso-host");
	}
	if (WIFSIGNALED(status)) {
		return explain_signal(process, WTERMSIG(status), &usage, fault);
	}
	if (WEXITSTATUS(status) == FRAME_NO_MEMORY) {
		return fault_set(fault, FAULT_PLUGIN,
		    "used up its memory of %llu MiB",
		    (unsigned long long)process->limits.memory_max_bytes >> 20);
	}
	if (WEXITSTATUS(status) != 0) {
		return fault_set(fault, FAULT_PLUGIN,
		    "ended in the middle of the call (status %d)",
		    WEXITSTATUS(status));
	}
	return 0;
}
