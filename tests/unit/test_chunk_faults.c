/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Blobs and uploads when LMDB fails under the writer of the chunks.  The
 * linker puts our functions in the place of two of LMDB's (-Wl,--wrap); the
 * n-th commit fails, for every n, and what was acknowledged must be there.
 */

#include "storage/upload.h"
#include "tests/unit/blobs.h"

#include <errno.h>
#include <lmdb.h>
#include <stdatomic.h>

static atomic_int commits_left; /* the last `failing` of these fail */
static atomic_int failing = 1;
static atomic_int code; /* with this */

int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);

int
__wrap_mdb_txn_commit(MDB_txn *txn)
{
	if (commits_left > 0 && --commits_left < failing) {
		mdb_txn_abort(txn);
		return code;
	}
	return __real_mdb_txn_commit(txn);
}

static int
heal(void **state)
{
	commits_left = 0;
	failing = 1;
	return engine_teardown(state);
}

static void
a_failed_commit_refuses_its_chunk_and_the_next_goes_through(void **state)
{
	struct engine *engine = *state;
	struct chunks *chunks = store_chunks(engine->store);
	uint8_t *data = blobs_draw(1, 1000);
	struct sha256 name = sha256_of(bytes_of(data, 1000));
	static const int codes[] = { EIO, ENOSPC };

	for (unsigned i = 0; i < 2; i++) {
		/* EIO is tried twice: see commit() of chunk_queue.c. */
		code = codes[i];
		failing = codes[i] == EIO ? 2 : 1;
		commits_left = failing;
		assert_int_equal(chunk_put_wait(chunks, &name,
		                     bytes_of(data, 1000), &engine->fault),
		    -1);
		assert_int_equal(engine->fault.code,
		    codes[i] == ENOSPC ? FAULT_FULL : FAULT_BUSY);
		assert_int_equal(engine->fault.sys, codes[i]);
		assert_int_equal(chunk_has(chunks, &name, &engine->fault), 0);
	}
	assert_int_equal(
	    chunk_put_wait(chunks, &name, bytes_of(data, 1000), &engine->fault),
	    0);
	assert_int_equal(chunk_has(chunks, &name, &engine->fault), 1);
	free(data);
}

static void
a_damaged_environment_is_read_and_written_no_more(void **state)
{
	struct engine *engine = *state;
	struct chunks *chunks = store_chunks(engine->store);
	uint8_t *data = blobs_draw(1, 2000);
	struct sha256 old = sha256_of(bytes_of(data, 1000));
	struct sha256 name = sha256_of(bytes_of(data, 2000));

	assert_int_equal(
	    chunk_put_wait(chunks, &old, bytes_of(data, 1000), &engine->fault),
	    0);
	code = MDB_CORRUPTED;
	commits_left = 1;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(chunk_put_wait(chunks, &name,
		                     bytes_of(data, 2000), &engine->fault),
		    -1);
		assert_int_equal(engine->fault.code, FAULT_CORRUPT);
	}
	assert_int_equal(chunk_has(chunks, &old, &engine->fault), 1);
	engine_reopen(engine);
	chunks = store_chunks(engine->store);
	assert_int_equal(
	    chunk_put_wait(chunks, &name, bytes_of(data, 2000), &engine->fault),
	    0);
	free(data);
}

/*
 * Take, append, flush, release until all is there; how often something
 * failed.  What was acknowledged must be found again each time.
 */
static unsigned
upload_all(struct engine *engine, struct uploads *uploads, const char *id,
    const uint8_t *data, size_t len)
{
	enum { STEP = 200000 };

	uint64_t acknowledged = 0;
	unsigned failures = 0;

	while (acknowledged < len) {
		struct upload *upload = NULL;
		int rc = upload_take(&upload, uploads, id, &engine->fault);

		assert_int_equal(rc, 0);
		assert_int_equal(upload_offset(upload), acknowledged);
		while (rc == 0 && upload_offset(upload) < len) {
			uint64_t at = upload_offset(upload);
			size_t some = len - at < STEP ? len - at : STEP;

			rc = upload_append(upload, bytes_of(data + at, some),
			    &engine->fault);
			if (rc == 0) {
				rc = upload_flush(upload, &engine->fault);
			}
			if (rc == 0) {
				acknowledged = at + some;
			}
		}
		upload_release(upload);
		if (rc < 0) {
			assert_int_equal(engine->fault.code, FAULT_FULL);
			failures++;
		}
	}
	return failures;
}

static void
an_upload_survives_a_failure_of_every_commit(void **state)
{
	static const struct uploads_options options = { .lifetime_ms = 3600000,
		.length_max = 1 << 30,
		.owner_max = UINT64_C(1) << 40,
		.idle_max = 4 };
	struct engine *engine = *state;
	size_t len = 4 * CHUNK_BYTES + 99;
	uint8_t *data = blobs_draw(2, len);
	unsigned failures = 1;
	int n;

	code = ENOSPC;
	for (n = 1; failures > 0; n++) {
		struct uploads *uploads = uploads_new(engine->store, &options);
		struct upload_ask ask = { .owner = "lan", .length = len };
		struct writes *writes = writes_new(engine->store, NULL);
		struct snapshot *snapshot;
		struct blob_ref ref;
		char id[ID_TEXT];

		data[0] = (uint8_t)n; /* no chunk of the last round */
		assert_int_equal(
		    upload_begin(uploads, &ask, id, &engine->fault), 0);
		commits_left = n;
		failures = upload_all(engine, uploads, id, data, len);
		commits_left = 0;
		snapshot = engine_snapshot(engine);
		assert_int_equal(upload_finish(snapshot, id, engine->arena,
		                     writes, &ref, &engine->fault),
		    1);
		snapshot_close(snapshot);
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
		blobs_check(engine, &ref, data, len);
		uploads_free(uploads);
		arena_reset(engine->arena);
	}
	/* Each of six flushes has at least a commit of chunks and of rows. */
	assert_in_range(n, 12, 60);
	free(data);
}

#define WITH_FAULTS(name) \
	cmocka_unit_test_setup_teardown(name, blobs_setup, heal)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FAULTS(
		    a_failed_commit_refuses_its_chunk_and_the_next_goes_through),
		WITH_FAULTS(a_damaged_environment_is_read_and_written_no_more),
		WITH_FAULTS(an_upload_survives_a_failure_of_every_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
