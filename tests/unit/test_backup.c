/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup that was taken under load holds everything that was acknowledged
 * before it began, and plain tools read it.
 */

#include "storage/backup.h"

#include "base/thread.h"
#include "storage/collect.h"
#include "storage/hold.h"
#include "storage/upload.h"
#include "tests/unit/backups.h"

#include <sys/file.h>

static void
a_backup_into_a_folder_is_a_store_and_is_restored(void **state)
{
	struct stage *stage = *state;

	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	assert_int_equal(stage->counts.log_size, BLOBS);
	assert_int_equal(stage->counts.chunks, blobs_stat(stage->engine).count);
	backups_shell(stage,
	    "cd backup && sha256sum --check --quiet --strict SHA256SUMS && "
	    "test \"$(cat keys/secret)\" = 'a key' && test ! -e options");

	backups_must(stage, restore_folder(stage->path, &stage->to_second,
	                        &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	backups_check_files(stage, true);
	backups_check_store(stage, stage->second);
	backups_check_store(stage, stage->copy);
}

static void
a_backup_as_a_stream_is_restored(void **state)
{
	struct stage *stage = *state;
	int file = backups_stream_to_file(stage);

	backups_must(stage, restore_stream(file, &stage->to_second,
	                        &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	close(file);
	backups_check_files(stage, false);
	backups_check_store(stage, stage->second);
}

static void
a_stream_is_read_by_tar_and_sha256sum_alone(void **state)
{
	struct stage *stage = *state;

	close(backups_stream_to_file(stage));
	backups_shell(stage,
	    "tar --list --file backup | tr '\\n' ' ' >list && "
	    "test \"$(cat list)\" = 'README.txt store/records/data.mdb "
	    "store/chunks/data.mdb manifest.json SHA256SUMS ' && "
	    "mkdir plain && tar --extract --file backup --directory plain && "
	    "cd plain && sha256sum --check --quiet --strict SHA256SUMS");

	/* And what tar has made of it is a backup again. */
	backups_shell(stage, "rm backup && mv plain backup");
	backups_must(stage, restore_folder(stage->path, &stage->to_second,
	                        &stage->counts, &stage->fault));
	assert_int_equal(stage->counts.blobs, BLOBS);
	backups_check_files(stage, false);
	backups_check_store(stage, stage->second);
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
	backups_must(stage,
	    chunk_delete_marked(chunks, &name, 1, &deleted, &stage->fault));
	assert_int_equal(deleted, 1);
	assert_int_equal(backup_to_folder(stage->engine->store,
	                     &stage->to_backup, &stage->counts, &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CORRUPT);
	sha256_format(text, &name);
	assert_non_null(strstr(stage->fault.text, text));
	assert_false(backups_is_at(stage->path));
	free(data);
}

static void
what_is_there_already_is_left_alone(void **state)
{
	struct stage *stage = *state;
	char inside[SCRATCH_PATH + 32];

	assert_int_equal(mkdir(stage->path, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/letter", stage->path);
	backups_must(stage,
	    file_write(inside, engine_text("mine"), 0600, &stage->fault));
	assert_int_equal(backup_to_folder(stage->engine->store,
	                     &stage->to_backup, &stage->counts, &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CONFLICT);
	assert_true(backups_is_at(inside));
	assert_int_equal(unlink(inside), 0);

	/* An empty folder is as good as none, whatever the path ends in. */
	strcat(stage->path, "/");
	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
}

/* What a backup leaves that does not come to its end, and a file in it. */
static void
break_one_off(struct stage *stage, char partial[SCRATCH_PATH + 32],
    char inside[SCRATCH_PATH + 64])
{
	snprintf(partial, SCRATCH_PATH + 32, "%s.partial", stage->path);
	snprintf(inside, SCRATCH_PATH + 64, "%s/records", partial);
	backups_must(stage, file_make_folder(inside, 0700, &stage->fault));
	snprintf(inside, SCRATCH_PATH + 64, "%s/records/data.mdb", partial);
	backups_must(stage,
	    file_write(inside, engine_text("half"), 0600, &stage->fault));
}

static void
one_that_was_broken_off_is_begun_anew(void **state)
{
	struct stage *stage = *state;
	char partial[SCRATCH_PATH + 32];
	char inside[SCRATCH_PATH + 64];

	break_one_off(stage, partial, inside);
	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	assert_false(backups_is_at(partial));
}

static void
two_do_not_write_at_one_path(void **state)
{
	struct stage *stage = *state;
	char partial[SCRATCH_PATH + 32];
	char inside[SCRATCH_PATH + 64];
	int other;

	break_one_off(stage, partial, inside);
	other = open(partial, O_RDONLY | O_DIRECTORY);
	assert_true(other >= 0);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_int_equal(backup_to_folder(stage->engine->store,
	                     &stage->to_backup, &stage->counts, &stage->fault),
	    -1);
	assert_int_equal(stage->fault.code, FAULT_CONFLICT);
	assert_non_null(strstr(stage->fault.text, "somebody else"));
	assert_true(backups_is_at(inside));
	close(other);
	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	assert_false(backups_is_at(partial));
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
	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
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

	backups_must(stage, thread_start(&thread, THREAD_WORKER, "load",
	                        come_and_go, &load, &stage->fault));
	for (int i = 0; i < 8; i++) {
		int file;

		backups_must(stage,
		    backup_to_folder(stage->engine->store, &stage->to_backup,
		        &stage->counts, &stage->fault));
		assert_in_range(stage->counts.blobs, BLOBS, BLOBS + 1);
		backups_check_store(stage, stage->copy);
		scratch_remove(stage->path);
		file = backups_stream_to_file(stage);
		backups_must(stage, restore_stream(file, &stage->to_second,
		                        &stage->counts, &stage->fault));
		close(file);
		unlink(stage->path);
		backups_check_store(stage, stage->second);
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
		.owner_max = UINT64_C(1) << 40,
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

	backups_must(stage, upload_begin(uploads, &ask, id, &stage->fault));
	backups_must(stage, upload_take(&upload, uploads, id, &stage->fault));
	backups_must(stage,
	    upload_append(upload, bytes_of(data, CHUNK_BYTES + 100),
	        &stage->fault));
	backups_must(stage, upload_flush(upload, &stage->fault));
	upload_release(upload);
	uploads_free(uploads);
	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));

	snprintf(other.path, sizeof(other.path), "%s", stage->copy);
	engine_open(&other);
	uploads = uploads_new(other.store, &options);
	backups_must(stage, upload_take(&upload, uploads, id, &stage->fault));
	backups_must(stage,
	    upload_append(upload, bytes_of(data + CHUNK_BYTES + 100, 100),
	        &stage->fault));
	backups_must(stage, upload_flush(upload, &stage->fault));
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

/* libarchive 3.6.2 keeps 33 bytes of an entry whose writing was broken off. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
    void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libarchive.so";
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(a_backup_into_a_folder_is_a_store_and_is_restored),
		WITH_STAGE(a_backup_as_a_stream_is_restored),
		WITH_STAGE(a_stream_is_read_by_tar_and_sha256sum_alone),
		WITH_STAGE(a_store_that_lost_a_chunk_makes_no_backup),
		WITH_STAGE(what_is_there_already_is_left_alone),
		WITH_STAGE(one_that_was_broken_off_is_begun_anew),
		WITH_STAGE(two_do_not_write_at_one_path),
		WITH_STAGE(
		    a_reader_that_hangs_up_is_told_and_the_store_goes_on),
		WITH_STAGE(a_backup_under_load_has_all_that_was_there_before),
		WITH_STAGE(unfinished_uploads_go_on_in_the_restored_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
