/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A witness on line in a process of its own, and peers who say nothing, come
 * all at once, or want to move it forward at the same time.  The judgement
 * itself is of test_witness.c.
 */

#include "cli/witness_server.h"

#include "base/file.h"
#include "base/hex.h"
#include "tests/unit/growing_log.h"
#include "tests/unit/http_client.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define CROWD   200u
#define TOO_FEW 600u /* connections: more than the server lets in */
#define RACERS  32u

/* One witness that watches one log. */
struct scene {
	char folder[SCRATCH_PATH];
	struct log log;
	char hex[2 * SHA256_BYTES + 1]; /* of the log */
	pid_t server;
	unsigned port;
};

/* --- what the server does to the disk before it answers -------------------- */

/*
 * Calls of the servers in their order, in memory shared with them: 's' a file
 * was synced, 'r' a name changed, 'a' an answer left.
 */
struct calls {
	_Atomic unsigned count;
	char list[4096];
};
static struct calls *calls;
static bool is_server;

static void
note_call(char call)
{
	if (is_server && calls->count < sizeof(calls->list) - 1) {
		calls->list[calls->count++] = call;
	}
}

int
fsync(int descriptor)
{
	note_call('s');
	return (int)syscall(SYS_fsync, descriptor);
}

int
rename(const char *from, const char *to)
{
	note_call('r');
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

ssize_t
send(int socket, const void *data, size_t len, int flags)
{
	note_call('a');
	return syscall(SYS_sendto, socket, data, len, flags, NULL, 0);
}

/* --- the scene ------------------------------------------------------------- */

static struct witness_folder *
open_folder(const struct scene *scene)
{
	struct witness_folder *folder;
	struct fault fault = { 0 };

	assert_int_equal(witness_folder_open(&folder, scene->folder, &fault),
	    0);
	return folder;
}

/* Sets scene->server and scene->port, also of a second one. */
static void
start_server(struct scene *scene)
{
	struct fault fault = { 0 };
	int socket;

	assert_int_equal(
	    witness_server_listen("127.0.0.1:0", &socket, &scene->port, &fault),
	    0);
	scene->server = fork();
	assert_int_not_equal(scene->server, -1);
	if (scene->server == 0) {
		is_server = true;
		if (freopen("/dev/null", "w", stderr) == NULL) { /* refusals */
			_exit(2);
		}
		witness_server_run(socket, open_folder(scene), &fault);
		_exit(1);
	}
	close(socket);
}

static void
kill_server(pid_t server)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct note_verifier verifier;
	struct witness_folder *folder;
	struct fault fault = { 0 };
	struct sha256 sum = sha256_of(bytes_of_text(ORIGIN));
	struct buf vkey;

	scratch_make(scene->folder);
	log_init(&scene->log);
	hex_encode(scene->hex, bytes_of(sum.bytes, sizeof(sum.bytes)));
	buf_init(&vkey, BODY_MAX);
	assert_int_equal(witness_folder_make(scene->folder,
	                     "witness.example.vn/w1", &vkey, &fault),
	    0);
	buf_reset(&vkey);
	note_verifier_format(&vkey, &scene->log.seen.verifier);
	folder = open_folder(scene);
	assert_int_equal(
	    witness_folder_add(folder, buf_bytes(&vkey), &verifier, &fault), 0);
	witness_folder_close(folder);
	buf_fini(&vkey);
	start_server(scene);
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	kill_server(scene->server);
	log_fini(&scene->log);
	scratch_remove(scene->folder);
	free(scene);
	return 0;
}

/* The HTTP request that asks to go on from one size to another. */
static void
write_post(struct buf *out, struct scene *scene, uint64_t from, uint64_t to)
{
	struct buf body;

	buf_init(&body, BODY_MAX);
	write_request(&body, &scene->log, from, to);
	buf_reset(out);
	buf_add_format(out,
	    "POST /add-checkpoint HTTP/1.1\r\nHost: witness\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    body.len);
	buf_add_bytes(out, buf_bytes(&body));
	buf_fini(&body);
}

/* The status of what comes, or 0 where the connection broke off. */
static int
status_of(struct client *client)
{
	struct answer answer;
	int status;

	buf_init(&answer.body, CLIENT_BODY_MAX);
	status = client_answer(client, &answer, false) ? answer.status : 0;
	buf_fini(&answer.body);
	return status;
}

static int
ask(struct scene *scene, const struct buf *request)
{
	struct client client = client_open(scene->port);
	int status;

	client_send_bytes(&client, request->data, request->len);
	status = status_of(&client);
	client_close(&client);
	return status;
}

/* How many entries the witness says to have seen. */
static uint64_t
seen(const struct scene *scene)
{
	struct witness_folder *folder = open_folder(scene);
	struct fault fault = { 0 };
	struct buf note;
	unsigned long long size = 0;

	buf_init(&note, 2 * BODY_MAX);
	if (witness_folder_find(folder, scene->hex, &note, &fault) == 1) {
		assert_int_equal(
		    sscanf(buf_text(&note), ORIGIN "\n%llu\n", &size), 1);
	}
	buf_fini(&note);
	witness_folder_close(folder);
	return size;
}

/* --- tests ----------------------------------------------------------------- */

/* They are still there when the other has long had his answer. */
static void
who_says_nothing_or_half_of_it_holds_up_nobody(void **state)
{
	struct scene *scene = *state;
	struct client silent = client_open(scene->port);
	struct client half = client_open(scene->port);
	struct client head = client_open(scene->port);
	struct buf request;
	size_t len;

	buf_init(&request, 2 * BODY_MAX);
	write_post(&request, scene, 5, 9);
	len = request.len;
	assert_true(client_send(&head, "POST /add-chec"));
	assert_true(client_send_bytes(&half, request.data, len - 7));
	write_post(&request, scene, 0, 5);
	assert_int_equal(ask(scene, &request), 200);
	write_post(&request, scene, 5, 9);
	assert_true(client_send_bytes(&half, request.data + len - 7, 7));
	assert_int_equal(status_of(&half), 200);
	assert_true(client_send(&head, "kpoint HTTP/1.1\r\n\r\n"));
	assert_int_equal(status_of(&head), 400);
	assert_true(client_send(&silent, "GET / HTTP/1.1\r\n\r\n"));
	assert_int_equal(status_of(&silent), 404);
	assert_int_equal(seen(scene), 9);
	client_close(&silent);
	client_close(&half);
	client_close(&head);
	buf_fini(&request);
}

static void
whose_time_is_over_is_told_so(void **state)
{
	struct scene *scene = *state;
	struct client silent = client_open(scene->port);

	assert_int_equal(status_of(&silent), 408);
	assert_true(client_at_end(&silent));
	client_close(&silent);
}

static void
a_crowd_that_comes_at_once_is_answered(void **state)
{
	struct scene *scene = *state;
	struct client crowd[CROWD];
	unsigned agreed = 0;
	struct buf request;

	buf_init(&request, 2 * BODY_MAX);
	write_post(&request, scene, 0, 7);
	for (unsigned i = 0; i < CROWD; i++) {
		crowd[i] = client_open(scene->port);
	}
	for (unsigned i = 0; i < CROWD; i++) {
		assert_true(
		    client_send_bytes(&crowd[i], request.data, request.len));
	}
	for (unsigned i = 0; i < CROWD; i++) {
		int status = status_of(&crowd[i]);

		if (status != 200 && status != 409) {
			fail_msg("client %u is answered by %d", i, status);
		}
		agreed += status == 200;
		client_close(&crowd[i]);
	}
	assert_int_equal(agreed, 1);
	assert_int_equal(seen(scene), 7);
	buf_fini(&request);
}

/* Each of those who only stand there is told to come later, or waits. */
static void
where_too_many_stand_who_came_first_gives_way(void **state)
{
	struct scene *scene = *state;
	struct client *crowd = calloc(TOO_FEW, sizeof(*crowd));
	struct buf request;

	buf_init(&request, 2 * BODY_MAX);
	write_post(&request, scene, 0, 7);
	for (unsigned i = 0; i < TOO_FEW; i++) {
		crowd[i] = client_open(scene->port);
	}
	assert_int_equal(ask(scene, &request), 200);
	assert_int_equal(status_of(&crowd[0]), 503);
	assert_true(client_at_end(&crowd[0]));
	assert_true(client_send(&crowd[TOO_FEW - 1], "GET / HTTP/1.1\r\n\r\n"));
	assert_int_equal(status_of(&crowd[TOO_FEW - 1]), 404);
	for (unsigned i = 0; i < TOO_FEW; i++) {
		client_close(&crowd[i]);
	}
	free(crowd);
	buf_fini(&request);
}

/* Two servers over one folder, and everybody wants another next state. */
static void
of_those_who_race_one_moves_it_forward(void **state)
{
	struct scene *scene = *state;
	struct scene other = *scene;
	struct client racers[RACERS];
	uint64_t moved_to = 0;
	struct buf request;

	start_server(&other);
	buf_init(&request, 2 * BODY_MAX);
	for (unsigned i = 0; i < RACERS; i++) {
		racers[i] = client_open(i % 2 ? other.port : scene->port);
	}
	for (unsigned i = 0; i < RACERS; i++) {
		write_post(&request, scene, 0, 1 + i);
		assert_true(
		    client_send_bytes(&racers[i], request.data, request.len));
	}
	for (unsigned i = 0; i < RACERS; i++) {
		int status = status_of(&racers[i]);

		client_close(&racers[i]);
		if (status == 200) {
			assert_int_equal(moved_to, 0);
			moved_to = 1 + i;
		} else {
			assert_int_equal(status, 409);
		}
	}
	assert_int_not_equal(moved_to, 0);
	assert_int_equal(seen(scene), moved_to);
	kill_server(other.server);
	buf_fini(&request);
}

/* A file synced, its name changed, its folder synced. */
static void
what_was_seen_is_on_disk_before_the_answer(void **state)
{
	struct scene *scene = *state;
	struct buf request;

	buf_init(&request, 2 * BODY_MAX);
	calls->count = 0;
	memset(calls->list, 0, sizeof(calls->list));
	write_post(&request, scene, 0, 3);
	assert_int_equal(ask(scene, &request), 200);
	kill_server(scene->server);
	assert_string_equal(calls->list, "srsa");
	assert_int_equal(seen(scene), 3);
	start_server(scene);
	assert_int_equal(ask(scene, &request), 409);
	write_post(&request, scene, 3, 4);
	assert_int_equal(ask(scene, &request), 200);
	buf_fini(&request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define with_server(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		with_server(who_says_nothing_or_half_of_it_holds_up_nobody),
		with_server(whose_time_is_over_is_told_so),
		with_server(a_crowd_that_comes_at_once_is_answered),
		with_server(where_too_many_stand_who_came_first_gives_way),
		with_server(of_those_who_race_one_moves_it_forward),
		with_server(what_was_seen_is_on_disk_before_the_answer),
	};

	digest_init();
	calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
