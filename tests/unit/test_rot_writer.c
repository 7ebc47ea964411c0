/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bytes of data.mdb are flipped at random, and then it is written to: each set
 * is refused as damaged, or is there afterwards, and nothing that could be
 * read before is lost.  So with a rebuild: it is done, or the store is as it
 * was.
 */

#include "base/buf.h"
#include "base/file.h"
#include "storage/rebuild.h"
#include "tests/unit/engine.h"
#include "tests/unit/rotten.h"
#include "tests/unit/trials.h"

#define KEYS      2400u
#define SETS      60u /* on each image */
#define STEPS_MAX 40u
#define ENTRIES   1000u
#define ROTS      60u
#define REBUILDS  20u
#define VALUE_MAX 9000u

/* What is to be there; a version of 0 is nothing. */
struct model {
	unsigned versions[KEYS];
	bool is_readable[KEYS];
	int64_t sum;
	bool sum_is_readable;
	unsigned entries;
	bool entry_is_readable[ENTRIES];
	bool log_is_readable;
};

/* A file of the store, and as it was before. */
struct kept {
	char path[SCRATCH_PATH + 32];
	struct buf bytes;
};

struct rot {
	struct engine *engine;
	struct kept files[4];
	struct trials trials;
	struct model model;
	unsigned applied;
};

/* --- what is written ------------------------------------------------------ */

/* Long enough for a tree of three levels. */
static struct bytes
key_of(unsigned number, char text[160])
{
	snprintf(text, 160, "k/%0120u/%05u", number / 7, number);
	return bytes_of_text(text);
}

static struct bytes
value_of(unsigned number, unsigned version, uint8_t data[VALUE_MAX])
{
	static const size_t lens[] = { 0, 12, 200, 40, 1, 3000, 60, 9000, 90,
		30, 2100 };
	size_t len = lens[(number * 5 + version * 3) % 11];
	uint64_t seed = number * UINT64_C(1000) + version + 1;

	scratch_fill(&seed, data, len);
	return bytes_of(data, len);
}

/* A set of random steps; `after` is the model once it is applied. */
static struct writes *
draw_set(struct rot *rot, struct model *after)
{
	struct set_id id = engine_id(scratch_draw(&rot->trials.seed));
	struct writes *writes = writes_new(rot->engine->store, &id);
	unsigned from = (unsigned)(scratch_draw(&rot->trials.seed) % KEYS);
	bool is_near = scratch_draw(&rot->trials.seed) % 2 == 0;
	unsigned deletes = (unsigned)(scratch_draw(&rot->trials.seed) % 10);
	unsigned steps =
	    1 + (unsigned)(scratch_draw(&rot->trials.seed) % STEPS_MAX);
	uint8_t data[VALUE_MAX];
	char text[160];

	for (unsigned i = 0; i < steps; i++) {
		unsigned key =
		    is_near
		        ? (from + i) % KEYS
		        : (unsigned)(scratch_draw(&rot->trials.seed) % KEYS);

		if (scratch_draw(&rot->trials.seed) % 10 < deletes) {
			writes_delete(writes, key_of(key, text));
			after->versions[key] = 0;
		} else {
			after->versions[key] =
			    1 +
			    (unsigned)(scratch_draw(&rot->trials.seed) % 1000);
			writes_put(writes, key_of(key, text),
			    value_of(key, after->versions[key], data));
		}
		after->is_readable[key] = true;
	}
	if (steps % 3 == 0) {
		writes_add(writes, engine_text("sum"), (int64_t)steps);
		after->sum += (int64_t)steps;
	}
	if (steps % 2 == 0 && after->entries < ENTRIES) {
		writes_log(writes, value_of(after->entries, 7, data));
		after->entry_is_readable[after->entries++] = true;
	}
	return writes;
}

static void
write_some(struct rot *rot, unsigned sets)
{
	static struct model after; /* too large for a stack */

	for (unsigned i = 0; i < sets; i++) {
		struct writes *writes;
		enum outcome outcome;

		after = rot->model;
		writes = draw_set(rot, &after);
		outcome = engine_commit(rot->engine, writes);
		if (outcome == OUTCOME_APPLIED) {
			rot->model = after;
			rot->applied++;
			continue;
		}
		if (outcome != OUTCOME_UNAVAILABLE ||
		    rot->engine->fault.code != FAULT_CORRUPT) {
			trials_blame(&rot->trials, rot->engine->fault.text, i);
		}
		rot->trials.refused++;
	}
}

/* What a rebuild makes of each key, by the seed that is drawn for it. */
struct plan {
	uint64_t seed;
	unsigned next;
	struct model *after;
	uint8_t data[VALUE_MAX];
	char key[160];
};

static int
next_step(void *arg, struct rebuild_step *step_out, struct fault *fault)
{
	struct plan *plan = arg;
	unsigned number;
	uint64_t draw;

	(void)fault;
	do {
		if (plan->next == KEYS) {
			return 0;
		}
		number = plan->next++;
		draw = scratch_draw(&plan->seed);
	} while (draw % 3 == 0); /* it stays */
	plan->after->versions[number] =
	    draw % 3 == 1 ? 1 + (unsigned)(draw % 1000) : 0;
	plan->after->is_readable[number] = true;
	*step_out = (struct rebuild_step){
		.removes = draw % 3 != 1,
		.key = key_of(number, plan->key),
	};
	if (!step_out->removes) {
		step_out->value =
		    value_of(number, plan->after->versions[number], plan->data);
	}
	return 1;
}

/* Whether it was done; then the model is what it made. */
static bool
rebuild(struct rot *rot)
{
	static struct model after; /* too large for a stack */
	static struct plan plan;
	struct engine *engine = rot->engine;

	after = rot->model;
	plan = (struct plan){ .seed = scratch_draw(&rot->trials.seed),
		.after = &after };
	if (rebuild_run(engine->store, next_step, &plan, &engine->fault) == 0) {
		rot->model = after;
		rot->applied++;
		return true;
	}
	if (engine->fault.code != FAULT_CORRUPT) {
		trials_blame(&rot->trials, engine->fault.text, 0);
	}
	rot->trials.refused++;
	return false;
}

/* --- what is read --------------------------------------------------------- */

/*
 * 1, 0 or -1: damaged.  That something is not there may be past proof later,
 * when rows beside its place were deleted.
 */
static void
judge(struct rot *rot, int found, struct bytes got, bool wanted,
    struct bytes value, bool *is_readable, const char *what, unsigned number)
{
	if (found == -1) {
		if (rot->engine->fault.code != FAULT_CORRUPT) {
			trials_blame(&rot->trials, rot->engine->fault.text,
			    number);
		}
		if (wanted && *is_readable && !rot->trials.is_first) {
			print_error(
			    "wanted %s %u, got: it is damaged (%zu bytes, %u applied)\n",
			    what, number, value.len, rot->applied);
			trials_blame(&rot->trials, "lost: number", number);
		}
		*is_readable = false;
		return;
	}
	if ((found == 1) != wanted || (wanted && !bytes_equal(got, value))) {
		print_error("wanted %s %u %s, got %s\n", what, number,
		    wanted ? "to be there" : "to be absent",
		    found == 0 ? "nothing" : "something");
		trials_blame(&rot->trials, "a lie about", number);
	}
}

static void
read_all(struct rot *rot)
{
	struct engine *engine = rot->engine;
	struct model *model = &rot->model;
	struct snapshot *snapshot;
	uint8_t data[VALUE_MAX];
	char text[160];
	struct bytes got = NO_BYTES;
	int64_t sum = 0;
	int found;

	if (snapshot_open(&snapshot, engine->store, &engine->fault) < 0) {
		if (engine->fault.code != FAULT_CORRUPT) {
			trials_blame(&rot->trials, engine->fault.text, 0);
		}
		_exit(NOT_OPENED);
	}
	for (unsigned i = 0; i < KEYS; i++) {
		arena_reset(engine->arena);
		found = snapshot_find(snapshot, key_of(i, text), engine->arena,
		    &got, &engine->fault);
		judge(rot, found, got, model->versions[i] != 0,
		    value_of(i, model->versions[i], data),
		    &model->is_readable[i], "key", i);
	}
	for (unsigned i = 0; i < model->entries; i++) {
		arena_reset(engine->arena);
		found = snapshot_log_find(snapshot, i, engine->arena, &got,
		    &engine->fault);
		judge(rot, found, got, true, value_of(i, 7, data),
		    &model->entry_is_readable[i], "entry", i);
	}
	found =
	    snapshot_sum(snapshot, engine_text("sum"), &sum, &engine->fault);
	judge(rot, found < 0 ? -1 : sum == model->sum, NO_BYTES, true, NO_BYTES,
	    &model->sum_is_readable, "sum", 0);
	snapshot_close(snapshot);
}

/* --- rot ------------------------------------------------------------------- */

static void
keep_files(struct rot *rot)
{
	static const char *const names[] = { "data.mdb", "anchor", "journal.0",
		"journal.1" };

	for (unsigned i = 0; i < 4; i++) {
		struct kept *kept = &rot->files[i];

		snprintf(kept->path, sizeof(kept->path), "%s/records/%s",
		    rot->engine->path, names[i]);
		buf_init(&kept->bytes, 64u << 20);
		if (file_read(&kept->bytes, kept->path, &rot->engine->fault) <
		    0) {
			fail_msg("%s", rot->engine->fault.text);
		}
	}
}

static void
put_files(void *arg, unsigned pages)
{
	struct rot *rot = arg;
	struct bytes sound = buf_bytes(&rot->files[0].bytes);
	uint8_t *data = malloc(sound.len);

	memcpy(data, sound.data, sound.len);
	rotten_damage(&rot->trials.seed, data, sound.len, pages);
	trials_write(rot->files[0].path, bytes_of(data, sound.len));
	free(data);
	for (unsigned i = 1; i < 4; i++) {
		trials_write(rot->files[i].path,
		    buf_bytes(&rot->files[i].bytes));
	}
}

static void
open_or_end(struct rot *rot)
{
	struct engine *engine = rot->engine;

	engine->options.path = engine->path;
	if (store_open(&engine->store, &engine->options, &engine->fault) < 0) {
		if (engine->fault.code != FAULT_CORRUPT) {
			trials_blame(&rot->trials, engine->fault.text, 0);
		}
		_exit(NOT_OPENED);
	}
}

/* The life of one process on one image. */
static void
live(void *arg)
{
	struct rot *rot = arg;

	open_or_end(rot);
	rot->trials.is_first = true;
	read_all(rot);
	rot->trials.is_first = false;
	for (unsigned i = 0; i < 3; i++) {
		write_some(rot, SETS / 3);
		read_all(rot);
	}
	engine_close(rot->engine);
	open_or_end(rot);
	read_all(rot);
	engine_close(rot->engine);
	trials_end(&rot->trials);
}

/* The same with one rebuild, and some sets after it. */
static void
live_rebuilt(void *arg)
{
	struct rot *rot = arg;

	open_or_end(rot);
	rot->trials.is_first = true;
	read_all(rot);
	rot->trials.is_first = false;
	if (!rebuild(rot)) {
		engine_close(rot->engine);
		open_or_end(rot);
	}
	read_all(rot);
	write_some(rot, SETS / 3);
	engine_close(rot->engine);
	open_or_end(rot);
	read_all(rot);
	engine_close(rot->engine);
	trials_end(&rot->trials);
}

static void
set_up(struct rot *rot, struct engine *engine)
{
	rot->engine = engine;
	trials_begin(&rot->trials);
	rot->model.sum_is_readable = true;
	for (unsigned i = 0; i < KEYS; i++) {
		rot->model.is_readable[i] = true;
	}
	write_some(rot, 300);
	assert_int_equal(rot->trials.refused, 0);
	read_all(rot);
	rot->applied = 0;
	engine_close(engine);
	engine->options.create = false;
	keep_files(rot);
}

static void
try_images(struct engine *engine, unsigned count, void (*life)(void *arg))
{
	static struct rot rot;

	rot = (struct rot){ 0 };
	set_up(&rot, engine);
	trials_run(&rot.trials, count, 30, 4, put_files, life, &rot);
	put_files(&rot, 0);
	for (unsigned i = 0; i < 4; i++) {
		buf_fini(&rot.files[i].bytes);
	}
	engine_open(rot.engine);
}

static void
no_write_to_a_rotten_store_loses_anything(void **state)
{
	try_images(*state, ROTS, live);
}

static void
no_rebuild_of_a_rotten_store_loses_anything(void **state)
{
	try_images(*state, REBUILDS, live_rebuilt);
}

#define rot(test) \
	cmocka_unit_test_setup_teardown(test, engine_setup, engine_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		rot(no_write_to_a_rotten_store_loses_anything),
		rot(no_rebuild_of_a_rotten_store_loses_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
