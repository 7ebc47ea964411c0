/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_UPLOAD_STAGE_H
#define TESTS_UNIT_UPLOAD_STAGE_H

#include "base/clock.h"
#include "storage/upload.h"
#include "tests/unit/blobs.h"

/* Uploads over a store of their own, and their steps; what fails ends the test. */
#define NOW INT64_C(1700000000000000)

static const struct uploads_options presets = { .lifetime_ms = 3600 * 1000,
	.length_max = 1 << 30,
	.owner_max = UINT64_C(1) << 40,
	.idle_max = 2 };

struct stage {
	struct engine *engine;
	struct uploads *uploads;
};

static inline void
fail_of(const struct engine *engine)
{
	fail_msg("%s", engine->fault.text);
}

static inline int
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

static inline int
teardown(void **state)
{
	struct stage *stage = *state;
	void *engine = stage->engine;

	uploads_free(stage->uploads);
	engine_teardown(&engine);
	free(stage);
	return 0;
}

static inline void
restart(struct stage *stage)
{
	uploads_free(stage->uploads);
	engine_reopen(stage->engine);
	stage->uploads = uploads_new(stage->engine->store, &presets);
}

static inline void
begin(struct stage *stage, uint64_t length, char id[ID_TEXT])
{
	struct upload_ask ask = { .owner = "lan",
		.length = length,
		.about = bytes_of_text("Tờ trình.pdf") };

	if (upload_begin(stage->uploads, &ask, id, &stage->engine->fault) < 0) {
		fail_of(stage->engine);
	}
}

static inline struct upload *
take(struct stage *stage, const char *id)
{
	struct upload *upload = NULL;

	if (upload_take(&upload, stage->uploads, id, &stage->engine->fault) <
	    0) {
		fail_of(stage->engine);
	}
	return upload;
}

static inline void
append(struct stage *stage, struct upload *upload, const uint8_t *data,
    size_t len)
{
	if (upload_append(upload, bytes_of(data, len), &stage->engine->fault) <
	    0) {
		fail_of(stage->engine);
	}
}

static inline void
flush(struct stage *stage, struct upload *upload)
{
	if (upload_flush(upload, &stage->engine->fault) < 0) {
		fail_of(stage->engine);
	}
}

/* What is durable; found or not. */
static inline int
find(struct stage *stage, const char *id, struct upload_state *state_out)
{
	struct snapshot *snapshot = engine_snapshot(stage->engine);
	int found = upload_find(snapshot, id, stage->engine->arena, state_out,
	    &stage->engine->fault);

	snapshot_close(snapshot);
	return found;
}

static inline struct blob_ref
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

/* Rows of uploads that are there. */
static inline unsigned
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

#define WITH_STAGE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
