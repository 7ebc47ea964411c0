/* SPDX-License-Identifier: Apache-2.0 */

/*
 * However an upload is cut into requests, interrupted, forgotten and killed,
 * it ends as the blob of its bytes, and never has less than it acknowledged.
 */

#include "base/clock.h"
#include "storage/tail.h"
#include "storage/upload.h"
#include "tests/unit/blobs.h"

#include <signal.h>
#include <sys/wait.h>

#define NOW INT64_C(1700000000000000)

static const struct uploads_options presets = { .lifetime_ms = 3600 * 1000,
	.length_max = 1 << 30,
	.owner_max = UINT64_C(1) << 40,
	.idle_max = 2 };

struct stage {
	struct engine *engine;
	struct uploads *uploads;
};

static void
fail_of(const struct engine *engine)
{
	fail_msg("%s", engine->fault.text);
}

static int
setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	void *engine = NULL;

	clock_set(NOW);
	blobs_setup(&engine);
	stage->engine = engine;
	stage->uploads = uploads_new(stage->engine->store, &presets);
	*state = stage;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *stage = *state;
	void *engine = stage->engine;

	uploads_free(stage->uploads);
	engine_teardown(&engine);
	free(stage);
	return 0;
}

static void
restart(struct stage *stage)
{
	uploads_free(stage->uploads);
	engine_reopen(stage->engine);
	stage->uploads = uploads_new(stage->engine->store, &presets);
}

static void
begin(struct stage *stage, uint64_t length, char id[ID_TEXT])
{
	struct upload_ask ask = { .owner = "lan",
		.length = length,
		.about = bytes_of_text("Tờ trình.pdf") };

	if (upload_begin(stage->uploads, &ask, id, &stage->engine->fault) < 0) {
		fail_of(stage->engine);
	}
}

static struct upload *
take(struct stage *stage, const char *id)
{
	struct upload *upload = NULL;

	if (upload_take(&upload, stage->uploads, id, &stage->engine->fault) <
	    0) {
		fail_of(stage->engine);
	}
	return upload;
}

static void
append(struct stage *stage, struct upload *upload, const uint8_t *data,
    size_t len)
{
	if (upload_append(upload, bytes_of(data, len), &stage->engine->fault) <
	    0) {
		fail_of(stage->engine);
	}
}

static void
flush(struct stage *stage, struct upload *upload)
{
	if (upload_flush(upload, &stage->engine->fault) < 0) {
		fail_of(stage->engine);
	}
}

/* What is durable; found or not. */
static int
find(struct stage *stage, const char *id, struct upload_state *state_out)
{
	struct snapshot *snapshot = engine_snapshot(stage->engine);
	int found = upload_find(snapshot, id, stage->engine->arena, state_out,
	    &stage->engine->fault);

	snapshot_close(snapshot);
	return found;
}

static struct blob_ref
finish(struct stage *stage, const char *id)
{
	struct engine *engine = stage->engine;
	struct writes *writes = writes_new(engine->store, NULL);
	struct snapshot *snapshot = engine_snapshot(engine);
	struct blob_ref ref = { 0 };
	int found = upload_finish(snapshot, id, engine->arena, writes, &ref,
	    &engine->fault);

	snapshot_close(snapshot);
	if (found != 1) {
		fail_of(engine);
	}
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
	return ref;
}

static void
an_upload_in_one_go_is_the_blob_of_its_bytes(void **state)
{
	struct stage *stage = *state;
	size_t len = 3 * CHUNK_BYTES + 17;
	uint8_t *data = blobs_draw(1, len);
	struct upload_state found;
	struct upload *upload;
	char id[ID_TEXT];
	struct blob_ref ref;

	begin(stage, len, id);
	upload = take(stage, id);
	append(stage, upload, data, len);
	flush(stage, upload);
	upload_release(upload);
	assert_int_equal(find(stage, id, &found), 1);
	assert_true(found.complete);
	assert_int_equal(found.offset, len);
	assert_string_equal(found.owner, "lan");
	assert_memory_equal(found.about.data, "Tờ trình.pdf", found.about.len);
	ref = finish(stage, id);
	assert_memory_equal(&found.sum, &ref.sum, sizeof(ref.sum));
	blobs_check(stage->engine, &ref, data, len);
	assert_int_equal(find(stage, id, &found), 0);
	assert_int_equal(blobs_stat(stage->engine).tails, 0);
	free(data);
}

/* Appends of random length; flushed, given up, interrupted, restarted. */
static void
random_requests_and_restarts_end_as_the_same_blob(void **state)
{
	struct stage *stage = *state;
	uint64_t seed = 20260131;

	for (int round = 0; round < 12; round++) {
		size_t len = (size_t)(scratch_draw(&seed) >> 20) %
		             (size_t)(round % 3 == 0 ? 5000 : 2500000);
		uint8_t *data = blobs_draw((uint64_t)round, len);
		uint64_t durable = 0;
		struct upload_state found;
		struct blob_ref ref;
		char id[ID_TEXT];

		begin(stage, len, id);
		while (durable < len) {
			struct upload *upload = take(stage, id);
			uint64_t at = durable;

			assert_int_equal(upload_offset(upload), durable);
			for (int i = 0; at < len && i < 8; i++) {
				size_t some =
				    (size_t)(scratch_draw(&seed) >> 20) %
				    (size_t)(len / 6 + 2);

				some = some < len - at ? some : len - at;
				append(stage, upload, data + at, some);
				at += some;
				if (scratch_draw(&seed) % 3 == 0) {
					flush(stage, upload);
					durable = at;
				}
			}
			upload_release(upload);
			assert_int_equal(find(stage, id, &found), 1);
			assert_int_equal(found.offset, durable);
			if (scratch_draw(&seed) % 4 == 0) {
				arena_reset(stage->engine->arena);
				restart(stage);
			}
		}
		ref = finish(stage, id);
		blobs_check(stage->engine, &ref, data, len);
		assert_int_equal(blobs_stat(stage->engine).tails, 0);
		arena_reset(stage->engine->arena);
		free(data);
	}
}

static void
bytes_that_were_not_flushed_are_forgotten(void **state)
{
	struct stage *stage = *state;
	size_t len = CHUNK_BYTES + 1000;
	uint8_t *data = blobs_draw(2, len);
	struct upload *upload;
	struct blob_ref ref;
	char id[ID_TEXT];

	begin(stage, len, id);
	upload = take(stage, id);
	append(stage, upload, data, 500);
	flush(stage, upload);
	append(stage, upload, (const uint8_t *)"wrong", 5);
	upload_release(upload);
	upload = take(stage, id);
	assert_int_equal(upload_offset(upload), 500);
	append(stage, upload, data + 500, len - 500);
	flush(stage, upload);
	upload_release(upload);
	ref = finish(stage, id);
	blobs_check(stage->engine, &ref, data, len);
	free(data);
}

static void
an_upload_has_one_holder_at_a_time(void **state)
{
	struct stage *stage = *state;
	struct upload *upload;
	struct upload *other;
	char id[ID_TEXT];

	begin(stage, 10, id);
	upload = take(stage, id);
	assert_int_equal(
	    upload_take(&other, stage->uploads, id, &stage->engine->fault), -1);
	assert_int_equal(stage->engine->fault.code, FAULT_CONFLICT);
	assert_int_equal(
	    upload_abandon(stage->uploads, id, &stage->engine->fault), -1);
	assert_int_equal(stage->engine->fault.code, FAULT_CONFLICT);
	upload_release(upload);
	upload = take(stage, id);
	upload_release(upload);
}

static void
what_does_not_exist_is_absent(void **state)
{
	static const char *const ids[] = { "", "0123456789abcdefghj0",
		"0123456789abcdefghj0123456789", "../../etc/passwd" };
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct fault *fault = &stage->engine->fault;
		struct upload_state found;
		struct upload *upload;

		assert_int_equal(find(stage, ids[i], &found), 0);
		assert_int_equal(
		    upload_take(&upload, stage->uploads, ids[i], fault), -1);
		assert_int_equal(fault->code, FAULT_ABSENT);
		assert_int_equal(upload_abandon(stage->uploads, ids[i], fault),
		    0);
	}
}

static void
more_bytes_than_its_length_are_refused(void **state)
{
	struct stage *stage = *state;
	struct fault *fault = &stage->engine->fault;
	struct upload_ask ask = { .owner = "lan",
		.length = presets.length_max + 1 };
	struct upload *upload;
	char id[ID_TEXT];

	assert_int_equal(upload_begin(stage->uploads, &ask, id, fault), -1);
	assert_int_equal(fault->code, FAULT_LIMIT);
	begin(stage, 10, id);
	upload = take(stage, id);
	append(stage, upload, (const uint8_t *)"123456", 6);
	assert_int_equal(upload_append(upload, bytes_of_text("78901"), fault),
	    -1);
	assert_int_equal(fault->code, FAULT_LIMIT);
	append(stage, upload, (const uint8_t *)"7890", 4);
	flush(stage, upload);
	assert_int_equal(upload_append(upload, bytes_of_text("1"), fault), -1);
	assert_int_equal(upload_append(upload, NO_BYTES, fault), 0);
	upload_release(upload);
	upload = take(stage, id);
	assert_int_equal(upload_append(upload, bytes_of_text("1"), fault), -1);
	upload_release(upload);
}

static void
a_length_may_be_said_later(void **state)
{
	struct stage *stage = *state;
	struct fault *fault = &stage->engine->fault;
	struct upload_state found;
	struct upload *upload;
	struct blob_ref ref;
	char id[ID_TEXT];

	begin(stage, UPLOAD_LENGTH_UNKNOWN, id);
	upload = take(stage, id);
	append(stage, upload, (const uint8_t *)"bản gốc", 9);
	flush(stage, upload);
	assert_int_equal(find(stage, id, &found), 1);
	assert_false(found.complete);
	assert_int_equal(upload_set_length(upload, 8, fault), -1);
	assert_int_equal(upload_set_length(upload, 9, fault), 0);
	assert_int_equal(upload_set_length(upload, 9, fault), 0);
	assert_int_equal(upload_set_length(upload, 10, fault), -1);
	assert_int_equal(fault->code, FAULT_CONFLICT);
	flush(stage, upload);
	upload_release(upload);
	ref = finish(stage, id);
	blobs_check(stage->engine, &ref, (const uint8_t *)"bản gốc", 9);
}

static void
an_upload_of_no_bytes_is_complete_at_once(void **state)
{
	struct stage *stage = *state;
	struct blob_ref ref;
	char id[ID_TEXT];

	begin(stage, 0, id);
	ref = finish(stage, id);
	blobs_check(stage->engine, &ref, (const uint8_t *)"", 0);
}

static void
only_a_complete_upload_is_finished(void **state)
{
	struct stage *stage = *state;
	struct engine *engine = stage->engine;
	struct writes *writes = writes_new(engine->store, NULL);
	struct snapshot *snapshot;
	struct blob_ref ref;
	char id[ID_TEXT];

	begin(stage, 10, id);
	snapshot = engine_snapshot(engine);
	assert_int_equal(upload_finish(snapshot, id, engine->arena, writes,
	                     &ref, &engine->fault),
	    -1);
	assert_int_equal(engine->fault.code, FAULT_CONFLICT);
	assert_int_equal(upload_finish(snapshot, "0123456789abcdefghj0",
	                     engine->arena, writes, &ref, &engine->fault),
	    0);
	snapshot_close(snapshot);
	writes_free(writes);
}

/* Rows of uploads that are there. */
static unsigned
count_rows(struct stage *stage)
{
	struct snapshot *snapshot = engine_snapshot(stage->engine);
	struct scan *scan;
	struct bytes key;
	struct bytes value;
	unsigned rows = 0;

	assert_int_equal(scan_open(&scan, snapshot, bytes_of_text("U"),
	                     bytes_of_text("V"), false, &stage->engine->fault),
	    0);
	while (scan_next(scan, &key, &value, &stage->engine->fault) == 1) {
		rows++;
	}
	scan_close(scan);
	snapshot_close(snapshot);
	return rows;
}

static void
an_abandoned_upload_leaves_no_row_and_no_tail(void **state)
{
	struct stage *stage = *state;
	size_t len = 62 * CHUNK_BYTES + 5; /* two rows of names and a tail */
	uint8_t *data = blobs_draw(3, len);
	struct upload_state found;
	struct upload *upload;
	char id[ID_TEXT];

	begin(stage, len + 1, id);
	upload = take(stage, id);
	append(stage, upload, data, len);
	flush(stage, upload);
	upload_release(upload);
	assert_int_equal(count_rows(stage), 3);
	assert_int_equal(blobs_stat(stage->engine).tails, 1);
	assert_int_equal(
	    upload_abandon(stage->uploads, id, &stage->engine->fault), 1);
	assert_int_equal(find(stage, id, &found), 0);
	assert_int_equal(count_rows(stage), 0);
	assert_int_equal(blobs_stat(stage->engine).tails, 0);
	assert_int_equal(
	    upload_abandon(stage->uploads, id, &stage->engine->fault), 0);
	free(data);
}

static void
uploads_expire_when_no_byte_came_for_their_lifetime(void **state)
{
	enum { UPLOADS = 150 };
	struct stage *stage = *state;
	char ids[UPLOADS][ID_TEXT];
	int64_t lifetime = (int64_t)presets.lifetime_ms * 1000;
	struct upload *held;
	struct upload *upload;
	unsigned count = 0;

	for (unsigned i = 0; i < UPLOADS; i++) {
		begin(stage, 100, ids[i]);
	}
	clock_set(NOW + lifetime - 1);
	upload = take(stage, ids[7]);
	append(stage, upload, (const uint8_t *)"byte", 4);
	flush(stage, upload);
	upload_release(upload);
	assert_int_equal(uploads_expire(stage->uploads, clock_now(), &count,
	                     &stage->engine->fault),
	    0);
	assert_int_equal(count, 0);

	held = take(stage, ids[140]);
	clock_set(NOW + lifetime);
	assert_int_equal(uploads_expire(stage->uploads, clock_now(), &count,
	                     &stage->engine->fault),
	    0);
	assert_int_equal(count, UPLOADS - 2);
	assert_int_equal(count_rows(stage), 2);
	upload_release(held);
	assert_int_equal(uploads_expire(stage->uploads,
	                     clock_now() + 2 * lifetime, &count,
	                     &stage->engine->fault),
	    0);
	assert_int_equal(count, 2);
	assert_int_equal(count_rows(stage), 0);
}

static void
more_idle_uploads_than_are_kept_go_on_all_the_same(void **state)
{
	enum { UPLOADS = 7, STEPS = 5, STEP = 90000 };
	struct stage *stage = *state;
	char ids[UPLOADS][ID_TEXT];
	uint8_t *data[UPLOADS];

	for (unsigned i = 0; i < UPLOADS; i++) {
		data[i] = blobs_draw(100 + i, STEPS * STEP);
		begin(stage, STEPS * STEP, ids[i]);
	}
	for (unsigned step = 0; step < STEPS; step++) {
		for (unsigned i = 0; i < UPLOADS; i++) {
			struct upload *upload = take(stage, ids[i]);

			append(stage, upload, data[i] + step * STEP, STEP);
			flush(stage, upload);
			upload_release(upload);
		}
	}
	for (unsigned i = 0; i < UPLOADS; i++) {
		struct blob_ref ref = finish(stage, ids[i]);

		blobs_check(stage->engine, &ref, data[i], STEPS * STEP);
		free(data[i]);
	}
}

static void
a_lost_tail_is_told_and_not_made_up(void **state)
{
	struct stage *stage = *state;
	struct upload *upload;
	char id[ID_TEXT];

	begin(stage, 1000, id);
	upload = take(stage, id);
	append(stage, upload, (const uint8_t *)"byte", 4);
	flush(stage, upload);
	upload_release(upload);
	assert_int_equal(tail_delete(store_chunks(stage->engine->store), id,
	                     &stage->engine->fault),
	    0);
	restart(stage);
	assert_int_equal(
	    upload_take(&upload, stage->uploads, id, &stage->engine->fault),
	    -1);
	assert_int_equal(stage->engine->fault.code, FAULT_CORRUPT);
	assert_int_equal(tail_put(store_chunks(stage->engine->store), id, 0,
	                     bytes_of_text("bite"), 0, &stage->engine->fault),
	    0);
	assert_int_equal(
	    upload_take(&upload, stage->uploads, id, &stage->engine->fault),
	    -1);
	assert_int_equal(stage->engine->fault.code, FAULT_CORRUPT);
}

static void
a_full_map_leaves_what_was_flushed(void **state)
{
	struct stage *stage = *state;
	size_t len = 40 * CHUNK_BYTES;
	uint8_t *data = blobs_draw(4, len);
	struct fault fault = { 0 };
	struct upload_state found;
	struct upload *upload;
	struct blob_ref ref;
	char id[ID_TEXT];
	int rc;

	stage->engine->options.chunks_map_bytes = 4 << 20;
	restart(stage);
	begin(stage, len, id);
	upload = take(stage, id);
	append(stage, upload, data, CHUNK_BYTES + 10);
	flush(stage, upload);
	rc = upload_append(upload,
	    bytes_of(data + CHUNK_BYTES + 10, len - CHUNK_BYTES - 10), &fault);
	if (rc == 0) {
		rc = upload_flush(upload, &fault);
	}
	assert_int_equal(rc, -1);
	assert_int_equal(fault.code, FAULT_FULL);
	upload_release(upload);
	assert_int_equal(find(stage, id, &found), 1);
	assert_int_equal(found.offset, CHUNK_BYTES + 10);

	stage->engine->options.chunks_map_bytes = 64 << 20;
	arena_reset(stage->engine->arena);
	restart(stage);
	upload = take(stage, id);
	append(stage, upload, data + CHUNK_BYTES + 10, len - CHUNK_BYTES - 10);
	flush(stage, upload);
	upload_release(upload);
	ref = finish(stage, id);
	blobs_check(stage->engine, &ref, data, len);
	free(data);
}

/* --- kill -9 ------------------------------------------------------------- */

/* In the child: go on with the upload and say every acknowledged offset. */
static void
go_on(struct stage *stage, const char *id, const uint8_t *data, size_t len,
    uint64_t seed, int tell)
{
	struct upload *upload;

	engine_open(stage->engine);
	stage->uploads = uploads_new(stage->engine->store, &presets);
	upload = take(stage, id);
	while (upload_offset(upload) < len) {
		uint64_t at = upload_offset(upload);
		size_t some = (size_t)(scratch_draw(&seed) >> 20) % 150000 + 1;

		some = some < len - at ? some : len - at;
		append(stage, upload, data + at, some);
		flush(stage, upload);
		at += some;
		if (write(tell, &at, sizeof(at)) != sizeof(at)) {
			break;
		}
	}
	_exit(0);
}

/* Let a child go on until it acknowledged `acks` times, and kill it. */
static uint64_t
kill_after(struct stage *stage, const char *id, const uint8_t *data, size_t len,
    uint64_t seed, unsigned acks)
{
	uint64_t acknowledged = 0;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		go_on(stage, id, data, len, seed, ends[1]);
	}
	close(ends[1]);
	while (
	    acks-- > 0 && read(ends[0], &acknowledged, sizeof(acknowledged)) ==
	                      sizeof(acknowledged)) {
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	/* Said between our last look and the end. */
	while (read(ends[0], &acknowledged, sizeof(acknowledged)) ==
	       sizeof(acknowledged)) {
	}
	close(ends[0]);
	return acknowledged;
}

static void
killed_at_any_point_it_resumes_to_the_same_sum(void **state)
{
	struct stage *stage = *state;
	size_t len = 12 * CHUNK_BYTES + 4321;
	uint8_t *data = blobs_draw(5, len);
	uint64_t seed = 6;
	uint64_t offset = 0;
	unsigned kills = 0;
	struct blob_ref ref;
	char id[ID_TEXT];

	begin(stage, len, id);
	while (offset < len) {
		struct upload_state found;
		uint64_t acknowledged;

		uploads_free(stage->uploads);
		engine_close(stage->engine); /* no fork beside an open one */
		acknowledged = kill_after(stage, id, data, len,
		    scratch_draw(&seed), scratch_draw(&seed) % 4);
		kills++;
		engine_open(stage->engine);
		stage->uploads = uploads_new(stage->engine->store, &presets);
		assert_int_equal(find(stage, id, &found), 1);
		assert_true(found.offset >= acknowledged);
		assert_true(found.offset >= offset);
		offset = found.offset;
	}
	print_message("# killed %u times\n", kills);
	ref = finish(stage, id);
	blobs_check(stage->engine, &ref, data, len);
	assert_int_equal(count_rows(stage), 0);
	free(data);
}

static void
memory_stays_flat_while_256_mib_are_uploaded(void **state)
{
	enum { PIECE = 1 << 20, PIECES = 256 };
	struct stage *stage = *state;
	uint8_t *piece = blobs_draw(6, PIECE);
	struct upload *upload;
	uint64_t seed = 7;
	long most = 0;
	char id[ID_TEXT];

	begin(stage, (uint64_t)PIECE * PIECES, id);
	upload = take(stage, id);
	for (int i = 0; i < PIECES; i++) {
		long now;

		scratch_fill(&seed, piece + 8 * i, 8);
		append(stage, upload, piece, PIECE);
		if (i % 16 == 15) {
			flush(stage, upload);
		}
		now = blobs_anonymous_kib();
		most = now > most ? now : most;
	}
	upload_release(upload);
	blobs_check_anonymous(most, 40 * 1024);
	free(piece);
}

#define WITH_STAGE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(an_upload_in_one_go_is_the_blob_of_its_bytes),
		WITH_STAGE(random_requests_and_restarts_end_as_the_same_blob),
		WITH_STAGE(bytes_that_were_not_flushed_are_forgotten),
		WITH_STAGE(an_upload_has_one_holder_at_a_time),
		WITH_STAGE(what_does_not_exist_is_absent),
		WITH_STAGE(more_bytes_than_its_length_are_refused),
		WITH_STAGE(a_length_may_be_said_later),
		WITH_STAGE(an_upload_of_no_bytes_is_complete_at_once),
		WITH_STAGE(only_a_complete_upload_is_finished),
		WITH_STAGE(an_abandoned_upload_leaves_no_row_and_no_tail),
		WITH_STAGE(uploads_expire_when_no_byte_came_for_their_lifetime),
		WITH_STAGE(more_idle_uploads_than_are_kept_go_on_all_the_same),
		WITH_STAGE(a_lost_tail_is_told_and_not_made_up),
		WITH_STAGE(a_full_map_leaves_what_was_flushed),
		WITH_STAGE(killed_at_any_point_it_resumes_to_the_same_sum),
		WITH_STAGE(memory_stays_flat_while_256_mib_are_uploaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
