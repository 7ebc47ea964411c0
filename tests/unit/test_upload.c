/* SPDX-License-Identifier: Apache-2.0 */

/*
 * However an upload is cut into requests, it ends as the blob of its bytes, and
 * never has less than it acknowledged.
 */

#include "tests/unit/upload_stage.h"

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
		WITH_STAGE(memory_stays_flat_while_256_mib_are_uploaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
