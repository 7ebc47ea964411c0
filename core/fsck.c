/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The check is a list of passes over one snapshot.  What the engine cannot
 * read is told first; the other passes go on behind it.  At the end those are
 * named whom the damage harms.
 */

#include "core/fsck.h"

#include "base/say.h"
#include "core/fsck_accounts.h"
#include "core/fsck_blobs.h"
#include "core/fsck_evidence.h"
#include "core/fsck_inside.h"
#include "core/fsck_log.h"
#include "core/fsck_records.h"
#include "core/fsck_walk.h"
#include "core/harm_walk.h"

#include <inttypes.h>
#include <stdarg.h>

/* --- for all passes ----------------------------------------------------------- */

int
fsck_each(struct fsck *fsck, const struct key *prefix, fsck_row_fn row,
    struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_prefix(&scan, fsck->snapshot, key_bytes(prefix), fault) <
	    0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		arena_reset(fsck->scratch);
		if (row(fsck, key, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

void
fsck_tell_row(struct fsck *fsck, const char *code, struct bytes key,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fsck_find_tell_list(&fsck->find, code,
	    fsck_find_key(fsck->scratch, key), format, args);
	va_end(args);
}

int
fsck_found(int found, const struct fault *fault)
{
	return found < 0 && fault->code != FAULT_CORRUPT ? -1 : 0;
}

int
fsck_has(struct fsck *fsck, enum record_kind kind, const char *id,
    struct fault *fault)
{
	struct key key;
	int found;

	record_key(&key, kind, id);
	if (key.overflow) {
		return 0;
	}
	found = snapshot_has(fsck->snapshot, key_bytes(&key), fault);
	return found < 0 && fsck_found(found, fault) == 0 ? 1 : found;
}

/* --- the engine ---------------------------------------------------------------- */

static void
engine_found(void *arg, const char *finding)
{
	fsck_find_tell(&((struct fsck *)arg)->find, "engine.damage", "engine",
	    "%s", finding);
}

static int
check_engine(struct fsck *fsck, struct fault *fault)
{
	return store_check(fsck->store, engine_found, fsck, fault);
}

/* What cannot be read: for the names of those whom it harms. */
static int
gather_rows(struct fsck *fsck, struct fault *fault)
{
	struct key place = { .len = 0 }; /* behind the last that was read */
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open(&scan, fsck->snapshot, NO_BYTES, NO_BYTES, false, fault) <
	    0) {
		return -1;
	}
	do {
		rc = scan_next_sound(scan, &key, &value, fault);
		if (rc >= 0 && scan_gap(scan, NULL) != SCAN_NO_GAP) {
			harm_add_range(fsck->harm, key_bytes(&place),
			    rc == 1 ? key : NO_BYTES);
		}
		if (rc == 1) {
			key_after(&place, key);
		}
	} while (rc == 1);
	scan_close(scan);
	return rc;
}

static int
gather_log(struct fsck *fsck, struct fault *fault)
{
	struct bytes key, entry;
	uint64_t next = 0;
	struct scan *scan;
	int rc;

	if (scan_open_log(&scan, fsck->snapshot, 0, fault) < 0) {
		return -1;
	}
	do {
		rc = scan_next_sound(scan, &key, &entry, fault);
		if (rc >= 0 && scan_gap(scan, NULL) != SCAN_NO_GAP) {
			harm_add_log(fsck->harm, next,
			    rc == 1 ? scan_log_index(key) : UINT64_MAX);
		}
		next = rc == 1 ? scan_log_index(key) + 1 : next;
	} while (rc == 1);
	scan_close(scan);
	return rc;
}

static int
check_damage(struct fsck *fsck, struct fault *fault)
{
	return gather_rows(fsck, fault) < 0 ? -1 : gather_log(fsck, fault);
}

static void
tell_harmed(void *arg, const char *finding, const char *name)
{
	struct fsck *fsck = arg;

	(void)finding; /* all are one */
	if (strncmp(name, "dossier/", 8) == 0) {
		fsck_find_tell(&fsck->find, "dossier.damaged", name,
		    "something of this dossier cannot be read as it was "
		    "written");
	} else {
		fsck_find_tell(&fsck->find, "record.damaged", name,
		    "something of it cannot be read as it was written");
	}
}

static int
name_harmed(struct fsck *fsck, struct fault *fault)
{
	uint64_t all = UINT64_MAX;
	struct harm_walk *walk;
	int rc;

	if (harm_is_empty(fsck->harm)) {
		return 0;
	}
	walk = harm_walk_new(fsck->harm);
	rc = harm_walk_on(walk, fsck->snapshot, &all, fault);
	harm_walk_free(walk);
	if (rc == 0) {
		harm_tell(fsck->harm, tell_harmed, fsck);
	}
	return rc;
}

/* The tree, which the rows of other records depend on. */
static int
read_units(struct fsck *fsck, struct fault *fault)
{
	return fsck_tree_read(&fsck->tree, fsck->snapshot, fsck->scratch,
	    fault);
}

/* --- derived rows ---------------------------------------------------------------- */

static void
tell_counter(struct fsck *fsck, const struct fsck_difference *difference,
    const char *where)
{
	struct fault ignored;
	int64_t got;

	if (difference->state == FSCK_MISSING) {
		fsck_find_tell(&fsck->find, "row.missing", where,
		    "it must be %" PRId64, sorter_number(difference->wanted));
	} else if (counter_split(difference->got, &got, &ignored) < 0) {
		fsck_find_tell(&fsck->find, "row.different", where,
		    "it is no number");
	} else if (difference->state == FSCK_EXTRA) {
		fsck_find_tell(&fsck->find, "row.extra", where,
		    "it is %" PRId64 ", and no record counts there", got);
	} else {
		fsck_find_tell(&fsck->find, "row.different", where,
		    "it is %" PRId64 " and must be %" PRId64, got,
		    sorter_number(difference->wanted));
	}
}

static void
tell_difference(struct fsck *fsck, const struct fsck_difference *difference)
{
	static const struct {
		const char *code;
		const char *what;
	} states[] = {
		[FSCK_MISSING] = { "row.missing",
		    "a record asks for it, and it is not there" },
		[FSCK_EXTRA] = { "row.extra", "no record asks for it" },
		[FSCK_DIFFERENT] = { "row.different",
		    "its value is not what the record says" },
	};

	const char *where;

	arena_reset(fsck->scratch);
	where = fsck_find_key(fsck->scratch, difference->key);
	if (difference->is_counter) {
		tell_counter(fsck, difference, where);
	} else {
		fsck_find_tell(&fsck->find, states[difference->state].code,
		    where, "%s", say_text(states[difference->state].what));
	}
}

static int
check_rows(struct fsck *fsck, struct fault *fault)
{
	struct fsck_difference difference;
	struct fsck_walk *walk;
	int rc;

	if (fsck_walk_new(&walk, &fsck->expect, fsck_expect_owns, fault) < 0) {
		return -1;
	}
	rc = fsck_walk_look(walk, fsck->snapshot, fault);
	while (
	    rc >= 0 && (rc = fsck_walk_next(walk, &difference, fault)) == 1) {
		tell_difference(fsck, &difference);
	}
	fsck->counts->rows = fsck_walk_count(walk);
	fsck_walk_free(walk);
	return rc;
}

/* --- all ---------------------------------------------------------------------------- */

static const struct pass {
	const char *name;
	int (*run)(struct fsck *fsck, struct fault *fault);
} passes[] = {
	{ "engine", check_engine },
	{ "damage", check_damage },
	{ "tables", fsck_tables_check },
	{ "units", read_units },
	{ "records", fsck_records_check },
	{ "log", fsck_log_check },
	{ "leaves", fsck_log_compare },
	{ "rows", check_rows },
	{ "accounts", fsck_accounts_check },
	{ "evidence", fsck_evidence_check },
	{ "files", fsck_blobs_check },
	{ "harm", name_harmed },
};

static int
run_passes(struct fsck *fsck, struct fault *fault)
{
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		struct fault cause;

		if (passes[i].run(fsck, &cause) == 0) {
			continue;
		}
		if (cause.code != FAULT_CORRUPT) {
			*fault = cause;
			fault_prefix(fault, "checking %s", passes[i].name);
			return -1;
		}
		fsck_find_tell(&fsck->find, "engine.unreadable", passes[i].name,
		    "not checked to its end: %s", say_fault(&cause));
	}
	return 0;
}

static struct sorter *
new_sorter(const struct fsck_options *options, enum sorter_kind kind)
{
	struct sorter_options how = { kind, options->memory_max_bytes,
		options->folder };

	return sorter_new(&how);
}

int
fsck_run(struct store *store, const struct rules *rules,
    const struct fsck_options *options, struct fsck_counts *counts_out,
    struct fault *fault)
{
	struct fsck fsck = { .find = { options, counts_out },
		.options = options,
		.counts = counts_out,
		.store = store };
	int rc = -1;

	*counts_out = (struct fsck_counts){ 0 };
	if (snapshot_open(&fsck.snapshot, store, fault) < 0) {
		return -1;
	}
	fsck.arena = arena_new();
	fsck.scratch = arena_new();
	fsck_tree_init(&fsck.tree, fsck.arena);
	fsck.harm = harm_new();
	fsck.revisions = new_sorter(options, SORTER_ALL);
	fsck.told = new_sorter(options, SORTER_ALL);
	fsck.files = new_sorter(options, SORTER_ALL);
	fsck.expect = (struct fsck_expect){ .snapshot = fsck.snapshot,
		.rules = rules,
		.known = fsck_known_new(&fsck.tree),
		.arena = fsck.scratch,
		.rows = new_sorter(options, SORTER_LAST),
		.counts = new_sorter(options, SORTER_SUM) };
	rc = run_passes(&fsck, fault);
	sorter_free(fsck.expect.counts);
	sorter_free(fsck.expect.rows);
	fsck_known_free(fsck.expect.known);
	sorter_free(fsck.files);
	harm_free(fsck.harm);
	sorter_free(fsck.told);
	sorter_free(fsck.revisions);
	arena_free(fsck.scratch);
	arena_free(fsck.arena);
	snapshot_close(fsck.snapshot);
	return rc;
}
