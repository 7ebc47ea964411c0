/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_BACKUPS_H
#define TESTS_UNIT_BACKUPS_H

/*
 * A store that is worth a backup, and what a test of one asks of it.
 */

#include "base/file.h"
#include "storage/restore.h"
#include "tests/unit/blobs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#define BLOBS 12

/* A store with blobs, records and a log; and a place for what is made. */
struct stage {
	struct engine *engine;
	char folder[SCRATCH_PATH];
	char path[SCRATCH_PATH];        /* of the backup */
	char copy[SCRATCH_PATH];        /* of the store in it */
	char second[SCRATCH_PATH];      /* of what is restored */
	struct backup_file files[2];    /* that go with the backup */
	struct backup_file restored[2]; /* that came back */
	struct backup_plan to_backup;
	struct backup_plan to_second;
	struct blob_ref refs[BLOBS];
	size_t lens[BLOBS];
	struct draft_counts counts;
	struct fault fault;
};

static inline void
backups_fill(struct stage *stage)
{
	struct engine *engine = stage->engine;
	uint64_t seed = 20260131;

	for (unsigned i = 0; i < BLOBS; i++) {
		struct writes *writes = writes_new(engine->store, NULL);
		char text[32];
		uint8_t *data;

		stage->lens[i] = (size_t)(scratch_draw(&seed) >> 20) % 700000;
		data = blobs_draw(i, stage->lens[i]);
		stage->refs[i] = blobs_put(engine, data, stage->lens[i]);
		free(data);
		snprintf(text, sizeof(text), "record %u", i);
		writes_put_record(writes, engine_text(text), 1,
		    engine_text("{}"));
		writes_log(writes, engine_text(text));
		assert_int_equal(engine_commit(engine, writes),
		    OUTCOME_APPLIED);
	}
}

static inline int
backups_setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	void *engine = NULL;

	signal(SIGPIPE, SIG_IGN); /* as every main does */
	blobs_setup(&engine);
	stage->engine = engine;
	scratch_make(stage->folder);
	snprintf(stage->path, sizeof(stage->path), "%.40s/backup",
	    stage->folder);
	snprintf(stage->copy, sizeof(stage->copy), "%.40s/backup/store",
	    stage->folder);
	snprintf(stage->second, sizeof(stage->second), "%.40s/second",
	    stage->folder);
	stage->files[0] =
	    (struct backup_file){ "keys/secret", 0600, true, { 0 } };
	stage->files[1] = (struct backup_file){ "options", 0600, false, { 0 } };
	buf_init(&stage->files[0].bytes, 64);
	buf_add_text(&stage->files[0].bytes, "a key\n");
	memcpy(stage->restored, stage->files, sizeof(stage->files));
	buf_init(&stage->restored[0].bytes, 64);
	stage->to_backup = (struct backup_plan){ .path = stage->path,
		.options = &stage->engine->options,
		.files = stage->files,
		.file_count = 2 };
	stage->to_second = stage->to_backup;
	stage->to_second.path = stage->second;
	stage->to_second.files = stage->restored;
	backups_fill(stage);
	*state = stage;
	return 0;
}

static inline int
backups_teardown(void **state)
{
	struct stage *stage = *state;
	void *engine = stage->engine;

	engine_teardown(&engine);
	scratch_remove(stage->folder);
	buf_fini(&stage->files[0].bytes);
	buf_fini(&stage->restored[0].bytes);
	free(stage);
	return 0;
}

static inline void
backups_must(const struct stage *stage, int rc)
{
	if (rc < 0) {
		fail_msg("%s", stage->fault.text);
	}
}

static inline bool
backups_is_at(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0;
}

/* Everything that backups_fill() made is in the store at `path`. */
static inline void
backups_check_store(struct stage *stage, const char *path)
{
	struct engine other = { .options = stage->engine->options,
		.arena = arena_new() };

	snprintf(other.path, sizeof(other.path), "%s", path);
	engine_open(&other);
	assert_true(engine_log_size(&other) >= BLOBS);
	for (unsigned i = 0; i < BLOBS; i++) {
		uint8_t *data = blobs_draw(i, stage->lens[i]);
		char text[32];

		blobs_check(&other, &stage->refs[i], data, stage->lens[i]);
		free(data);
		snprintf(text, sizeof(text), "record %u", i);
		assert_non_null(engine_get(&other, text));
	}
	arena_free(other.arena);
	engine_close(&other);
}

/* A command of the shell in the folder of the test. */
static inline void
backups_shell(const struct stage *stage, const char *command)
{
	char line[512];

	snprintf(line, sizeof(line), "cd '%s' && { %s; } >&2", stage->folder,
	    command);
	if (system(line) != 0) {
		fail_msg("failed: %s", command);
	}
}

/* What came back besides the store; `has_key` where the backup has it. */
static inline void
backups_check_files(struct stage *stage, bool has_key)
{
	assert_int_equal(stage->restored[0].is_there, has_key);
	assert_false(stage->restored[1].is_there);
	assert_string_equal(buf_text(&stage->restored[0].bytes),
	    has_key ? "a key\n" : "");
	buf_fini(&stage->restored[0].bytes);
}

/* The backup as a stream in a file; its descriptor at the beginning. */
static inline int
backups_stream_to_file(struct stage *stage)
{
	int file = open(stage->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	backups_must(stage,
	    backup_to_stream(stage->engine->store, file, &stage->fault));
	lseek(file, 0, SEEK_SET);
	return file;
}

/* Nothing is left of a restore that failed. */
static inline void
backups_must_be_clean(struct stage *stage)
{
	char partial[SCRATCH_PATH + 16];

	snprintf(partial, sizeof(partial), "%s.partial", stage->second);
	assert_false(backups_is_at(stage->second));
	assert_false(backups_is_at(partial));
	buf_fini(&stage->restored[0].bytes);
	buf_fini(&stage->restored[1].bytes);
}

/* Restore what is in the file; it must be refused and leave nothing. */
static inline void
backups_must_refuse(struct stage *stage, int file)
{
	stage->fault = (struct fault){ 0 };
	lseek(file, 0, SEEK_SET);
	assert_int_equal(restore_stream(file, &stage->to_second, &stage->counts,
	                     &stage->fault),
	    -1);
	if (stage->fault.code != FAULT_CORRUPT) {
		fail_msg("%s", stage->fault.text);
	}
	backups_must_be_clean(stage);
}

#define WITH_STAGE(name) \
	cmocka_unit_test_setup_teardown(name, backups_setup, backups_teardown)

#endif
