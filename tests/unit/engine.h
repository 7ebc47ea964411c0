/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_ENGINE_H
#define TESTS_UNIT_ENGINE_H

#include "base/digest.h"
#include "storage/store.h"
#include "tests/unit/scratch.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/*
 * A store under test.  The contract's tests know it by storage/store.h alone:
 * another engine takes its place by other options here.
 */
struct engine {
	char path[SCRATCH_PATH];
	struct store_options options;
	struct store *store;
	struct arena *arena;
	struct writes_result result; /* of the last engine_commit() */
	struct fault fault;
};

/* Those of a small store, for a process of its own as well; path is borrowed. */
static inline struct store_options
engine_options(const char *path)
{
	struct store_options options = store_presets;

	options.path = path;
	options.records_map_bytes = 64 << 20;
	options.chunks_map_bytes = 16 << 20;
	options.create = true;
	return options;
}

static inline void
engine_open(struct engine *engine)
{
	engine->options.path = engine->path;
	if (store_open(&engine->store, &engine->options, &engine->fault) < 0) {
		fail_msg("store_open: %s", engine->fault.text);
	}
}

static inline int
engine_setup(void **state)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	digest_init();
	scratch_make(engine->path);
	engine->options = engine_options(engine->path);
	engine->arena = arena_new();
	engine_open(engine);
	*state = engine;
	return 0;
}

static inline void
engine_close(struct engine *engine)
{
	store_close(engine->store);
	engine->store = NULL;
}

static inline void
engine_reopen(struct engine *engine)
{
	engine_close(engine);
	engine_open(engine);
}

static inline int
engine_teardown(void **state)
{
	struct engine *engine = *state;

	arena_free(engine->arena); /* groups before their store */
	engine_close(engine);
	scratch_remove(engine->path);
	free(engine);
	return 0;
}

static inline struct bytes
engine_text(const char *text)
{
	return bytes_of_text(text);
}

/* An id that says its number. */
static inline struct set_id
engine_id(uint64_t number)
{
	struct set_id id = { { 0 } };

	memcpy(id.bytes, &number, sizeof(number));
	return id;
}

/* Commit and wait; a failed one leaves its reason in engine->fault. */
static inline enum outcome
engine_commit(struct engine *engine, struct writes *writes)
{
	engine->fault = (struct fault){ 0 };
	writes_commit_wait(writes, &engine->result, engine->arena,
	    &engine->fault);
	return engine->result.outcome;
}

static inline void
engine_put(struct engine *engine, const char *key, const char *value)
{
	struct writes *writes = writes_new(engine->store, NULL);

	writes_put(writes, engine_text(key), engine_text(value));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

static inline struct snapshot *
engine_snapshot(struct engine *engine)
{
	struct snapshot *snapshot = NULL;

	if (snapshot_open(&snapshot, engine->store, &engine->fault) < 0) {
		fail_msg("snapshot_open: %s", engine->fault.text);
	}
	return snapshot;
}

/* What lies under a key, as text, or NULL. */
static inline const char *
engine_get(struct engine *engine, const char *key)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	struct bytes value;
	int found = snapshot_find(snapshot, engine_text(key), engine->arena,
	    &value, &engine->fault);

	snapshot_close(snapshot);
	assert_int_not_equal(found, -1);
	return found == 1 ? (const char *)value.data : NULL;
}

static inline int64_t
engine_sum(struct engine *engine, const char *key)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	int64_t sum = 0;

	assert_int_equal(
	    snapshot_sum(snapshot, engine_text(key), &sum, &engine->fault), 0);
	snapshot_close(snapshot);
	return sum;
}

static inline uint64_t
engine_log_size(struct engine *engine)
{
	struct snapshot *snapshot = engine_snapshot(engine);
	uint64_t size = 0;

	assert_int_equal(snapshot_log_size(snapshot, &size, &engine->fault), 0);
	snapshot_close(snapshot);
	return size;
}

/*
 * Holds the writer while it tells an outcome, so that what is handed over
 * until the gate opens makes one group.
 */
struct engine_gate {
	sem_t reached;
	sem_t open;
};

static inline void
engine_wait_at_gate(void *arg, const struct writes_result *result)
{
	struct engine_gate *gate = arg;

	(void)result;
	sem_post(&gate->reached);
	sem_wait(&gate->open);
}

static inline void
engine_gate_close(struct engine *engine, struct engine_gate *gate)
{
	struct writes *writes = writes_new(engine->store, NULL);

	sem_init(&gate->reached, 0, 0);
	sem_init(&gate->open, 0, 0);
	writes_commit(writes, NULL, engine_wait_at_gate, gate);
	sem_wait(&gate->reached);
}

/* Let the writer go, and wait until `done` was posted `count` times. */
static inline void
engine_gate_open(struct engine_gate *gate, sem_t *done, unsigned count)
{
	sem_post(&gate->open);
	for (unsigned i = 0; i < count; i++) {
		sem_wait(done);
	}
}

#endif
