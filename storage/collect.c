/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A part is a range of first bytes small enough that the names in use fit in
 * memory.  For each part all rows of blobs and uploads are walked first, and
 * then the chunks: one whose row came in between is taken for an orphan and
 * marked, but not deleted, since a later run sees the row.
 *
 * Whoever puts a chunk takes its mark away on the thread that deletes, and
 * whoever holds it takes the mark away too.  So a mark that lasted from one
 * run to another means that no writer had it in hand.
 */

#include "storage/collect.h"

#include "base/clock.h"
#include "storage/blob_row.h"
#include "storage/hold.h"
#include "storage/sums.h"
#include "storage/tail.h"
#include "storage/upload_row.h"

#include <assert.h>

#define NAMES_MAX     131072u /* in use, about, in one part: 10 MB */
#define SNAPSHOT_ROWS 4096u   /* then a new one is taken */
#define LIST_NAMES    256u

struct run {
	struct store *store;
	struct chunks *chunks;
	const atomic_bool *stop;
	int64_t before; /* marks that are as old may be deleted */
	int64_t now;
	struct sums *used; /* names of this part */
	unsigned from;     /* first bytes of this part, */
	unsigned to;       /* up to and without this */
	struct collect_counts *counts;
};

static bool
is_stopped(const struct run *run)
{
	return run->stop != NULL && atomic_load(run->stop);
}

/* --- names in use ------------------------------------------------------- */

static void
use_names(struct run *run, struct bytes names)
{
	struct sha256 name;

	for (size_t at = 0; at + SHA256_BYTES <= names.len;
	     at += SHA256_BYTES) {
		memcpy(name.bytes, names.data + at, SHA256_BYTES);
		if (name.bytes[0] >= run->from && name.bytes[0] < run->to) {
			sums_add(run->used, &name, 0);
		}
	}
}

/*
 * The names of one row of TABLE_BLOB or TABLE_UPLOAD.  1 where it is the head
 * of a small blob, whose bytes nobody need read.
 */
static int
use_row(struct run *run, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct bytes names = value;
	struct key_reader reader;
	uint8_t table = key_read_start(&reader, key);
	struct blob_head head = { 0 };
	uint32_t row;

	if (table == TABLE_BLOB) {
		key_read_raw(&reader, SHA256_BYTES);
	} else {
		key_read_text(&reader);
	}
	row = key_read_u32(&reader);
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	if (row == 0 && table == TABLE_UPLOAD) {
		return 0;
	}
	if (row == 0) {
		if (blob_row_parse(&head, value, fault) < 0) {
			return -1;
		}
		names = head.names;
	}
	if (names.len % SHA256_BYTES != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a row of %zu bytes is no list of chunks", names.len);
	}
	use_names(run, names);
	return head.is_small;
}

/* Go on at the smallest key behind this row, or behind its small blob. */
static void
step_on(struct scan *scan, struct key *last, struct bytes key, bool is_small)
{
	if (is_small) {
		blob_row_key_behind(last, key);
		scan_seek(scan, key_bytes(last));
		return;
	}
	assert(key.len < sizeof(last->bytes));
	memcpy(last->bytes, key.data, key.len);
	last->bytes[key.len] = 0;
	last->len = key.len + 1;
}

/*
 * Rows behind `last`, at most SNAPSHOT_ROWS, in a snapshot of their own.
 * 1 when there may be more, and `last` is moved on.
 */
static int
use_page(struct run *run, struct key *last, const struct key *to,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct scan *scan;
	struct bytes key;
	struct bytes value;
	unsigned rows = 0;
	int rc = -1;

	if (snapshot_open(&snapshot, run->store, fault) < 0) {
		return -1;
	}
	if (scan_open(&scan, snapshot, key_bytes(last), key_bytes(to), false,
	        fault) < 0) {
		goto out;
	}
	while (rows < SNAPSHOT_ROWS &&
	       (rc = scan_next(scan, &key, &value, fault)) == 1) {
		int used = use_row(run, key, value, fault);

		if (used < 0) {
			rc = -1;
			break;
		}
		rows++;
		step_on(scan, last, key, used == 1);
	}
	scan_close(scan);
out:
	snapshot_close(snapshot);
	return rc;
}

static int
use_table(struct run *run, uint8_t table, struct fault *fault)
{
	struct key last;
	struct key to;
	int more = 1;

	key_start(&last, table);
	key_start(&to, table);
	key_next(&to);
	while (more == 1 && !is_stopped(run)) {
		more = use_page(run, &last, &to, fault);
	}
	return more < 0 ? -1 : 0;
}

/* --- chunks ------------------------------------------------------------- */

/* Names of one page: marked or, where old enough, to be deleted. */
struct harvest {
	struct sha256 fresh[LIST_NAMES];
	struct sha256 old[LIST_NAMES];
	size_t fresh_count;
	size_t old_count;
};

static void
sort_out(struct run *run, const struct sha256 *name, struct harvest *harvest)
{
	struct holds *holds = chunks_holds(run->chunks);
	int64_t since;

	run->counts->chunks++;
	if (sums_has(run->used, name, NULL)) {
		holds_unmark(holds, name);
		return;
	}
	run->counts->orphans++;
	if (!holds_is_marked(holds, name, &since)) {
		harvest->fresh[harvest->fresh_count++] = *name;
	} else if (since <= run->before) {
		harvest->old[harvest->old_count++] = *name;
	}
}

static int
reap(struct run *run, const struct harvest *harvest, struct fault *fault)
{
	struct holds *holds = chunks_holds(run->chunks);

	if (harvest->fresh_count > 0) {
		holds_mark(holds, harvest->fresh, harvest->fresh_count,
		    run->now);
	}
	for (size_t at = 0; at < harvest->old_count; at += CHUNK_DELETE_MAX) {
		size_t some = harvest->old_count - at;
		size_t deleted;

		some = some < CHUNK_DELETE_MAX ? some : CHUNK_DELETE_MAX;
		if (chunk_delete_marked(run->chunks, &harvest->old[at], some,
		        &deleted, fault) < 0) {
			return -1;
		}
		run->counts->deleted += deleted;
	}
	return 0;
}

static int
walk_chunks(struct run *run, uint8_t first, struct fault *fault)
{
	struct sha256 names[LIST_NAMES];
	struct harvest harvest;
	struct sha256 last;
	size_t count = LIST_NAMES;

	for (bool begun = false; count == LIST_NAMES && !is_stopped(run);
	     begun = true) {
		if (chunk_list(run->chunks, first, begun ? &last : NULL, names,
		        LIST_NAMES, &count, fault) < 0) {
			return -1;
		}
		harvest.fresh_count = 0;
		harvest.old_count = 0;
		for (size_t i = 0; i < count; i++) {
			sort_out(run, &names[i], &harvest);
			last = names[i];
		}
		if (reap(run, &harvest, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
collect_part(struct run *run, struct fault *fault)
{
	sums_clear(run->used);
	run->now = clock_ticks();
	if (use_table(run, TABLE_BLOB, fault) < 0 ||
	    use_table(run, TABLE_UPLOAD, fault) < 0) {
		return -1;
	}
	for (unsigned first = run->from; first < run->to && !is_stopped(run);
	     first++) {
		if (walk_chunks(run, (uint8_t)first, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- tails -------------------------------------------------------------- */

/* An upload has its row before its first tail, so one without has ended. */
static int
collect_tails(struct run *run, struct fault *fault)
{
	char upload[ID_TEXT] = "";
	int more;

	while (!is_stopped(run) &&
	       (more = tail_next(run->chunks, upload, upload, fault)) != 0) {
		struct snapshot *snapshot;
		struct key key;
		int found;

		if (more < 0 ||
		    snapshot_open(&snapshot, run->store, fault) < 0) {
			return -1;
		}
		upload_row_key(&key, upload, 0);
		found = snapshot_has(snapshot, key_bytes(&key), fault);
		snapshot_close(snapshot);
		if (found < 0) {
			return -1;
		}
		if (found == 0) {
			if (tail_delete(run->chunks, upload, fault) < 0) {
				return -1;
			}
			run->counts->tails++;
		}
	}
	return 0;
}

/* How many first bytes make a part. */
static int
part_width(struct run *run, unsigned *width_out, struct fault *fault)
{
	struct chunks_stat stat;

	if (chunks_stat(run->chunks, &stat, fault) < 0) {
		return -1;
	}
	*width_out = 256;
	while (*width_out > 1 && stat.count * *width_out / 256 > NAMES_MAX) {
		*width_out /= 2;
	}
	return 0;
}

int
collect_run(struct store *store, uint64_t grace_ms, const atomic_bool *stop,
    struct collect_counts *counts_out, struct fault *fault)
{
	struct run run = { .store = store,
		.chunks = store_chunks(store),
		.stop = stop,
		.before = clock_ticks() - (int64_t)grace_ms * 1000,
		.used = sums_new(),
		.counts = counts_out };
	unsigned width;
	int rc;

	*counts_out = (struct collect_counts){ 0 };
	rc = part_width(&run, &width, fault);
	for (; rc == 0 && run.from < 256 && !is_stopped(&run);
	     run.from += width) {
		run.to = run.from + width;
		rc = collect_part(&run, fault);
	}
	if (rc == 0) {
		rc = collect_tails(&run, fault);
	}
	sums_free(run.used);
	return rc;
}
