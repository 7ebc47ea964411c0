/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each page of a small archive is damaged in turn, the others being sound.
 * Then every dossier, with its older revisions and its files, is either what
 * it was, or hosod fsck and the running check both name it; and both go to
 * their end.
 *
 * HOSO_SEED=N draws other damage, HOSO_ROTS=N damages each page so many times.
 */

#include "core/attachment.h"
#include "core/fixity.h"
#include "core/fsck.h"
#include "core/harm.h"
#include "storage/blob_row.h"
#include "tests/unit/archive_of_all.h"
#include "tests/unit/rotten.h"

#include "base/file.h"
#include "base/hex.h"
#include "base/job.h"
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>

#define DOSSIERS  60u
#define EDITS     3u
#define TICKS_MAX 100000u

struct rot {
	struct office *office;
	struct job_pool *pool;
	struct loop *loop;
	uint64_t seed;
	uint64_t first_seed;
	const char *file; /* of the page */
	size_t page;
	struct sha256 was[DOSSIERS];
	json_t *by_fsck; /* names -> true */
	json_t *by_fixity;
	unsigned closed; /* trials in which the store did not open */
	unsigned served;
	unsigned lost;
	unsigned keys; /* that were changed */
};

/* --- the archive ---------------------------------------------------------- */

static const char *
id_of(unsigned number, char id[16])
{
	snprintf(id, 16, "hs-%02u", number);
	return id;
}

/* A file of a length of its own: in its rows, or in chunks. */
static json_t *
make_file(struct office *office, struct command *command, unsigned number)
{
	static uint8_t bytes[2 * CHUNK_BYTES];
	size_t len = 10 + (number % 3 == 0 ? 100 : 1000) * number;
	uint64_t seed = number + 1;
	struct blob_ref ref;
	char hex[SHA256_TEXT];

	scratch_fill(&seed, bytes, len);
	if (number % 12 != 3) {
		ref = (struct blob_ref){ sha256_of(bytes_of(bytes, len)), len };
		blob_row_put_bytes(command->writes, &ref, bytes_of(bytes, len));
	} else if (blob_put(office->core.store, bytes_of(bytes, len),
	               command->writes, &ref, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	sha256_format(hex, &ref.sum);
	return json_pack("{s:s, s:{s:s, s:s, s:I, s:s}}", "code", "C_KHAC",
	    "attachment", "name", "a.txt", "media_type", "text/plain", "size",
	    (json_int_t)ref.size, "sha256", hex);
}

static void
make_dossier(struct office *office, unsigned number)
{
	struct command *command = office_begin(office, "dossier.new");
	json_t *more =
	    json_pack("{s:[], s:s}", "components", "procedure", "full");
	char id[16];

	if (number % 4 != 1) {
		json_array_append_new(json_object_get(more, "components"),
		    make_file(office, command, number));
	}
	if (number % 7 == 3) { /* in pieces of its own */
		char code[6001];

		memset(code, 'a', sizeof(code) - 1);
		code[sizeof(code) - 1] = '\0';
		json_object_set_new(more, "code", json_string(code));
	}
	json_own(command->arena, more);
	if (filing_add(command, id_of(number, id),
	        number % 2 == 0 ? "xa-cu" : "tinh", "2024-03-01", more,
	        &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", id, office->fault.text);
	}
	for (unsigned i = 0; number % 5 == 2 && i < EDITS; i++) {
		char body[64];

		snprintf(body, sizeof(body), "{'title':'Hồ sơ lần %u'}", i);
		office_edit(office, dossier_edit, id, body);
	}
}

/* --- what a dossier consists of --------------------------------------------- */

/* 1 all of it, 0 something is not there, -1 something cannot be read. */
static int
add_file(struct rot *rot, struct snapshot *snapshot, struct arena *arena,
    struct sha256_stream *stream, const char *hex)
{
	struct fault *fault = &rot->office->fault;
	struct attachment *attachment;
	struct sha256 sum;
	struct bytes run;

	assert_true(hex_decode(sum.bytes, SHA256_BYTES, hex));
	if (attachment_open(&attachment, snapshot, arena, &sum, fault) < 0) {
		return -1;
	}
	for (uint64_t at = 0; at < attachment_size(attachment); at += run.len) {
		if (attachment_read(attachment, at, &run, fault) < 0) {
			return -1;
		}
		sha256_stream_add(stream, run);
	}
	return 1;
}

static int
add_all(struct rot *rot, struct snapshot *snapshot, struct arena *arena,
    struct sha256_stream *stream, const char *id)
{
	struct fault *fault = &rot->office->fault;
	struct record record;
	struct bytes bytes;
	json_t *item;
	size_t i;
	int rc =
	    record_find(snapshot, arena, RECORD_DOSSIER, id, &record, fault);

	if (rc != 1) {
		return rc;
	}
	sha256_stream_add(stream, record.bytes);
	for (uint64_t rev = 1; rev < record.rev; rev++) {
		rc = record_find_revision(snapshot, arena, RECORD_DOSSIER, id,
		    rev, &bytes, fault);
		if (rc != 1) {
			return rc;
		}
		sha256_stream_add(stream, bytes);
	}
	json_array_foreach(json_object_get(record.value, "components"), i, item)
	{
		rc = add_file(rot, snapshot, arena, stream,
		    json_text_at(json_object_get(item, "attachment"),
		        "sha256"));
		if (rc != 1) {
			return rc;
		}
	}
	return 1;
}

static int
read_dossier(struct rot *rot, struct snapshot *snapshot, unsigned number,
    struct sha256 *sum_out)
{
	struct sha256_stream *stream = sha256_stream_new();
	struct arena *arena = arena_new();
	char id[16];
	int rc = add_all(rot, snapshot, arena, stream, id_of(number, id));

	*sum_out = sha256_stream_end(stream);
	sha256_stream_free(stream);
	arena_free(arena);
	return rc;
}

/* --- both checks --------------------------------------------------------------- */

static void
note(void *arg, const struct fsck_finding *finding)
{
	struct rot *rot = arg;

	if (strcmp(finding->code, "dossier.damaged") == 0) {
		json_object_set_new(rot->by_fsck, finding->where, json_true());
	}
}

static void
blame(struct rot *rot, const char *what, const char *which)
{
	fail_msg("HOSO_SEED=%" PRIu64 ", %s page %zu: %s %s", rot->first_seed,
	    rot->file, rot->page, what, which);
}

static void
run_fsck(struct rot *rot)
{
	struct fsck_options options = { .deep = true,
		.folder = rot->office->path,
		.memory_max_bytes = 1 << 20,
		.found = note,
		.arg = rot };
	struct fsck_counts counts;

	json_object_clear(rot->by_fsck);
	if (fsck_run(rot->office->core.store, rot->office->rules, &options,
	        &counts, &rot->office->fault) < 0) {
		blame(rot, "fsck did not end:", rot->office->fault.text);
	}
}

/* Jobs come first, first served: when this one is done, so is the tick's. */
struct mark {
	struct job job;
	bool done;
};

static void
mark_work(struct job *job)
{
	(void)job;
}

static void
mark_done(struct job *job)
{
	((struct mark *)(void *)((char *)job - offsetof(struct mark, job)))
	    ->done = true;
}

static void
run_fixity(struct rot *rot)
{
	char path[SCRATCH_PATH + 16];
	/* All in one job, or one row a job; and no canary. */
	const struct fixity_options options = { path,
		rot->page % 4 == 1 ? 1 : UINT64_C(1) << 40, UINT64_C(1) << 50 };
	struct fixity *fixity;
	struct fixity_figures figures = { .passes = 0 };
	struct arena *arena = arena_new();
	const json_t *finding;
	const json_t *name;
	size_t i, j;

	snprintf(path, sizeof(path), "%s/fixity.json", rot->office->path);
	unlink(path);
	fixity = fixity_new(&rot->office->core, &options);
	for (unsigned n = 0; figures.passes == 0; n++) {
		struct mark mark = { .job = { .work = mark_work,
			                 .done = mark_done } };

		if (n == TICKS_MAX) {
			blame(rot, "the running check", "does not end");
		}
		fixity_tick(fixity, rot->loop);
		job_submit(rot->pool, &mark.job, rot->loop);
		loop_run_until(rot->loop, &mark.done);
		if (n == 0 && rot->page % 4 == 2) {
			/* All was read, and nobody named yet. */
			fixity_free(fixity);
			fixity = fixity_new(&rot->office->core, &options);
		}
		fixity_measure(fixity, &figures);
	}
	json_object_clear(rot->by_fixity);
	json_array_foreach(fixity_findings(fixity, arena), i, finding)
	{
		json_array_foreach(json_object_get(finding, "harmed"), j, name)
		{
			json_object_set_new(rot->by_fixity,
			    json_string_value(name), json_true());
		}
	}
	arena_free(arena);
	fixity_free(fixity);
}

/* --- a trial -------------------------------------------------------------------- */

/* False: it says that it is damaged. */
static bool
open_store(struct rot *rot)
{
	struct office *office = rot->office;
	struct store_options options = store_presets;

	options.path = office->path;
	options.records_map_bytes = 512 << 20;
	options.chunks_map_bytes = 16 << 20;
	options.read_only = true;
	options.snapshot_max_ms = patience_ms(options.snapshot_max_ms);
	if (store_open(&office->core.store, &options, &office->fault) == 0) {
		return true;
	}
	if (office->fault.code != FAULT_CORRUPT) {
		blame(rot, "the store does not open:", office->fault.text);
	}
	return false;
}

static void
judge(struct rot *rot, struct snapshot *snapshot, unsigned number)
{
	struct sha256 sum;
	char id[16];
	char name[32];
	int rc = read_dossier(rot, snapshot, number, &sum);

	snprintf(name, sizeof(name), "dossier/%s", id_of(number, id));
	if (rc == 0) {
		blame(rot, "something is not there of", name);
	}
	if (rc == 1) {
		if (memcmp(sum.bytes, rot->was[number].bytes, SHA256_BYTES) !=
		    0) {
			blame(rot, "another answer about", name);
		}
		rot->served++;
		return;
	}
	rot->lost++;
	if (rot->office->fault.code != FAULT_CORRUPT) {
		blame(rot, name, rot->office->fault.text);
	}
	if (json_object_get(rot->by_fsck, name) == NULL) {
		blame(rot, "fsck does not name", name);
	}
	if (json_object_get(rot->by_fixity, name) == NULL) {
		blame(rot, "the running check does not name", name);
	}
}

static void
try(struct rot *rot)
{
	struct snapshot *snapshot;

	if (!open_store(rot)) {
		rot->closed++;
		return;
	}
	run_fsck(rot);
	run_fixity(rot);
	assert_int_equal(snapshot_open(&snapshot, rot->office->core.store,
	                     &rot->office->fault),
	    0);
	for (unsigned i = 0; i < DOSSIERS; i++) {
		judge(rot, snapshot, i);
	}
	snapshot_close(snapshot);
	store_close(rot->office->core.store);
}

static void
write_page(int file, const uint8_t *data, size_t page)
{
	assert_int_equal(pwrite(file, data + page * ROTTEN_PAGE, ROTTEN_PAGE,
	                     (off_t)(page * ROTTEN_PAGE)),
	    ROTTEN_PAGE);
}

/*
 * The NUL behind an id in the key of a record or an older revision becomes
 * another byte: the keys stay in order, and this one is nobody's.
 */
static void
try_each_key(struct rot *rot, int file, const uint8_t *data)
{
	static const char begin[] = "hhs-"; /* kind, id_of() */
	const uint8_t *end = data + (rot->page + 1) * ROTTEN_PAGE;
	const uint8_t *at = data + rot->page * ROTTEN_PAGE;

	while ((at = memmem(at, (size_t)(end - at), begin, 4)) != NULL) {
		off_t place = at + 6 - data;

		at += 4;
		if (at + 3 <= end && at[2] == 0) {
			assert_int_equal(pwrite(file, "\1", 1, place), 1);
			try(rot);
			assert_int_equal(pwrite(file, "", 1, place), 1);
			rot->keys++;
		}
	}
}

static unsigned
rots(void)
{
	const char *text = getenv("HOSO_ROTS");

	return text != NULL ? (unsigned)strtoul(text, NULL, 10) : 1;
}

static void
note_damage(void *arg, const char *finding)
{
	(void)finding;
	*(bool *)arg = true;
}

/* Most pages of the records were left behind by later commits. */
static bool
is_in_use(struct rot *rot, int file, const uint8_t *data)
{
	const size_t at = rot->page * ROTTEN_PAGE;
	uint8_t changed = data[at] ^ 0xFF; /* in its own number */
	bool used = false;

	assert_int_equal(pwrite(file, &changed, 1, (off_t)at), 1);
	if (!open_store(rot)) {
		used = true;
	} else {
		assert_int_equal(store_check(rot->office->core.store,
		                     note_damage, &used, &rot->office->fault),
		    0);
		store_close(rot->office->core.store);
	}
	assert_int_equal(pwrite(file, data + at, 1, (off_t)at), 1);
	return used;
}

/* All pages of a file but LMDB's two meta pages. */
static void
try_each_page(struct rot *rot, const char *name)
{
	struct buf sound;
	char path[SCRATCH_PATH + 32];
	unsigned pages = 0;
	uint8_t *data;
	int file;

	rot->file = name;
	snprintf(path, sizeof(path), "%s/%s/data.mdb", rot->office->path, name);
	buf_init(&sound, 64u << 20);
	assert_int_equal(file_read(&sound, path, &rot->office->fault), 0);
	data = malloc(sound.len);
	memcpy(data, sound.data, sound.len);
	file = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(file >= 0);
	for (rot->page = 2; rot->page < sound.len / ROTTEN_PAGE; rot->page++) {
		if (strcmp(name, "records") == 0 &&
		    !is_in_use(rot, file, sound.data)) {
			continue;
		}
		pages++;
		try_each_key(rot, file, sound.data);
		for (unsigned i = 0; i < rots(); i++) {
			rotten_page(&rot->seed, data, sound.len / ROTTEN_PAGE,
			    rot->page);
			write_page(file, data, rot->page);
			try(rot);
			memcpy(data + rot->page * ROTTEN_PAGE,
			    sound.data + rot->page * ROTTEN_PAGE, ROTTEN_PAGE);
		}
		write_page(file, sound.data, rot->page);
	}
	print_message("# %u pages of %s\n", pages, name);
	close(file);
	free(data);
	buf_fini(&sound);
}

static void
what_is_lost_is_named_and_all_else_is_served(void **state)
{
	const char *seed = getenv("HOSO_SEED");
	struct rot rot = { .by_fsck = json_object(),
		.by_fixity = json_object() };
	struct office *office = rot.office = office_open(true);
	struct snapshot *snapshot;

	(void)state;
	log_init(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	rot.seed = seed != NULL ? strtoull(seed, NULL, 10) : 20261121;
	rot.first_seed = rot.seed;
	print_message("# HOSO_SEED=%" PRIu64 "\n", rot.first_seed);
	all_make_units(office);
	all_make_dossiers(office);
	for (unsigned i = 0; i < DOSSIERS; i++) {
		make_dossier(office, i);
	}
	snapshot = office_look(office);
	for (unsigned i = 0; i < DOSSIERS; i++) {
		if (read_dossier(&rot, snapshot, i, &rot.was[i]) != 1) {
			fail_msg("dossier %u: %s", i, office->fault.text);
		}
	}
	office_look_away(office);
	arena_free(office->command_arena);
	office->command_arena = NULL;
	store_close(office->core.store);
	assert_int_equal(loop_new(&rot.loop, 0, &office->fault), 0);
	assert_int_equal(job_pool_new(&rot.pool, 1, &office->fault), 0);
	office->core.workers = rot.pool;
	rot.file = "no";
	try(&rot);
	assert_int_equal(rot.served, DOSSIERS);
	assert_int_equal(json_object_size(rot.by_fsck), 0);
	assert_int_equal(json_object_size(rot.by_fixity), 0);
	try_each_page(&rot, "records");
	try_each_page(&rot, "chunks");
	print_message("# %u served, %u lost and named, %u did not open\n",
	    rot.served, rot.lost, rot.closed);
	assert_true(rot.keys >= DOSSIERS);
	assert_true(rot.lost > DOSSIERS);
	assert_true(rot.served > 10 * rot.lost);
	job_pool_free(rot.pool);
	loop_free(rot.loop);
	json_decref(rot.by_fsck);
	json_decref(rot.by_fixity);
	assert_true(open_store(&rot));
	office_close(office);
}

UNIT_MAIN(unit(what_is_lost_is_named_and_all_else_is_served))
