/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A pass goes over the rows in order of key, then over the log.  A row or page
 * proves itself by being read (storage/tree.h); a row of a file leads to its
 * chunks, which are read from the disk where the system lets go of them, and
 * hashed.  Each tick is a job that reads what its time allows and remembers
 * the key that it came to.
 */

#include "core/fixity.h"

#include "base/clock.h"
#include "base/job.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/wire.h"
#include "core/budget.h"
#include "core/canary.h"
#include "core/damages.h"
#include "core/fixity_place.h"
#include "core/fsck_find.h"
#include "storage/blob_row.h"

#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define SAVE_US       (10 * INT64_C(1000000))
#define BURST_SECONDS 4u /* of work that may be made up for at once */

/*
 * To name whom damage harms, all records are read: once for all that is found
 * in so long, and for no more than half of the time.
 */
#define NAMING_US (600 * INT64_C(1000000))

struct fixity {
	struct core *core;
	struct fixity_options options;
	char *path;
	bool busy; /* the loop's: a job is under way */
	int64_t ticked;
	atomic_bool stop;
	struct job job;

	/* the worker's while busy */
	uint64_t budget; /* bytes of this job */
	struct key place;
	bool in_log;
	bool is_fresh; /* the pass has not begun */
	bool all_read; /* it ends when everybody harmed is named */
	int64_t saved;
	struct damages *damages;
	struct key unnamed; /* the place of the first that is not named */
	bool unnamed_in_log;
	int64_t naming_began; /* clock_ticks(); 0: it is not under way */
	int64_t naming_due;   /* likewise, the next, before the pass ends */
	struct arena *scratch;
	uint8_t *chunk;

	pthread_mutex_t lock; /* guards what follows */
	struct fixity_figures figures;
};

/* --- where it stands ------------------------------------------------------------ */

/* What was found and is not named yet is found again after a restart. */
static void
save(struct fixity *fixity)
{
	bool is_named = damages_are_named(fixity->damages);
	struct fixity_place place = { .key = is_named ? fixity->place
		                                      : fixity->unnamed,
		.in_log = is_named ? fixity->in_log : fixity->unnamed_in_log,
		.findings = damages_copy(fixity->damages) };
	struct fault fault;

	pthread_mutex_lock(&fixity->lock);
	place.figures = fixity->figures;
	pthread_mutex_unlock(&fixity->lock);
	if (fixity_place_write(&place, fixity->path, &fault) < 0) {
		log_warn(NULL, "fixity.not_kept", "reason=%s", fault.text);
	}
	json_decref(place.findings);
	fixity->saved = clock_ticks();
}

static void
load(struct fixity *fixity)
{
	struct fixity_place place = { .findings = json_object() };

	if (fixity_place_read(&place, fixity->path)) {
		fixity->place = place.key;
		fixity->in_log = place.in_log;
		fixity->figures = place.figures;
		damages_restore(fixity->damages, place.findings);
	}
	json_decref(place.findings);
	fixity->is_fresh = fixity->place.len == 0 && !fixity->in_log;
}

/* --- the canary -------------------------------------------------------------------- */

static void
plant(struct fixity *fixity)
{
	struct fault fault;

	if (canary_plant(fixity->core->store, &fault) < 0) {
		log_warn(NULL, "fixity.no_canary", "reason=%s", fault.text);
		return;
	}
	pthread_mutex_lock(&fixity->lock);
	fixity->figures.canary_planted = clock_now();
	pthread_mutex_unlock(&fixity->lock);
}

/* Also where a clock was set back, it was found after it was planted. */
static void
find_canary(struct fixity *fixity)
{
	struct fixity_figures *figures = &fixity->figures;
	int64_t now = clock_now();

	pthread_mutex_lock(&fixity->lock);
	figures->canary_found =
	    now > figures->canary_planted ? now : figures->canary_planted;
	pthread_mutex_unlock(&fixity->lock);
}

/* At the end of a pass: was it found?  Then take it away. */
static void
look_for_canary(struct fixity *fixity)
{
	struct fixity_figures *figures = &fixity->figures;
	struct fault fault;

	if (figures->canary_planted < figures->pass_began) {
		return; /* none was in the way of this pass */
	}
	pthread_mutex_lock(&fixity->lock);
	figures->canary_missed =
	    figures->canary_found < figures->canary_planted;
	pthread_mutex_unlock(&fixity->lock);
	if (figures->canary_missed) {
		log_error(NULL, "fixity.canary_missed",
		    "reason=\"the check did not find what is wrong on "
		    "purpose\"");
	}
	if (canary_take_away(fixity->core->store, &fault) < 0) {
		log_warn(NULL, "fixity.canary_stays", "reason=%s", fault.text);
	}
}

/* --- what is found ---------------------------------------------------------------------- */

static struct harm *
find(struct fixity *fixity, const char *code, const char *where)
{
	if (damages_are_named(fixity->damages)) {
		fixity->unnamed = fixity->place;
		fixity->unnamed_in_log = fixity->in_log;
	}
	return damages_add(fixity->damages, fixity->figures.pass_began, code,
	    where);
}

static bool
is_naming_due(const struct fixity *fixity)
{
	return !damages_are_named(fixity->damages) &&
	       (fixity->all_read || fixity->naming_began > 0 ||
	           clock_ticks() >= fixity->naming_due);
}

/* --- what is read ------------------------------------------------------------------- */

static void
spend(struct fixity *fixity, uint64_t bytes)
{
	budget_spend(&fixity->budget, bytes);
	pthread_mutex_lock(&fixity->lock);
	fixity->figures.bytes += bytes;
	pthread_mutex_unlock(&fixity->lock);
}

/* A chunk as the disk has it: 1, or 0 with the reason. */
static int
check_chunk(struct fixity *fixity, const struct sha256 *name, size_t len,
    const char **what_out)
{
	struct chunks *chunks = store_chunks(fixity->core->store);
	struct bytes stored;
	struct fault fault;
	struct sha256 sum;
	uint64_t at = 0;
	int found = chunk_map(chunks, name, &stored, &fault);
	int file = found == 1 ? chunk_file(chunks, stored.data, &at) : -1;

	spend(fixity, len);
	if (found != 1 || stored.len < len) {
		*what_out = found == 0 ? "chunk.missing" : "chunk.unreadable";
		return 0;
	}
	posix_fadvise(file, (off_t)at, (off_t)len, POSIX_FADV_DONTNEED);
	if (pread(file, fixity->chunk, len, (off_t)at) != (ssize_t)len) {
		*what_out = "chunk.unreadable";
		return 0;
	}
	sum = sha256_of(bytes_of(fixity->chunk, len));
	if (memcmp(sum.bytes, name->bytes, sizeof(sum.bytes)) != 0) {
		chunk_doubt(chunks, stored.data);
		*what_out = "chunk.changed";
		return 0;
	}
	return 1;
}

static void
check_names(struct fixity *fixity, const struct sha256 *blob, uint64_t size,
    size_t index, struct bytes names)
{
	for (size_t at = 0; at + SHA256_BYTES <= names.len;
	     at += SHA256_BYTES, index++) {
		char where[SHA256_TEXT + 32];
		char hex[SHA256_TEXT];
		struct sha256 name;
		const char *what;

		if (index >= blob_row_chunks(size)) {
			return;
		}
		memcpy(name.bytes, names.data + at, SHA256_BYTES);
		if (check_chunk(fixity, &name,
		        blob_row_chunk_bytes(size, index), &what) == 1) {
			continue;
		}
		if (canary_is(bytes_of(blob->bytes, SHA256_BYTES))) {
			find_canary(fixity);
			continue;
		}
		sha256_format(hex, blob);
		snprintf(where, sizeof(where), "file %s chunk %zu", hex, index);
		harm_add_file(find(fixity, what, where), blob);
	}
}

/* Rows of a file in chunks; a small one is in its rows, which have sums. */
static void
check_blob_row(struct fixity *fixity, struct snapshot *snapshot,
    struct bytes key, struct bytes value)
{
	struct blob_head head;
	struct bytes first;
	struct sha256 blob;
	struct fault fault;
	struct key top;
	uint32_t row;

	if (key.len != 1 + SHA256_BYTES + 4) {
		return; /* fsck tells it */
	}
	memcpy(blob.bytes, key.data + 1, SHA256_BYTES);
	row = wire_get_u32be(key.data + 1 + SHA256_BYTES);
	blob_row_key(&top, &blob, 0);
	arena_reset(fixity->scratch);
	if (snapshot_find(snapshot, key_bytes(&top), fixity->scratch, &first,
	        &fault) != 1 ||
	    blob_row_parse(&head, first, &fault) < 0 || head.is_small) {
		return; /* a finding of its own */
	}
	check_names(fixity, &blob, head.size, (size_t)row * BLOB_ROW_NAMES,
	    row == 0 ? head.names : value);
}

/*
 * Between the place and the next key, or the end, something cannot be read:
 * one row, whose key may be damaged itself, or more.
 */
static void
check_gap(struct fixity *fixity, struct bytes row, struct bytes next)
{
	const char *code = row.len > 0 ? "row.damaged" : "page.damaged";
	struct bytes place = key_bytes(&fixity->place);
	struct arena *arena = arena_new();
	const char *where;

	if (fixity->in_log) {
		uint64_t from = scan_log_index(place);

		where = arena_format(arena, "log from %" PRIu64, from);
		harm_add_log(find(fixity, code, where), from,
		    next.len > 0 ? scan_log_index(next) : UINT64_MAX);
	} else {
		where = row.len > 0
		            ? fsck_find_key(arena, row)
		            : arena_format(arena, "from %s to %s",
		                  place.len > 0 ? fsck_find_key(arena, place)
		                                : "the first",
		                  next.len > 0 ? fsck_find_key(arena, next)
		                               : "the last");
		harm_add_range(find(fixity, code, where), place, next);
	}
	arena_free(arena);
}

/* --- a pass ------------------------------------------------------------------------- */

static void
begin_pass(struct fixity *fixity)
{
	struct fixity_figures *figures = &fixity->figures;
	int64_t now = clock_now();

	pthread_mutex_lock(&fixity->lock);
	figures->pass_began = now;
	pthread_mutex_unlock(&fixity->lock);
	fixity->is_fresh = false;
	fixity->in_log = false;
	fixity->place.len = 0;
	if (now - figures->canary_planted >=
	    (int64_t)fixity->options.canary_every_ms * 1000) {
		plant(fixity);
	}
}

static void
end_pass(struct fixity *fixity)
{
	struct fixity_figures *figures = &fixity->figures;

	look_for_canary(fixity);
	damages_end_pass(fixity->damages, figures->pass_began);
	pthread_mutex_lock(&fixity->lock);
	figures->last_began = figures->pass_began;
	figures->last_ended = clock_now();
	figures->passes++;
	pthread_mutex_unlock(&fixity->lock);
	log_info(NULL, "fixity.passed", "damaged=%" PRIu64 " seconds=%" PRId64,
	    damages_count(fixity->damages),
	    (figures->last_ended - figures->last_began) / 1000000);
	fixity->is_fresh = true;
	fixity->all_read = false;
	fixity->place.len = 0;
	fixity->in_log = false;
	save(fixity);
}

/* 1 the budget is spent, 0 the table's end, -1. */
static int
read_some(struct fixity *fixity, struct snapshot *snapshot, struct scan *scan,
    struct fault *fault)
{
	struct bytes key, value, row;
	int rc = 1;

	while (rc == 1 && fixity->budget > 0 && !atomic_load(&fixity->stop)) {
		enum scan_gap gap;

		rc = scan_next_sound(scan, &key, &value, fault);
		gap = scan_gap(scan, &row);
		if (rc >= 0 && gap != SCAN_NO_GAP) {
			check_gap(fixity, row, rc == 1 ? key : NO_BYTES);
		}
		if (rc == 1) {
			spend(fixity, budget_row(key, value));
			if (!fixity->in_log && key.data[0] == TABLE_BLOB) {
				check_blob_row(fixity, snapshot, key, value);
			}
			scan_behind(scan, key, &fixity->place);
		}
	}
	return rc;
}

/* On from the place, and from the rows into the log. */
static int
read_on(struct fixity *fixity, struct snapshot *snapshot, struct fault *fault)
{
	struct bytes from = key_bytes(&fixity->place);
	struct scan *scan;
	int rc =
	    fixity->in_log
	        ? scan_open_log(&scan, snapshot, scan_log_index(from), fault)
	        : scan_open(&scan, snapshot, from, NO_BYTES, false, fault);

	if (rc < 0) {
		return -1;
	}
	rc = read_some(fixity, snapshot, scan, fault);
	scan_close(scan);
	if (rc == 0 && !fixity->in_log) {
		fixity->in_log = true;
		fixity->place.len = 0;
	} else if (rc == 0) {
		fixity->all_read = true;
	}
	return rc;
}

static int
name_on(struct fixity *fixity, struct snapshot *snapshot, struct fault *fault)
{
	uint64_t left = fixity->budget;
	int rc;

	if (fixity->naming_began == 0) {
		fixity->naming_began = clock_ticks();
	}
	rc = damages_name(fixity->damages, snapshot, &left, fault);
	spend(fixity, fixity->budget - left);
	if (rc == 0) {
		int64_t now = clock_ticks();
		int64_t took = now - fixity->naming_began;

		fixity->naming_due =
		    now + (took > NAMING_US ? took : NAMING_US);
		fixity->naming_began = 0;
	}
	return rc;
}

static int
go_on(struct fixity *fixity, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, fixity->core->store, fault) < 0) {
		return -1;
	}
	rc = is_naming_due(fixity) ? name_on(fixity, snapshot, fault)
	                           : read_on(fixity, snapshot, fault);
	snapshot_close(snapshot);
	return rc;
}

static struct fixity *
of_job(struct job *job)
{
	return (struct fixity *)(void *)((char *)job -
	                                 offsetof(struct fixity, job));
}

static void
work(struct job *job)
{
	struct fixity *fixity = of_job(job);
	struct fault fault;

	if (fixity->is_fresh) {
		begin_pass(fixity);
	}
	if (go_on(fixity, &fault) < 0) {
		log_warn(NULL, "fixity.failed", "reason=%s", fault.text);
	}
	if (fixity->all_read && damages_are_named(fixity->damages)) {
		end_pass(fixity);
	}
	if (clock_ticks() - fixity->saved >= SAVE_US) {
		save(fixity);
	}
}

static void
done(struct job *job)
{
	of_job(job)->busy = false;
}

/* --- the loop's side ---------------------------------------------------------------- */

struct fixity *
fixity_new(struct core *core, const struct fixity_options *options)
{
	struct fixity *fixity = xzalloc(sizeof(*fixity));

	fixity->core = core;
	fixity->options = *options;
	fixity->path = xstrdup(options->path);
	fixity->job.work = work;
	fixity->job.done = done;
	fixity->scratch = arena_new();
	fixity->chunk = xzalloc(CHUNK_BYTES);
	fixity->damages = damages_new();
	fixity->ticked = clock_ticks();
	fixity->saved = fixity->ticked;
	pthread_mutex_init(&fixity->lock, NULL);
	load(fixity);
	if (fixity->figures.pass_began == 0) {
		fixity->figures.pass_began = clock_now();
	}
	return fixity;
}

void
fixity_free(struct fixity *fixity)
{
	if (fixity == NULL) {
		return;
	}
	if (fixity->options.bytes_a_second > 0) {
		save(fixity);
	}
	pthread_mutex_destroy(&fixity->lock);
	damages_free(fixity->damages);
	free(fixity->chunk);
	arena_free(fixity->scratch);
	free(fixity->path);
	free(fixity);
}

void
fixity_tick(struct fixity *fixity, struct loop *loop)
{
	int64_t now = clock_ticks();
	uint64_t rate = fixity->options.bytes_a_second;
	uint64_t us = (uint64_t)(now - fixity->ticked);

	if (fixity->busy || rate == 0 || atomic_load(&fixity->stop)) {
		return;
	}
	if (us > BURST_SECONDS * 1000000) {
		us = BURST_SECONDS * 1000000;
	}
	fixity->ticked = now;
	fixity->budget = us * rate / 1000000 + 1;
	fixity->busy = true;
	job_submit(fixity->core->workers, &fixity->job, loop);
}

void
fixity_stop(struct fixity *fixity)
{
	if (fixity != NULL) {
		atomic_store(&fixity->stop, true);
	}
}

void
fixity_measure(struct fixity *fixity, struct fixity_figures *figures_out)
{
	pthread_mutex_lock(&fixity->lock);
	*figures_out = fixity->figures;
	pthread_mutex_unlock(&fixity->lock);
	figures_out->damaged = damages_count(fixity->damages);
	figures_out->oldest_unchecked = figures_out->last_began > 0
	                                    ? figures_out->last_began
	                                    : figures_out->pass_began;
}

json_t *
fixity_findings(struct fixity *fixity, struct arena *arena)
{
	json_t *found = json_own(arena, damages_copy(fixity->damages));
	json_t *list = json_own(arena, json_array());
	const char *where;
	json_t *finding;

	json_object_foreach(found, where, finding)
	{
		json_array_append(list, finding);
	}
	return list;
}
