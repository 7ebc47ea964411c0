/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_OFFICE_H
#define TESTS_UNIT_OFFICE_H

#include "tests/unit/unit.h"

#include "archive/note.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/job.h"
#include "base/json.h"
#include "base/loop.h"
#include "core/audit.h"
#include "core/command.h"
#include "core/rules.h"
#include "tests/unit/patience.h"
#include "tests/unit/scratch.h"

#include <stdbool.h>
#include <sys/stat.h>

/*
 * core/ over a store of the test's own, for tests of commands.  The store
 * lies in memory where the system has such a folder: what outlives the
 * process is storage's to test.
 */
struct office {
	char path[SCRATCH_PATH];
	struct core core;
	struct rules *rules;
	struct arena *arena;
	struct snapshot *snapshot; /* of the last office_look() */
	struct fault fault;
	struct command_result result; /* of the last office_commit() */
	struct arena *command_arena;
};

static const struct actor office_actor = {
	.user = "test",
	.name = "Test",
	.everything = true,
};

/* A file of the source tree: the sample, the rules. */
static inline const char *
office_source(struct office *office, const char *name)
{
	const char *root = getenv("srcdir");

	return arena_format(office->arena, "%s/%s", root != NULL ? root : ".",
	    name);
}

static inline struct office *
office_open(bool with_rules)
{
	static const uint8_t seed[32] = "a key that signs tests alone";
	struct office *office = calloc(1, sizeof(*office));
	struct store_options options = store_presets;
	struct buf key;

	snprintf(office->path, sizeof(office->path),
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm/hoso-test-XXXXXX"
	                                  : "/tmp/hoso-test-XXXXXX");
	if (mkdtemp(office->path) == NULL) {
		fail_msg("%s cannot be made", office->path);
	}
	digest_init();
	office->arena = arena_new();
	options.path = office->path;
	options.records_map_bytes = 512 << 20;
	options.chunks_map_bytes = 16 << 20;
	options.create = true;
	/* One look may serve a whole file of tests. */
	options.snapshot_max_ms = patience_ms(options.snapshot_max_ms);
	buf_init(&key, 4096);
	if (store_open(&office->core.store, &options, &office->fault) < 0 ||
	    note_key_make_of(&key, "test/audit", seed, &office->fault) < 0 ||
	    audit_open(&office->core.audit, office->core.store, buf_bytes(&key),
	        &office->fault) < 0 ||
	    (with_rules &&
	        rules_load(&office->rules, office_source(office, "data/rules"),
	            NULL, &office->fault) < 0)) {
		fail_msg("office: %s", office->fault.text);
	}
	buf_fini(&key);
	office->core.rules = office->rules;
	office->core.folder = office->path;
	return office;
}

static inline void
office_close(struct office *office)
{
	snapshot_close(office->snapshot);
	arena_free(office->command_arena);
	arena_free(office->arena); /* groups before store and log */
	store_close(office->core.store);
	audit_close(office->core.audit);
	rules_free(office->rules);
	scratch_remove(office->path);
	free(office);
}

/* A snapshot of now, until the next look or commit. */
static inline struct snapshot *
office_look(struct office *office)
{
	if (office->snapshot == NULL &&
	    snapshot_open(&office->snapshot, office->core.store,
	        &office->fault) < 0) {
		fail_msg("snapshot: %s", office->fault.text);
	}
	return office->snapshot;
}

static inline void
office_look_away(struct office *office)
{
	snapshot_close(office->snapshot);
	office->snapshot = NULL;
}

/* A loop and one worker, for what is done beside the requests. */
static inline struct loop *
office_begin_work(struct office *office)
{
	struct loop *loop;

	if (loop_new(&loop, 0, &office->fault) < 0 ||
	    job_pool_new(&office->core.workers, 1, &office->fault) < 0) {
		fail_msg("work: %s", office->fault.text);
	}
	return loop;
}

/* All that was set going is done before it returns. */
static inline void
office_end_work(struct office *office, struct loop *loop)
{
	job_pool_free(office->core.workers);
	loop_free(loop);
}

static inline struct command *
office_begin(struct office *office, const char *act)
{
	struct command *command;

	office_look_away(office);
	arena_free(office->command_arena);
	office->command_arena = arena_new();
	if (command_new(&command, &office->core, office->command_arena,
	        &office_actor, act, NULL, &office->fault) < 0) {
		fail_msg("command_new: %s", office->fault.text);
	}
	return command;
}

/* The result's id and record live until the next office_begin(). */
static inline int
office_commit(struct office *office, struct command *command)
{
	int rc = command_commit_wait(command, &office->result, &office->fault);

	command_free(command);
	return rc;
}

typedef int (*office_make_fn)(struct command *command, const json_t *body,
    struct fault *fault);
typedef int (*office_edit_fn)(struct command *command, const char *id,
    const json_t *body, struct fault *fault);

/* JSON as in the code below, ' for ". */
static inline json_t *
office_json(struct office *office, const char *text)
{
	char *quoted = arena_text(office->arena, text);
	json_t *value;

	for (char *c = quoted; *c != '\0'; c++) {
		*c = *c == '\'' ? '"' : *c;
	}
	value = json_read(office->arena, bytes_of_text(quoted), &office->fault);
	if (value == NULL) {
		fail_msg("%s: %s", text, office->fault.text);
	}
	return value;
}

/* -1 leaves the reason in office->fault. */
static inline int
office_try(struct office *office, office_make_fn make, const char *body)
{
	struct command *command = office_begin(office, "test.make");

	if (make(command, office_json(office, body), &office->fault) < 0) {
		command_free(command);
		return -1;
	}
	return office_commit(office, command);
}

static inline void
office_make(struct office *office, office_make_fn make, const char *body)
{
	if (office_try(office, make, body) < 0) {
		fail_msg("%s: %s: %s", body, office->fault.field,
		    office->fault.text);
	}
}

static inline int
office_try_edit(struct office *office, office_edit_fn edit, const char *id,
    const char *body)
{
	struct command *command = office_begin(office, "test.edit");

	if (edit(command, id, office_json(office, body), &office->fault) < 0) {
		command_free(command);
		return -1;
	}
	return office_commit(office, command);
}

static inline void
office_edit(struct office *office, office_edit_fn edit, const char *id,
    const char *body)
{
	if (office_try_edit(office, edit, id, body) < 0) {
		fail_msg("%s %s: %s: %s", id, body, office->fault.field,
		    office->fault.text);
	}
}

/* It is refused, and for this field. */
#define assert_refused(office, rc, wanted_field) \
	do { \
		assert_int_equal(rc, -1); \
		assert_text((office)->fault.field, wanted_field); \
	} while (0)

static inline date_t
office_date(const char *text)
{
	date_t date = 0;

	if (!date_parse(&date, text)) {
		fail_msg("%s is no date", text);
	}
	return date;
}

#endif
