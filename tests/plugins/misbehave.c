/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Everything that a plugin must not do, one report each: the tests of the
 * sandbox call them and look for the reason that the caller is told.
 */

#include "hoso/plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BASE_LOCAL_SOCKET 3 /* where the server's socket is */

static int opened_by_constructor = -1;
static int errno_of_constructor;

/* Runs inside dlopen(), before the host has seen the plugin's record. */
__attribute__((constructor)) static void
open_a_file(void)
{
	opened_by_constructor = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	errno_of_constructor = errno;
}

static int
tell_constructor(struct hoso_call *call, void *state)
{
	(void)state;
	call->host->paragraph(call);
	call->host->run(call, HOSO_PLAIN, "%s",
	    opened_by_constructor >= 0 ? "opened"
	                               : strerror(errno_of_constructor));
	return 0;
}

/* One forbidden step each; what came of it is the report's text. */
static const char *
word(long result)
{
	return result >= 0 ? "done" : strerror(errno);
}

static int
tell(struct hoso_call *call, const char *what)
{
	call->host->paragraph(call);
	call->host->run(call, HOSO_PLAIN, "%s", what);
	return 0;
}

static int
try_file(struct hoso_call *call, void *state)
{
	(void)state;
	return tell(call, word(open("/etc/passwd", O_RDONLY)));
}

static int
try_own_file(struct hoso_call *call, void *state)
{
	(void)state;
	return tell(call, word(open("/proc/self/mem", O_RDWR)));
}

static int
try_socket(struct hoso_call *call, void *state)
{
	(void)state;
	return tell(call, word(socket(AF_INET, SOCK_STREAM, 0)));
}

static int
try_fork(struct hoso_call *call, void *state)
{
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		_exit(0);
	}
	return tell(call, word(pid));
}

static int
try_exec(struct hoso_call *call, void *state)
{
	char *arguments[] = { NULL };

	(void)state;
	return tell(call, word(execv("/bin/true", arguments)));
}

static int
try_kill_parent(struct hoso_call *call, void *state)
{
	long killed = syscall(SYS_kill, getppid(), SIGTERM);
	long tg = syscall(SYS_tgkill, getppid(), getppid(), SIGTERM);

	(void)state;
	return tell(call, word(killed >= 0 ? killed : tg));
}

static int
try_executable(struct hoso_call *call, void *state)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	return tell(call, page == MAP_FAILED ? strerror(errno) : "done");
}

static int
try_more_memory(struct hoso_call *call, void *state)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	(void)state;
	return tell(call, word(setrlimit(RLIMIT_AS, &limit)));
}

static int
try_ptrace(struct hoso_call *call, void *state)
{
	(void)state;
	return tell(call, word(ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
}

static void *
add_one(void *counter)
{
	++*(int *)counter;
	return NULL;
}

/* Not forbidden: threads and memory work as elsewhere. */
static int
use_threads(struct hoso_call *call, void *state)
{
	pthread_t threads[4];
	int counters[4] = { 0 };
	int sum = 0;

	(void)state;
	for (int i = 0; i < 4; i++) {
		if (pthread_create(&threads[i], NULL, add_one, &counters[i]) !=
		    0) {
			return call->host->fail(call, "no thread");
		}
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		sum += counters[i];
	}
	return tell(call, sum == 4 ? "done" : "lost");
}

static int
crash(struct hoso_call *call, void *state)
{
	volatile int *volatile nowhere = NULL; /* hidden from the compiler */

	(void)call;
	(void)state;
	return *nowhere;
}

static int
crash_by_abort(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	abort();
}

static int
leave(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	_exit(0);
}

static int
loop(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	for (volatile unsigned turn = 0;; turn++) {
	}
	return 0;
}

/* Close the socket first, so that only the process is left to wait for. */
static int
hide_and_loop(struct hoso_call *call, void *state)
{
	close(BASE_LOCAL_SOCKET);
	return loop(call, state);
}

static int
allocate(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	for (;;) {
		char *piece = malloc(1u << 20);

		memset(piece, 1, 1u << 20); /* NULL in the end */
	}
	return 0;
}

static int
allocate_by_host(struct hoso_call *call, void *state)
{
	(void)state;
	for (;;) {
		memset(call->host->memory(call, 1u << 20), 1, 1u << 20);
	}
	return 0;
}

static int
flood(struct hoso_call *call, void *state)
{
	(void)state;
	for (;;) {
		call->host->paragraph(call);
		call->host->run(call, HOSO_PLAIN, "%01000d", 7);
	}
	return 0;
}

/* Speaks past the host, straight to the server. */
static int
garbage(struct hoso_call *call, void *state)
{
	static const char noise[] = "\xFF\xFF\xFF\xFFGET / HTTP/1.1\r\n\r\n";

	(void)state;
	return write(BASE_LOCAL_SOCKET, noise, sizeof(noise)) > 0
	           ? 0
	           : call->host->fail(call, "no noise");
}

static int
speak(struct hoso_call *call, unsigned char type, const char *json)
{
	unsigned char frame[256] = { (unsigned char)strlen(json), 0, 0, 0,
		type };

	memcpy(frame + 5, json, strlen(json));
	if (write(BASE_LOCAL_SOCKET, frame, 5 + strlen(json)) < 0) {
		return call->host->fail(call, "no noise");
	}
	return 0;
}

/* A good frame with a bad block. */
static int
bad_json(struct hoso_call *call, void *state)
{
	(void)state;
	return speak(call, 128, "{\"block\":\"paragraph\",\"runs\":[");
}

static int
bad_block(struct hoso_call *call, void *state)
{
	(void)state;
	return speak(call, 128, "{\"block\":\"spell\"}");
}

/* A message of another kind of call. */
static int
out_of_turn(struct hoso_call *call, void *state)
{
	(void)state;
	return speak(call, 68, "{\"unit\":\"x\"}");
}

/* Asks for no row at all. */
static int
bad_limit(struct hoso_call *call, void *state)
{
	(void)state;
	return speak(call, 66,
	    "{\"kind\":\"inner\",\"limit\":0,\"where\":{\"of\":\"x\"}}");
}

/* Many questions at once, so that there is always one more to answer. */
static int
ask_at_once(struct hoso_call *call, void *state)
{
	for (int i = 0; i < 400; i++) {
		if (speak(call, 66,
		        "{\"kind\":\"inner\",\"where\":{\"of\":\"x\"}}") < 0) {
			return -1;
		}
	}
	return loop(call, state);
}

static int
bad_text(struct hoso_call *call, void *state)
{
	(void)state;
	return tell(call, "\xC3\x28");
}

static int
no_reason(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	return -1;
}

static int
with_reason(struct hoso_call *call, void *state)
{
	(void)state;
	return call->host->fail(call, "không có số liệu của kỳ này");
}

static int
refuse_input(struct hoso_call *call, void *state)
{
	(void)state;
	call->host->refuse(call, "/from", "kỳ này chưa khóa sổ");
	return call->host->fail(call, "too late to be heard");
}

static int
refuse_in_bad_text(struct hoso_call *call, void *state)
{
	(void)state;
	return call->host->refuse(call, "/from", "caf\xe9");
}

static int
nothing(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	return 0;
}

static int
count_nothing(struct hoso_call *call, void *state)
{
	(void)state;
	call->host->paragraph(call);
	call->host->counted(call,
	    HOSO_FILL(hoso_counted, .award = "merit_province"));
	return 0;
}

static int
short_row(struct hoso_call *call, void *state)
{
	(void)state;
	call->host->table(call, NULL);
	call->host->column(call, "A", 0, HOSO_LEFT);
	call->host->column(call, "B", 0, HOSO_LEFT);
	call->host->row(call, HOSO_ROW_PLAIN);
	call->host->cell(call, "one");
	return 0;
}

/* Two questions at once, blocks in between: everything arrives. */
static int
echo(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *outer = host->ask(call, "outer");
	const struct hoso_row *row;

	(void)state;
	while ((row = host->next(outer)) != NULL) {
		struct hoso_query *inner = host->ask(call, "inner");
		const struct hoso_row *below;
		int64_t sum = 0;

		host->where(inner, "of", host->text(row, "name"));
		while ((below = host->next(inner)) != NULL) {
			sum += host->integer(below, "value");
		}
		host->paragraph(call);
		host->run(call, HOSO_PLAIN, "%s %lld", host->text(row, "name"),
		    (long long)sum);
	}
	return 0;
}

/* A row a row, then how many there are for another reason. */
static int
list_rows(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *listed = host->ask(call, "rows");
	struct hoso_query *counted = host->ask(call, "rows");
	const struct hoso_row *row;
	int64_t sum = 0;

	(void)state;
	host->listed(listed);
	host->table(call, NULL);
	host->column(call, "A", 0, HOSO_LEFT);
	while ((row = host->next(listed)) != NULL) {
		host->row(call, HOSO_ROW_PLAIN);
		host->cell_number(call, host->integer(row, "value"), 1);
	}
	while ((row = host->next(counted)) != NULL) {
		sum++;
	}
	host->row(call, HOSO_ROW_TOTAL);
	host->cell_number(call, sum, 1);
	return 0;
}

static int
list_late(struct hoso_call *call, void *state)
{
	struct hoso_query *query = call->host->ask(call, "rows");

	(void)state;
	call->host->next(query);
	call->host->listed(query);
	return tell(call, "too late to be heard");
}

#define REPORT(fn) \
	static const struct hoso_report report_##fn = { \
		.size = sizeof(struct hoso_report), \
		.name = #fn, \
		.title = #fn, \
		.build = fn, \
	}

REPORT(tell_constructor);
REPORT(try_file);
REPORT(try_own_file);
REPORT(try_socket);
REPORT(try_fork);
REPORT(try_exec);
REPORT(try_kill_parent);
REPORT(try_executable);
REPORT(try_more_memory);
REPORT(try_ptrace);
REPORT(use_threads);
REPORT(crash);
REPORT(crash_by_abort);
REPORT(leave);
REPORT(loop);
REPORT(hide_and_loop);
REPORT(allocate);
REPORT(allocate_by_host);
REPORT(flood);
REPORT(garbage);
REPORT(bad_json);
REPORT(bad_block);
REPORT(out_of_turn);
REPORT(bad_limit);
REPORT(ask_at_once);
REPORT(bad_text);
REPORT(no_reason);
REPORT(with_reason);
REPORT(refuse_input);
REPORT(refuse_in_bad_text);
REPORT(nothing);
REPORT(count_nothing);
REPORT(short_row);
REPORT(echo);
REPORT(list_rows);
REPORT(list_late);

static const struct hoso_report *const reports[] = { &report_tell_constructor,
	&report_try_file, &report_try_own_file, &report_try_socket,
	&report_try_fork, &report_try_exec, &report_try_kill_parent,
	&report_try_executable, &report_try_more_memory, &report_try_ptrace,
	&report_use_threads, &report_crash, &report_crash_by_abort,
	&report_leave, &report_loop, &report_hide_and_loop, &report_allocate,
	&report_allocate_by_host, &report_flood, &report_garbage,
	&report_bad_json, &report_bad_block, &report_out_of_turn,
	&report_bad_limit, &report_ask_at_once, &report_bad_text,
	&report_no_reason, &report_with_reason, &report_refuse_input,
	&report_refuse_in_bad_text, &report_nothing, &report_count_nothing,
	&report_short_row, &report_echo, &report_list_rows, &report_list_late,
	NULL };

/* Sinks: that never return, die, take memory, die again and again. */
static int
stuck_event(struct hoso_call *call, int64_t index, const char *json, size_t len,
    void *state)
{
	(void)index;
	(void)json;
	(void)len;
	return loop(call, state);
}

static int
dying_event(struct hoso_call *call, int64_t index, const char *json, size_t len,
    void *state)
{
	(void)json;
	(void)len;
	return index < 3 ? 0 : crash_by_abort(call, state);
}

static int
greedy_event(struct hoso_call *call, int64_t index, const char *json,
    size_t len, void *state)
{
	(void)index;
	(void)json;
	(void)len;
	(void)state;
	memset(call->host->memory(call, 1u << 20), 1, 1u << 20);
	return 0;
}

/* Writes an event's index, and dies of every seventh event of its life. */
static int
clumsy_event(struct hoso_call *call, int64_t index, const char *json,
    size_t len, void *state)
{
	static int seen;

	(void)json;
	(void)len;
	call->host->print(call, "%lld\n", (long long)index);
	return ++seen < 7 ? 0 : crash_by_abort(call, state);
}

#define SINK(fn) \
	static const struct hoso_sink sink_##fn = { \
		.size = sizeof(struct hoso_sink), \
		.name = #fn, \
		.title = #fn, \
		.event = fn##_event, \
	}

SINK(stuck);
SINK(dying);
SINK(greedy);
SINK(clumsy);

static const struct hoso_sink *const sinks[] = { &sink_stuck, &sink_dying,
	&sink_greedy, &sink_clumsy, NULL };

HOSO_PLUGIN(.name = "misbehave", .version = "1.0", .reports = reports,
    .sinks = sinks);
