/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What must be is computed by the checker's functions, gathered in order of
 * key and laid beside what is stored; the differences are written as one
 * rebuild (storage/rebuild.h), which the store takes whole or not at all.
 * Nothing is written before every record was read.
 */

#include "core/reindex.h"

#include "base/thread.h"
#include "base/wire.h"
#include "core/fsck_walk.h"
#include "core/reindex_feed.h"
#include "core/reindex_gather.h"
#include "core/reindex_leaves.h"
#include "storage/rebuild.h"

struct reindex {
	struct reindex_counts *counts;
	struct fsck_walk *walk;
	struct reindex_feed *feed;
	bool wants_guard; /* the tree's revision, which no record tells */
	struct key guard;
	uint8_t first_rev[8];
};

static bool
owns(struct bytes key)
{
	return fsck_expect_owns(key) ||
	       (key.len > 0 && key.data[0] == TABLE_TILE);
}

static void
mend(struct reindex *reindex, const struct fsck_difference *difference,
    struct rebuild_step *step_out)
{
	*step_out = (struct rebuild_step){
		.removes = difference->state == FSCK_EXTRA,
		.is_new = difference->state == FSCK_MISSING,
		.key = difference->key,
		.value = difference->wanted,
	};
	switch (difference->state) {
	case FSCK_MISSING:
		reindex->counts->added++;
		break;
	case FSCK_EXTRA:
		reindex->counts->removed++;
		break;
	case FSCK_DIFFERENT:
		reindex->counts->changed++;
		break;
	}
}

/* All differences into the feed. */
static int
feed_all(struct reindex *reindex, struct fault *fault)
{
	struct fsck_difference difference;
	struct rebuild_step step;
	bool is_taken = true;
	int rc = 0;

	while (is_taken &&
	       (rc = fsck_walk_next(reindex->walk, &difference, fault)) == 1) {
		mend(reindex, &difference, &step);
		is_taken = reindex_feed_put(reindex->feed, &step);
	}
	if (is_taken && rc == 0 && reindex->wants_guard) {
		reindex->counts->added++;
		step = (struct rebuild_step){
			.is_new = true,
			.key = key_bytes(&reindex->guard),
			.value = bytes_of(reindex->first_rev, 8),
		};
		reindex_feed_put(reindex->feed, &step);
	}
	return rc < 0 ? -1 : 0;
}

static void *
run_feeding(void *arg)
{
	struct reindex *reindex = arg;
	struct fault fault;

	reindex_feed_end(reindex->feed,
	    feed_all(reindex, &fault) < 0 ? &fault : NULL);
	return NULL;
}

/* One thread compares, the store's writes. */
static int
rebuild(struct reindex *reindex, struct store *store, struct fault *fault)
{
	pthread_t thread;
	int rc;

	reindex->feed = reindex_feed_new();
	rc = thread_start(&thread, THREAD_WORKER, "compare", run_feeding,
	    reindex, fault);
	if (rc == 0) {
		rc =
		    rebuild_run(store, reindex_feed_take, reindex->feed, fault);
		reindex_feed_stop(reindex->feed);
		pthread_join(thread, NULL);
	}
	reindex_feed_free(reindex->feed);
	return rc;
}

/* Every filing is guarded by the tree's revision: it must be there. */
static int
look_for_guard(struct reindex *reindex, struct snapshot *snapshot,
    struct fault *fault)
{
	int found;

	key_start(&reindex->guard, TABLE_META);
	key_add_text(&reindex->guard, "units");
	found = snapshot_has(snapshot, key_bytes(&reindex->guard), fault);
	wire_put_u64be(reindex->first_rev, 1);
	reindex->wants_guard = found == 0;
	return found < 0 ? -1 : 0;
}

static int
write_rows(struct reindex *reindex, struct store *store,
    const struct reindex_gathered *gathered, struct fault *fault)
{
	const struct fsck_expect expect = { .rows = gathered->rows,
		.counts = gathered->counts };
	struct snapshot *snapshot;
	int rc = -1;

	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	if (fsck_walk_new(&reindex->walk, &expect, owns, fault) == 0 &&
	    fsck_walk_look(reindex->walk, snapshot, fault) == 0 &&
	    (!gathered->has_units ||
	        look_for_guard(reindex, snapshot, fault) == 0)) {
		rc = rebuild(reindex, store, fault);
		reindex->counts->compared = fsck_walk_count(reindex->walk);
	}
	fsck_walk_free(reindex->walk);
	snapshot_close(snapshot);
	return rc;
}

int
reindex_run(struct store *store, const struct rules *rules,
    const struct reindex_options *options, struct reindex_counts *counts_out,
    struct fault *fault)
{
	struct reindex reindex = { .counts = counts_out };
	struct reindex_gathered gathered;
	int rc;

	*counts_out = (struct reindex_counts){ 0 };
	rc = reindex_gather(&gathered, store, rules, options, fault);
	counts_out->records = gathered.records;
	if (rc == 0) {
		rc = write_rows(&reindex, store, &gathered, fault);
	}
	if (rc == 0 && !gathered.leaves_match) {
		rc =
		    reindex_leaves(store, options, &counts_out->changed, fault);
	}
	reindex_gathered_fini(&gathered);
	return rc;
}
