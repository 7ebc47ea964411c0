/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What may become of an upload on its way: it is given up, expires, loses its
 * tail, finds no room, is killed; it never has less than it acknowledged.
 */

#include "storage/tail.h"
#include "tests/unit/upload_stage.h"

#include <signal.h>
#include <sys/wait.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(an_abandoned_upload_leaves_no_row_and_no_tail),
		WITH_STAGE(uploads_expire_when_no_byte_came_for_their_lifetime),
		WITH_STAGE(more_idle_uploads_than_are_kept_go_on_all_the_same),
		WITH_STAGE(a_lost_tail_is_told_and_not_made_up),
		WITH_STAGE(a_full_map_leaves_what_was_flushed),
		WITH_STAGE(killed_at_any_point_it_resumes_to_the_same_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
