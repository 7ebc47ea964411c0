/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A file on its way out.  A loop has many clients: what takes long for one of
 * them is a worker's, and here the workers are held while the loop goes on.
 */

#include "api/file_http.h"
#include "storage/blob_writer.h"
#include "storage/chunk.h"
#include "tests/unit/desk.h"

#include <poll.h>
#include <semaphore.h>

#define WORKERS 2u /* a desk's */
#define LEN     (3u * CHUNK_BYTES)

static struct desk *desk;
static uint8_t *data;
static struct blob_ref ref;

/* --- workers that are held ---------------------------------------------- */

struct held {
	struct job jobs[WORKERS];
	sem_t began;
	sem_t go;
	sem_t ended;
	bool is_on;
};

static struct held held;

static void
wait_to_go(struct job *job)
{
	(void)job;
	sem_post(&held.began);
	sem_wait(&held.go);
}

static void
has_gone(struct job *job)
{
	(void)job;
	sem_post(&held.ended);
}

static void
hold_workers(void)
{
	sem_init(&held.began, 0, 0);
	sem_init(&held.go, 0, 0);
	sem_init(&held.ended, 0, 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		held.jobs[i] =
		    (struct job){ .work = wait_to_go, .done = has_gone };
		job_submit(desk->office->core.workers, &held.jobs[i],
		    desk->loop);
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		sem_wait(&held.began);
	}
	held.is_on = true;
}

static void
let_workers_go(void)
{
	for (unsigned i = 0; i < WORKERS; i++) {
		sem_post(&held.go);
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		sem_wait(&held.ended);
	}
	held.is_on = false;
}

/* --- the office -------------------------------------------------------- */

static int
show(struct request *request, struct fault *fault)
{
	struct file_answer file = { .sum = &ref.sum,
		.name = "Tờ trình.pdf",
		.media_type = "application/pdf" };
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = file_http_send(request, snapshot, &file, fault);
	snapshot_close(snapshot);
	return rc;
}

static int
hello(struct request *request, struct fault *fault)
{
	(void)fault;
	reply_empty(request, 204);
	return 0;
}

static const struct route table[] = {
	{ METHOD_GET, "/file", show, "file", ROUTE_BODY_NONE, ROUTE_PUBLIC,
	    NULL, "" },
	{ METHOD_GET, "/hello", hello, "hello", ROUTE_BODY_NONE, ROUTE_PUBLIC,
	    NULL, "" },
	{ .path = NULL },
};

/* A file of three chunks, of which no two bytes in a row repeat. */
static void
put_file(struct office *office)
{
	struct blob_writer *writer = blob_writer_new(office->core.store);
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	uint64_t seed = 2026;

	data = malloc(LEN + 8);
	scratch_fill(&seed, data, LEN);
	assert_int_equal(
	    blob_writer_add(writer, bytes_of(data, LEN), &office->fault), 0);
	assert_int_equal(blob_writer_end(writer, &ref, &office->fault), 0);
	blob_put_rows(writer, writes);
	assert_int_equal(
	    writes_commit_wait(writes, &result, office->arena, &office->fault),
	    0);
	blob_writer_free(writer);
}

static int
setup(void **state)
{
	desk = desk_open(table);
	*state = desk;
	put_file(desk->office);
	return 0;
}

static int
teardown(void **state)
{
	if (held.is_on) {
		let_workers_go(); /* a test has failed */
	}
	desk_close(*state);
	free(data);
	return 0;
}

/* One bit of the file's byte at `at` changes on the disk. */
static void
damage(size_t at)
{
	char path[SCRATCH_PATH + 32];
	FILE *file;
	long size;
	uint8_t *bytes;
	const uint8_t *place;

	snprintf(path, sizeof(path), "%s/chunks/data.mdb", desk->office->path);
	file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	size = ftell(file);
	bytes = malloc((size_t)size);
	rewind(file);
	assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
	place = memmem(bytes, (size_t)size, data + at, 64);
	assert_non_null(place);
	assert_int_equal(fseek(file, place - bytes, SEEK_SET), 0);
	fputc(*place ^ 4, file);
	fclose(file);
	free(bytes);
}

/* --- asking ------------------------------------------------------------- */

/* The loop has handed something to the workers, who have no time. */
static bool
waits_for_a_worker(void)
{
	unsigned ms = patience_ms(10000);

	while (job_pool_waiting(desk->office->core.workers) == 0 && ms-- > 0) {
		poll(NULL, 0, 1);
	}
	return job_pool_waiting(desk->office->core.workers) == 1;
}

static void
ask_for_file(struct client *client, const char *method)
{
	char text[128];

	snprintf(text, sizeof(text), "%s /file HTTP/1.1\r\nHost: h\r\n\r\n",
	    method);
	assert_true(client_send(client, text));
}

static void
check_file(struct client *client)
{
	assert_true(client_answer(client, &desk->answer, false));
	assert_int_equal(desk->answer.status, 200);
	assert_int_equal(desk->answer.body.len, LEN);
	assert_memory_equal(desk->answer.body.data, data, LEN);
}

/* --- the tests ----------------------------------------------------------- */

static void
what_nobody_has_read_is_hashed_while_the_loop_serves_others(void **state)
{
	struct client other = client_open(server_port(desk->app.server, false));

	(void)state;
	hold_workers();
	ask_for_file(&desk->client, "GET");
	assert_true(waits_for_a_worker());
	assert_true(client_ask(&other, "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n",
	    &desk->answer));
	assert_int_equal(desk->answer.status, 204);
	let_workers_go();
	check_file(&desk->client);
	client_close(&other);
}

static void
what_was_read_once_goes_out_without_a_worker(void **state)
{
	(void)state;
	ask_for_file(&desk->client, "GET");
	check_file(&desk->client);
	hold_workers();
	ask_for_file(&desk->client, "GET");
	check_file(&desk->client);
	let_workers_go();
}

static void
who_asks_only_what_it_is_waits_for_no_worker(void **state)
{
	(void)state;
	hold_workers();
	ask_for_file(&desk->client, "HEAD");
	assert_true(client_answer(&desk->client, &desk->answer, true));
	assert_int_equal(desk->answer.status, 200);
	assert_int_equal(job_pool_waiting(desk->office->core.workers), 0);
	let_workers_go();
}

static void
who_leaves_while_a_worker_reads_is_forgotten(void **state)
{
	(void)state;
	hold_workers();
	ask_for_file(&desk->client, "GET");
	assert_true(waits_for_a_worker());
	client_reset(&desk->client);
	let_workers_go();
	desk->client = client_open(server_port(desk->app.server, false));
	ask_for_file(&desk->client, "GET");
	check_file(&desk->client);
}

static void
damage_within_cuts_the_answer_before_a_damaged_byte(void **state)
{
	(void)state;
	damage(2 * CHUNK_BYTES + 1000);
	ask_for_file(&desk->client, "GET");
	assert_false(client_answer(&desk->client, &desk->answer, false));
	assert_int_equal(desk->answer.status, 200);
	assert_int_equal(desk->client.in.len, 2 * CHUNK_BYTES);
	assert_memory_equal(desk->client.in.data, data, 2 * CHUNK_BYTES);
}

static void
damage_at_the_beginning_is_told(void **state)
{
	(void)state;
	damage(1000);
	ask_for_file(&desk->client, "GET");
	assert_true(client_answer(&desk->client, &desk->answer, false));
	assert_int_equal(desk->answer.status, 500);
	assert_null(answer_field(&desk->answer, "Content-Disposition"));
	assert_true(client_ask(&desk->client,
	    "GET /file HTTP/1.1\r\nHost: h\r\nRange: bytes=-1000\r\n\r\n",
	    &desk->answer));
	assert_int_equal(desk->answer.status, 206);
	assert_int_equal(desk->answer.body.len, 1000);
	assert_memory_equal(desk->answer.body.data, data + LEN - 1000, 1000);
}

int
main(void)
{
#define file_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		file_test(
		    what_nobody_has_read_is_hashed_while_the_loop_serves_others),
		file_test(what_was_read_once_goes_out_without_a_worker),
		file_test(who_asks_only_what_it_is_waits_for_no_worker),
		file_test(who_leaves_while_a_worker_reads_is_forgotten),
		file_test(damage_at_the_beginning_is_told),
		file_test(damage_within_cuts_the_answer_before_a_damaged_byte),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
