/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A write set is a list of steps, encoded one after the other in one run of
 * memory, so that building it costs no allocation a step and handing it over
 * none at all:
 *
 *     kind u8 · length of key u16 · length of value u32 · number u64 ·
 *     key · value                        (integers are little-endian)
 *
 * The first step that fails is remembered and refuses the set as a whole when
 * it is committed; the caller writes its steps as a list without checks.
 */

#include "storage/writes.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"
#include "base/wire.h"
#include "storage/inside.h"
#include "storage/key.h"
#include "storage/value.h"
#include "storage/writer.h"

#include <assert.h>
#include <stdlib.h>

#define STEP_HEAD_BYTES 15u

/* --- groups ------------------------------------------------------------ */

struct group *
group_new(const struct durable_hook *hook, void *left)
{
	struct group *group = xzalloc(sizeof(*group));

	atomic_init(&group->users, 1);
	group->hook = *hook;
	group->left = left;
	return group;
}

struct group *
group_share(struct group *group)
{
	if (group != NULL) {
		atomic_fetch_add(&group->users, 1);
	}
	return group;
}

void
group_release(struct group *group)
{
	if (group == NULL || atomic_fetch_sub(&group->users, 1) != 1) {
		return;
	}
	if (group->hook.release != NULL) {
		group->hook.release(group->hook.arg, group->left);
	}
	free(group);
}

/* --- building ---------------------------------------------------------- */

void
set_id_draw(struct set_id *id_out)
{
	wire_put_u64be(id_out->bytes, (uint64_t)clock_now());
	random_bytes(id_out->bytes + 8, SET_ID_BYTES - 8);
}

struct writes *
writes_new(struct store *store, const struct set_id *id)
{
	struct writes *writes = xzalloc(sizeof(*writes));

	writes->store = store;
	if (id != NULL) {
		writes->has_id = true;
		writes->id = *id;
	}
	buf_init(&writes->steps, SET_MAX_BYTES);
	buf_init(&writes->memo, MEMO_MAX_BYTES);
	buf_init(&writes->past_memo, MEMO_MAX_BYTES);
	return writes;
}

void
writes_free(struct writes *writes)
{
	if (writes == NULL) {
		return;
	}
	buf_fini(&writes->steps);
	buf_fini(&writes->memo);
	buf_fini(&writes->past_memo);
	free(writes);
}

static bool
has_failed(const struct writes *writes)
{
	return writes->fault.code != FAULT_NONE;
}

static void
add_step(struct writes *writes, const struct step *step)
{
	uint8_t head[STEP_HEAD_BYTES];

	if (has_failed(writes)) {
		return;
	}
	if (writes->step_count == SET_MAX_STEPS) {
		fault_set(&writes->fault, FAULT_LIMIT,
		    "a set of more than %u steps", SET_MAX_STEPS);
		return;
	}
	head[0] = (uint8_t)step->kind;
	wire_put_u16le(head + 1, (uint16_t)step->key.len);
	wire_put_u32le(head + 3, (uint32_t)step->value.len);
	wire_put_u64le(head + 7, step->number);
	buf_add(&writes->steps, head, sizeof(head));
	buf_add_bytes(&writes->steps, step->key);
	buf_add_bytes(&writes->steps, step->value);
	writes->step_count++;
	if (buf_check(&writes->steps, &writes->fault) < 0) {
		fault_prefix(&writes->fault, "a set");
	}
}

bool
step_next(struct bytes *steps, struct step *step_out)
{
	const uint8_t *head = steps->data;
	size_t key_len;
	size_t value_len;
	size_t len;

	if (steps->len == 0) {
		return false;
	}
	assert(steps->len >= STEP_HEAD_BYTES);
	key_len = wire_get_u16le(head + 1);
	value_len = wire_get_u32le(head + 3);
	len = STEP_HEAD_BYTES + key_len + value_len;
	assert(steps->len >= len);
	step_out->kind = (enum step_kind)head[0];
	step_out->number = wire_get_u64le(head + 7);
	step_out->key = bytes_of(head + STEP_HEAD_BYTES, key_len);
	step_out->value = bytes_of(head + STEP_HEAD_BYTES + key_len, value_len);
	*steps = bytes_of(head + len, steps->len - len);
	return true;
}

static bool
check_key(struct writes *writes, struct bytes key)
{
	if (!has_failed(writes) && (key.len == 0 || key.len > KEY_MAX_BYTES)) {
		fault_set(&writes->fault, FAULT_INVALID,
		    "a key has 1 to %u bytes, this one %s", KEY_MAX_BYTES,
		    key.len == 0 ? "none" : "more, or text with a NUL");
	}
	return !has_failed(writes);
}

static bool
check_value(struct writes *writes, size_t len, size_t max, const char *what)
{
	if (!has_failed(writes) && len > max) {
		fault_set(&writes->fault, FAULT_LIMIT,
		    "%s of %zu bytes, at most %zu are taken", what, len, max);
	}
	return !has_failed(writes);
}

void
writes_expect_absent(struct writes *writes, struct bytes key)
{
	if (check_key(writes, key)) {
		add_step(writes,
		    &(struct step){ STEP_EXPECT_ABSENT, key, NO_BYTES, 0 });
		writes->guard_count++;
	}
}

void
writes_expect_rev(struct writes *writes, struct bytes key, uint64_t rev)
{
	if (check_key(writes, key)) {
		add_step(writes,
		    &(struct step){ STEP_EXPECT_REV, key, NO_BYTES, rev });
		writes->guard_count++;
	}
}

void
writes_put_record(struct writes *writes, struct bytes key, uint64_t rev,
    struct bytes record)
{
	if (check_key(writes, key) &&
	    check_value(writes, record.len, VALUE_MAX_BYTES - sizeof(rev),
	        "a record")) {
		add_step(writes,
		    &(struct step){ STEP_PUT_RECORD, key, record, rev });
	}
}

void
writes_put_logged(struct writes *writes, struct bytes key, uint64_t rev,
    uint64_t log_index, struct bytes record)
{
	uint8_t index[8];
	struct buf value;

	if (!check_key(writes, key) ||
	    !check_value(writes, record.len, VALUE_MAX_BYTES - 2 * sizeof(rev),
	        "a record")) {
		return;
	}
	wire_put_u64be(index, log_index);
	buf_init(&value, VALUE_MAX_BYTES);
	buf_add(&value, index, sizeof(index));
	buf_add_bytes(&value, record);
	add_step(writes,
	    &(struct step){ STEP_PUT_LOGGED, key, buf_bytes(&value), rev });
	buf_fini(&value);
	writes->needs_entry |= log_index == LOG_OWN;
}

void
writes_put(struct writes *writes, struct bytes key, struct bytes value)
{
	if (check_key(writes, key) &&
	    check_value(writes, value.len, VALUE_MAX_BYTES, "a value")) {
		add_step(writes, &(struct step){ STEP_PUT, key, value, 0 });
	}
}

void
writes_delete(struct writes *writes, struct bytes key)
{
	if (check_key(writes, key)) {
		add_step(writes,
		    &(struct step){ STEP_DELETE, key, NO_BYTES, 0 });
	}
}

void
writes_add(struct writes *writes, struct bytes key, int64_t delta)
{
	if (check_key(writes, key)) {
		add_step(writes,
		    &(struct step){ STEP_ADD, key, NO_BYTES, (uint64_t)delta });
	}
}

void
writes_log(struct writes *writes, struct bytes entry)
{
	if (check_value(writes, entry.len, LOG_ENTRY_MAX_BYTES,
	        "a log entry")) {
		add_step(writes,
		    &(struct step){ STEP_LOG, NO_BYTES, entry, 0 });
		writes->log_count++;
	}
}

void
writes_memo(struct writes *writes, struct bytes memo)
{
	if (check_value(writes, memo.len, MEMO_MAX_BYTES, "a memo")) {
		buf_reset(&writes->memo);
		buf_add_bytes(&writes->memo, memo);
	}
}

/* --- checking the whole ------------------------------------------------ */

static int
compare_keys(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a,
	    *(const struct bytes *)b);
}

/* Gather the keys that the set puts or deletes, sorted; their number. */
static size_t
written_keys(const struct writes *writes, struct bytes *keys)
{
	struct bytes steps = buf_bytes(&writes->steps);
	struct step step;
	size_t count = 0;

	while (step_next(&steps, &step)) {
		if (step.kind == STEP_PUT || step.kind == STEP_PUT_RECORD ||
		    step.kind == STEP_PUT_LOGGED || step.kind == STEP_DELETE) {
			keys[count++] = step.key;
		}
	}
	qsort(keys, count, sizeof(*keys), compare_keys);
	return count;
}

/*
 * Every guarded key is written too: then an engine that detects two writes
 * of one key needs nothing else to be right (engine principle 2).
 */
static void
check_guards(struct writes *writes)
{
	struct bytes *keys;
	struct bytes steps = buf_bytes(&writes->steps);
	struct step step;
	size_t count;

	if (has_failed(writes) || writes->guard_count == 0) {
		return;
	}
	keys = xzalloc(writes->step_count * sizeof(*keys));
	count = written_keys(writes, keys);
	while (!has_failed(writes) && step_next(&steps, &step)) {
		if ((step.kind == STEP_EXPECT_ABSENT ||
		        step.kind == STEP_EXPECT_REV) &&
		    bsearch(&step.key, keys, count, sizeof(*keys),
		        compare_keys) == NULL) {
			fault_set(&writes->fault, FAULT_INVALID,
			    "a guarded key is not written by its set");
		}
	}
	free(keys);
}

/* --- handing over and telling ------------------------------------------ */

struct fault *
writes_refuse(struct writes *writes, enum outcome outcome)
{
	writes->result = (struct writes_result){
		.outcome = outcome,
		.fault = &writes->fault,
	};
	return &writes->fault;
}

static void
tell_here(struct writes *writes)
{
	struct group *group = writes->group;

	writes->result.group = group != NULL ? group->left : NULL;
	if (writes->done != NULL) {
		writes->done(writes->arg, &writes->result);
	}
	group_release(group);
	writes_free(writes);
}

static void
run_task(struct loop_task *task)
{
	tell_here(
	    (struct writes *)((char *)task - offsetof(struct writes, task)));
}

void
writes_tell(struct writes *writes)
{
	if (writes->loop == NULL) {
		tell_here(writes);
		return;
	}
	writes->task.run = run_task;
	loop_post(writes->loop, &writes->task);
}

struct writes *
writes_tell_alike(struct writes *sets)
{
	struct loop *loop = sets->loop;
	struct writes *rest = sets->next; /* the first may be freed */
	struct writes **end = &rest;
	struct loop_task *last = &sets->task;

	if (loop == NULL) {
		tell_here(sets);
		return rest;
	}
	last->run = run_task;
	while (*end != NULL) {
		struct writes *writes = *end;

		if (writes->loop != loop) {
			end = &writes->next;
			continue;
		}
		*end = writes->next;
		writes->task.run = run_task;
		last->next = &writes->task;
		last = &writes->task;
	}
	loop_post_list(loop, &sets->task, last);
	return rest;
}

void
writes_commit(struct writes *writes, struct loop *loop, writes_done_fn done,
    void *arg)
{
	writes->loop = loop;
	writes->done = done;
	writes->arg = arg;
	check_guards(writes);
	if (!has_failed(writes) && writes->needs_entry &&
	    writes->log_count == 0) {
		fault_set(&writes->fault, FAULT_INVALID,
		    "a record is to name the log's entry of a set without one");
	}
	if (!has_failed(writes) && writes->store->writer == NULL) {
		fault_set(&writes->fault, FAULT_INVALID,
		    "the store is open for reading only");
	}
	if (has_failed(writes)) {
		writes_refuse(writes, OUTCOME_REFUSED);
	}
	if (writes->store->writer == NULL) {
		writes_tell(writes);
		return;
	}
	writer_submit(writes->store->writer, writes);
}

void
writes_go_first(struct writes *writes)
{
	writes->goes_first = true;
}

/* Somebody who waits for an outcome. */
struct waiter {
	pthread_mutex_t lock; /* guards told */
	pthread_cond_t wake;
	bool told;

	struct writes *writes; /* the writer's; there until done() returns */
	struct writes_result *result_out;
	struct arena *arena;
	struct fault *fault;
	struct group *group;
};

static void
wake_waiter(void *arg, const struct writes_result *result)
{
	struct waiter *waiter = arg;

	*waiter->result_out = *result;
	waiter->result_out->memo = arena_copy(waiter->arena, result->memo);
	waiter->group = group_share(waiter->writes->group);
	if (result->fault != NULL) {
		*waiter->fault = *result->fault;
		waiter->result_out->fault = waiter->fault;
	}
	pthread_mutex_lock(&waiter->lock);
	waiter->told = true;
	pthread_cond_signal(&waiter->wake);
	pthread_mutex_unlock(&waiter->lock);
}

static void
release_group(void *arg)
{
	group_release(arg);
}

int
writes_commit_wait(struct writes *writes, struct writes_result *result_out,
    struct arena *arena, struct fault *fault)
{
	struct waiter waiter = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.wake = PTHREAD_COND_INITIALIZER,
		.writes = writes,
		.result_out = result_out,
		.arena = arena,
		.fault = fault,
	};

	assert(thread_role() != THREAD_LOOP);
	assert(thread_role() != THREAD_WRITER);
	writes_commit(writes, NULL, wake_waiter, &waiter);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.told) {
		pthread_cond_wait(&waiter.wake, &waiter.lock);
	}
	pthread_mutex_unlock(&waiter.lock);
	pthread_cond_destroy(&waiter.wake);
	pthread_mutex_destroy(&waiter.lock);
	if (waiter.group != NULL) {
		arena_defer(arena, release_group, waiter.group);
	}
	return result_out->outcome == OUTCOME_APPLIED ? 0 : -1;
}

int
writes_commit_now(struct writes *writes, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct writes_result result;
	int rc = writes_commit_wait(writes, &result, arena, fault);

	arena_free(arena);
	return rc;
}
