/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup that was taken under load holds everything that was acknowledged
 * before it began, and nothing that is damaged is restored.
 */

#include "storage/backup.h"

#include "base/file.h"
#include "base/thread.h"
#include "storage/collect.h"
#include "storage/hold.h"
#include "storage/upload.h"
#include "tests/unit/blobs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#define BLOBS 12

/* A store with blobs, records and a log; and a place for what is made. */
struct stage {
	struct engine *engine;
	char folder[SCRATCH_PATH];
	char path[SCRATCH_PATH];   /* of the backup */
	char second[SCRATCH_PATH]; /* of what is restored */
	struct blob_ref refs[BLOBS];
	size_t lens[BLOBS];
	struct draft_counts counts;
	struct fault fault;
};

static void
fill(struct stage *stage)
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

static int
setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	void *engine = NULL;

	signal(SIGPIPE, SIG_IGN); /* as every main does */
	blobs_setup(&engine);
	stage->engine = engine;
	scratch_make(stage->folder);
	snprintf(stage->path, sizeof(stage->path), "%.40s/backup",
	    stage->folder);
	snprintf(stage->second, sizeof(stage->second), "%.40s/second",
	    stage->folder);
	fill(stage);
	*state = stage;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *stage = *state;
	void *engine = stage->engine;

	engine_teardown(&engine);
	scratch_remove(stage->folder);
	free(stage);
	return 0;
}

static void
must(const struct stage *stage, int rc)
{
	if (rc < 0) {
		fail_msg("%s", stage->fault.text);
	}
}

static bool
is_at(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0;
}

/* Everything that fill() made is in the store at `path`. */
static void
check_store(struct stage *stage, const char *path)
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

static void
a_backup_into_a_folder_is_a_store_and_is_restored(void **state)
{
	struct stage *stage = *state;
	const struct store_options *options = &stage->engine->options;
	char command[256];

	must(stage, backup_to_folder(stage->engine->store, stage->path, options,
	                &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	assert_int_equal(stage->counts.log_size, BLOBS);
	assert_int_equal(stage->counts.chunks, blobs_stat(stage->engine).count);
	snprintf(command, sizeof(command),
	    "cd '%s' && sha256sum --check --quiet --strict SHA256SUMS",
	    stage->path);
	assert_int_equal(system(command), 0);

	must(stage, backup_restore_folder(stage->path, stage->second, options,
	                &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	check_store(stage, stage->second);
	check_store(stage, stage->path);
}

/* The backup as a stream in a file; its descriptor at the beginning. */
static int
stream_to_file(struct stage *stage)
{
	int file = open(stage->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0);
	must(stage,
	    backup_to_stream(stage->engine->store, file, &stage->fault));
	lseek(file, 0, SEEK_SET);
	return file;
}

static void
a_backup_as_a_stream_is_restored(void **state)
{
	struct stage *stage = *state;
	int file = stream_to_file(stage);

	must(stage,
	    backup_restore_stream(file, stage->second, &stage->engine->options,
	        &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	close(file);
	check_store(stage, stage->second);
}

/* Restore what is in the file; it must be refused and leave nothing. */
static void
must_refuse(struct stage *stage, int file)
{
	stage->fault = (struct fault){ 0 };
	lseek(file, 0, SEEK_SET);
	assert_int_equal(backup_restore_stream(file, stage->second,
	                     &stage->engine->options, &stage->counts,
	                     &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CORRUPT);
	assert_false(is_at(stage->second));
}

static void
a_stream_that_was_cut_anywhere_is_refused(void **state)
{
	struct stage *stage = *state;
	int file = stream_to_file(stage);
	off_t len = lseek(file, 0, SEEK_END);
	uint64_t seed = 3;

	for (int i = 0; i < 12; i++) {
		off_t cut = i < 2 ? len - 1 - i * 20
		                  : (off_t)(scratch_draw(&seed) >> 20) %
		                        (i < 6 ? 100 : len);

		assert_int_equal(ftruncate(file, cut), 0);
		must_refuse(stage, file);
		/* Whole again for the next one. */
		close(file);
		unlink(stage->path);
		file = stream_to_file(stage);
	}
	close(file);
}

static void
a_stream_with_a_flipped_bit_is_refused(void **state)
{
	struct stage *stage = *state;
	int file = stream_to_file(stage);
	off_t len = lseek(file, 0, SEEK_END);
	uint64_t seed = 4;

	for (int i = 0; i < 40; i++) {
		off_t place =
		    i < 20 ? i * 2 : (off_t)(scratch_draw(&seed) >> 20) % len;
		uint8_t byte;

		assert_int_equal(pread(file, &byte, 1, place), 1);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, place), 1);
		must_refuse(stage, file);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, place), 1);
	}
	close(file);
}

static void
a_folder_with_a_flipped_bit_is_refused(void **state)
{
	struct stage *stage = *state;
	const struct store_options *options = &stage->engine->options;
	static const char *const files[] = { "records/data.mdb",
		"chunks/data.mdb", "SHA256SUMS" };

	must(stage, backup_to_folder(stage->engine->store, stage->path, options,
	                &stage->counts, &stage->fault));
	for (unsigned i = 0; i < 3; i++) {
		char name[SCRATCH_PATH + 64];
		uint8_t byte;
		int file;

		snprintf(name, sizeof(name), "%s/%s", stage->path, files[i]);
		file = open(name, O_RDWR);
		assert_int_equal(pread(file, &byte, 1, 70), 1);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, 70), 1);
		assert_int_equal(backup_restore_folder(stage->path,
		                     stage->second, options, &stage->counts,
		                     &stage->fault),
		    -1);
		assert_int_equal(stage->fault.code, FAULT_CORRUPT);
		assert_false(is_at(stage->second));
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, 70), 1);
		close(file);
	}
}

static void
a_store_that_lost_a_chunk_makes_no_backup(void **state)
{
	struct stage *stage = *state;
	struct chunks *chunks = store_chunks(stage->engine->store);
	uint8_t *data = blobs_draw(2, stage->lens[2]);
	size_t some =
	    stage->lens[2] < CHUNK_BYTES ? stage->lens[2] : CHUNK_BYTES;
	struct sha256 name = sha256_of(bytes_of(data, some));
	char text[SHA256_TEXT];
	size_t deleted;

	holds_mark(chunks_holds(chunks), &name, 1, 0);
	must(stage,
	    chunk_delete_marked(chunks, &name, 1, &deleted, &stage->fault));
	assert_int_equal(deleted, 1);
	assert_int_equal(backup_to_folder(stage->engine->store, stage->path,
	                     &stage->engine->options, &stage->counts,
	                     &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CORRUPT);
	sha256_format(text, &name);
	assert_non_null(strstr(stage->fault.text, text));
	assert_false(is_at(stage->path));
	free(data);
}

static void
what_is_there_already_is_left_alone(void **state)
{
	struct stage *stage = *state;
	const struct store_options *options = &stage->engine->options;
	char inside[SCRATCH_PATH + 32];

	assert_int_equal(mkdir(stage->path, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/letter", stage->path);
	must(stage,
	    file_write(inside, engine_text("mine"), 0600, &stage->fault));
	assert_int_equal(backup_to_folder(stage->engine->store, stage->path,
	                     options, &stage->counts, &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CONFLICT);
	assert_true(is_at(inside));
	assert_int_equal(unlink(inside), 0);

	/* An empty folder is as good as none, whatever the path ends in. */
	strcat(stage->path, "/");
	must(stage, backup_to_folder(stage->engine->store, stage->path, options,
	                &stage->counts, &stage->fault));
}

static void
one_that_was_broken_off_is_begun_anew(void **state)
{
	struct stage *stage = *state;
	char partial[SCRATCH_PATH + 32];
	char inside[SCRATCH_PATH + 64];

	snprintf(partial, sizeof(partial), "%s.partial", stage->path);
	snprintf(inside, sizeof(inside), "%s/records", partial);
	must(stage, file_make_folder(inside, 0700, &stage->fault));
	snprintf(inside, sizeof(inside), "%s/records/data.mdb", partial);
	must(stage,
	    file_write(inside, engine_text("half"), 0600, &stage->fault));
	must(stage,
	    backup_to_folder(stage->engine->store, stage->path,
	        &stage->engine->options, &stage->counts, &stage->fault));
	assert_false(is_at(partial));
}

static void
a_reader_that_hangs_up_is_told_and_the_store_goes_on(void **state)
{
	struct stage *stage = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(
	    backup_to_stream(stage->engine->store, ends[1], &stage->fault), -1);
	assert_int_equal(stage->fault.code, FAULT_SYSTEM);
	close(ends[1]);
	must(stage,
	    backup_to_folder(stage->engine->store, stage->path,
	        &stage->engine->options, &stage->counts, &stage->fault));
}

/* --- under load ---------------------------------------------------------- */

struct load {
	struct store *store;
	atomic_bool stop;
	unsigned rounds;
	unsigned mistakes;
};

/* Blobs come and go, and the collector takes what it may. */
static void *
come_and_go(void *arg)
{
	struct load *load = arg;
	struct arena *arena = arena_new();

	for (; !atomic_load(&load->stop); load->rounds++) {
		size_t len = 1000 + load->rounds * 7777 % 600000;
		uint8_t *data = blobs_draw(1000 + load->rounds, len);
		struct writes *writes = writes_new(load->store, NULL);
		struct writes_result result;
		struct collect_counts counts;
		struct fault fault = { 0 };
		struct blob_ref ref;

		load->mistakes += blob_put(load->store, bytes_of(data, len),
		                      writes, &ref, &fault) < 0;
		load->mistakes +=
		    writes_commit_wait(writes, &result, arena, &fault) < 0;
		writes = writes_new(load->store, NULL);
		blob_delete_rows(writes, &ref);
		load->mistakes +=
		    writes_commit_wait(writes, &result, arena, &fault) < 0;
		load->mistakes +=
		    collect_run(load->store, 1, NULL, &counts, &fault) < 0;
		arena_reset(arena);
		free(data);
	}
	arena_free(arena);
	return NULL;
}

static void
a_backup_under_load_has_all_that_was_there_before(void **state)
{
	struct stage *stage = *state;
	struct load load = { .store = stage->engine->store };
	pthread_t thread;

	must(stage, thread_start(&thread, THREAD_WORKER, "load", come_and_go,
	                &load, &stage->fault));
	for (int i = 0; i < 8; i++) {
		int file;

		must(stage, backup_to_folder(stage->engine->store, stage->path,
		                &stage->engine->options, &stage->counts,
		                &stage->fault));
		assert_in_range(stage->counts.blobs, BLOBS, BLOBS + 1);
		check_store(stage, stage->path);
		scratch_remove(stage->path);
		file = stream_to_file(stage);
		must(stage, backup_restore_stream(file, stage->second,
		                &stage->engine->options, &stage->counts,
		                &stage->fault));
		close(file);
		unlink(stage->path);
		check_store(stage, stage->second);
		scratch_remove(stage->second);
	}
	atomic_store(&load.stop, true);
	pthread_join(thread, NULL);
	print_message("# %u blobs came and went\n", load.rounds);
	assert_int_equal(load.mistakes, 0);
	assert_true(load.rounds > 0);
}

static void
unfinished_uploads_go_on_in_the_restored_store(void **state)
{
	static const struct uploads_options options = {
		.lifetime_ms = 3600000,
		.length_max = 1 << 30,
	};
	struct stage *stage = *state;
	struct upload_ask ask = { .owner = "lan", .length = CHUNK_BYTES + 200 };
	uint8_t *data = blobs_draw(77, (size_t)ask.length);
	struct uploads *uploads = uploads_new(stage->engine->store, &options);
	struct engine other = { .options = stage->engine->options,
		.arena = arena_new() };
	struct upload_state found;
	struct snapshot *snapshot;
	struct upload *upload;
	struct sha256 sum;
	char id[ID_TEXT];

	must(stage, upload_begin(uploads, &ask, id, &stage->fault));
	must(stage, upload_take(&upload, uploads, id, &stage->fault));
	must(stage, upload_append(upload, bytes_of(data, CHUNK_BYTES + 100),
	                &stage->fault));
	must(stage, upload_flush(upload, &stage->fault));
	upload_release(upload);
	uploads_free(uploads);
	must(stage,
	    backup_to_folder(stage->engine->store, stage->path,
	        &stage->engine->options, &stage->counts, &stage->fault));

	snprintf(other.path, sizeof(other.path), "%s", stage->path);
	engine_open(&other);
	uploads = uploads_new(other.store, &options);
	must(stage, upload_take(&upload, uploads, id, &stage->fault));
	must(stage,
	    upload_append(upload, bytes_of(data + CHUNK_BYTES + 100, 100),
	        &stage->fault));
	must(stage, upload_flush(upload, &stage->fault));
	upload_release(upload);
	snapshot = engine_snapshot(&other);
	assert_int_equal(
	    upload_find(snapshot, id, other.arena, &found, &stage->fault), 1);
	snapshot_close(snapshot);
	sum = sha256_of(bytes_of(data, (size_t)ask.length));
	assert_true(found.complete);
	assert_memory_equal(&found.sum, &sum, sizeof(sum));
	uploads_free(uploads);
	arena_free(other.arena);
	engine_close(&other);
	free(data);
}

#define WITH_STAGE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(a_backup_into_a_folder_is_a_store_and_is_restored),
		WITH_STAGE(a_backup_as_a_stream_is_restored),
		WITH_STAGE(a_stream_that_was_cut_anywhere_is_refused),
		WITH_STAGE(a_stream_with_a_flipped_bit_is_refused),
		WITH_STAGE(a_folder_with_a_flipped_bit_is_refused),
		WITH_STAGE(a_store_that_lost_a_chunk_makes_no_backup),
		WITH_STAGE(what_is_there_already_is_left_alone),
		WITH_STAGE(one_that_was_broken_off_is_begun_anew),
		WITH_STAGE(
		    a_reader_that_hangs_up_is_told_and_the_store_goes_on),
		WITH_STAGE(a_backup_under_load_has_all_that_was_there_before),
		WITH_STAGE(unfinished_uploads_go_on_in_the_restored_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
