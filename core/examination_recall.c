/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What nobody could be sure of may be sure under other anchors; what passed
 * or failed keeps its report, which names the anchors that it was judged by.
 */

#include "core/examination.h"

#include "archive/indication.h"
#include "base/glance.h"
#include "base/log.h"
#include "core/anchors.h"
#include "core/examining.h"

#define RECALL_MAX 256u /* rows of one set */

struct recall {
	struct core *core;
	struct writes *writes; /* NULL: none waits to be committed */
	size_t count;          /* in it */
};

static void
anchors_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "examine.anchors");
}

static int
commit_recall(struct recall *recall, struct fault *fault)
{
	struct writes *writes = recall->writes;

	recall->writes = NULL;
	recall->count = 0;
	return writes_commit_now(writes, fault);
}

static int
recall_one(struct recall *recall, struct bytes value, struct fault *fault)
{
	struct record record = { .kind = RECORD_EXAMINATION };
	struct arena *arena = arena_new();
	const char *verdict;
	int rc = record_read(&record, value, fault);

	verdict =
	    rc == 0 ? glance_text_at(arena, record.bytes, "verdict") : NULL;
	if (verdict != NULL &&
	    strcmp(verdict, indication_name(INDETERMINATE)) == 0) {
		if (recall->writes == NULL) {
			recall->writes = writes_new(recall->core->store, NULL);
		}
		errand_put(recall->writes, EXAMINE_JOB,
		    glance_text_at(arena, record.bytes, "id"),
		    glance_text_at(arena, record.bytes, "of"), NULL);
		recall->count++;
	}
	arena_free(arena);
	return rc == 0 && recall->count == RECALL_MAX
	           ? commit_recall(recall, fault)
	           : rc;
}

static int
recall_all(struct recall *recall, struct snapshot *snapshot,
    struct fault *fault)
{
	struct bytes value;
	struct scan *scan;
	struct bytes key;
	struct key kind;
	int rc;

	key_start(&kind, TABLE_RECORD);
	key_add_u8(&kind, RECORD_EXAMINATION);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&kind), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		if (recall_one(recall, value, fault) < 0) {
			rc = -1;
			break;
		}
	}
	scan_close(scan);
	return rc;
}

/* 1 they are others than those of the last time, 0, -1. */
static int
have_changed(const struct anchors *anchors, struct snapshot *snapshot,
    struct arena *arena, struct fault *fault)
{
	struct bytes last;
	struct key key;
	int found;

	anchors_key(&key);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &last, fault);
	return found < 0 ? -1
	                 : found == 0 ||
	                       !bytes_equal(last, bytes_of_text(anchors->hex));
}

static int
recall(struct core *core, const struct anchors *anchors,
    struct snapshot *snapshot, struct fault *fault)
{
	struct recall recall = { .core = core };
	struct key key;

	if (recall_all(&recall, snapshot, fault) < 0) {
		writes_free(recall.writes);
		return -1;
	}
	/* Noted last: what stops before it begins anew. */
	if (recall.writes == NULL) {
		recall.writes = writes_new(core->store, NULL);
	}
	anchors_key(&key);
	writes_put(recall.writes, key_bytes(&key), bytes_of_text(anchors->hex));
	return commit_recall(&recall, fault);
}

int
examination_recall(void *arg, struct fault *fault)
{
	struct core *core = arg;
	struct snapshot *snapshot;
	struct anchors anchors;
	struct arena *arena;
	int rc = -1;

	if (anchors_read(&anchors, core, fault) < 0) {
		return -1;
	}
	arena = arena_new();
	if (snapshot_open(&snapshot, core->store, fault) == 0) {
		rc = have_changed(&anchors, snapshot, arena, fault);
		if (rc == 1) {
			log_info(NULL, "trust.changed", "sha256=%s",
			    anchors.hex);
			rc = recall(core, &anchors, snapshot, fault);
		}
		snapshot_close(snapshot);
	}
	arena_free(arena);
	anchors_fini(&anchors);
	return rc;
}
