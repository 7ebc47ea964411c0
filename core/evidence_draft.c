/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_draft.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/wire.h"
#include "core/id_set.h"
#include "core/tsa_client.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#define JOB_NAME "evidence"

struct evidence_draft {
	struct core *core;
	struct evidence_batch batch;
	struct arena *arena; /* of the sheet in the making */
	struct id_set dossiers;
	struct evidence_leaf *leaves;
	size_t leaf_count;
	struct digest_value roots[EVIDENCE_SHEETS_MAX];
	char after[KEY_MAX_BYTES + 1];
	bool is_written; /* the batch has a row */
};

/* --- small rows ---------------------------------------------------------------- */

void
evidence_draft_wait_key(struct key *key, const char *dossier)
{
	key_start(key, TABLE_JOB);
	key_add_text(key, JOB_NAME);
	if (dossier != NULL) {
		key_add_text(key, dossier);
	}
}

static void
log_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "evidence.log");
}

int
evidence_draft_read_log(struct snapshot *snapshot, struct arena *arena,
    uint64_t *log_out, struct fault *fault)
{
	struct bytes value;
	struct key key;
	int found;

	log_key(&key);
	*log_out = 0;
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	if (found == 1 && value.len != 8) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the row evidence.log is no number");
	}
	if (found == 1) {
		*log_out = wire_get_u64be(value.data);
	}
	return found < 0 ? -1 : 0;
}

void
evidence_draft_put_log(struct writes *writes, uint64_t log)
{
	uint8_t value[8];
	struct key key;

	wire_put_u64be(value, log);
	log_key(&key);
	writes_put(writes, key_bytes(&key), bytes_of(value, sizeof(value)));
}

/* --- a draft --------------------------------------------------------------------- */

static int
read_roots(struct evidence_draft *draft, struct fault *fault)
{
	struct snapshot *snapshot;
	int found = 1;

	if (snapshot_open(&snapshot, draft->core->store, fault) < 0) {
		return -1;
	}
	for (uint32_t i = 0; i < draft->batch.sheets && found == 1; i++) {
		struct evidence_way way;

		found = evidence_rows_find_sheet(snapshot, draft->arena,
		    draft->batch.number, i, &way, fault);
		if (found == 0) {
			fault_set(fault, FAULT_CORRUPT,
			    "sheet %" PRIu32 " of batch %" PRIu64
			    " of evidence is missing",
			    i, draft->batch.number);
		} else if (found == 1) {
			draft->roots[i] = way.from;
		}
	}
	snapshot_close(snapshot);
	return found == 1 ? 0 : -1;
}

int
evidence_draft_new(struct evidence_draft **draft_out, struct core *core,
    const struct evidence_batch *batch, struct fault *fault)
{
	struct evidence_draft *draft = xzalloc(sizeof(*draft));

	draft->core = core;
	draft->batch = *batch;
	draft->batch.is_open = true;
	draft->is_written = batch->sheets > 0;
	draft->arena = arena_new();
	draft->leaves = xmalloc(EVIDENCE_SHEET_LEAVES * sizeof(*draft->leaves));
	id_set_init(&draft->dossiers, draft->arena);
	evidence_draft_place_after(draft, batch->after);
	if (read_roots(draft, fault) < 0) {
		evidence_draft_free(draft);
		return -1;
	}
	*draft_out = draft;
	return 0;
}

void
evidence_draft_free(struct evidence_draft *draft)
{
	if (draft != NULL) {
		arena_free(draft->arena);
		free(draft->leaves);
		free(draft);
	}
}

const struct evidence_batch *
evidence_draft_batch(const struct evidence_draft *draft)
{
	return &draft->batch;
}

bool
evidence_draft_is_full(const struct evidence_draft *draft)
{
	return draft->batch.sheets == EVIDENCE_SHEETS_MAX;
}

bool
evidence_draft_has(const struct evidence_draft *draft, const char *dossier)
{
	return id_set_has(&draft->dossiers, dossier);
}

void
evidence_draft_place_log(struct evidence_draft *draft, uint64_t log)
{
	draft->batch.log = log;
}

void
evidence_draft_place_after(struct evidence_draft *draft, const char *dossier)
{
	snprintf(draft->after, sizeof(draft->after), "%s", dossier);
	draft->batch.after = draft->after;
}

/* --- sheets ------------------------------------------------------------------------ */

static struct hash_tree *
tree_of_leaves(const struct evidence_draft *draft)
{
	struct digest_value *hashes =
	    xmalloc(draft->leaf_count * sizeof(*hashes));
	struct hash_tree *tree;

	for (size_t i = 0; i < draft->leaf_count; i++) {
		hashes[i] = draft->leaves[i].way.from;
	}
	tree = hash_tree_new(hashes, draft->leaf_count);
	free(hashes);
	return tree;
}

static void
put_leaves(const struct evidence_draft *draft, struct writes *writes,
    const struct hash_tree *tree)
{
	for (size_t i = 0; i < draft->leaf_count; i++) {
		struct evidence_leaf *leaf = &draft->leaves[i];
		struct key waiting;

		leaf->batch = draft->batch.number;
		leaf->sheet = draft->batch.sheets;
		leaf->way.count = hash_tree_path(tree, i, leaf->way.path);
		evidence_rows_put_leaf(writes, leaf);
		evidence_draft_wait_key(&waiting, leaf->dossier);
		writes_delete(writes, key_bytes(&waiting));
	}
}

/* The leaves, their sheet, and the batch with one sheet more. */
static int
write_sheet(struct evidence_draft *draft, struct fault *fault)
{
	struct writes *writes = writes_new(draft->core->store, NULL);
	struct hash_tree *tree = tree_of_leaves(draft);
	struct evidence_way way = { .from = *hash_tree_root(tree) };
	struct evidence_batch *batch = &draft->batch;
	int rc;

	put_leaves(draft, writes, tree);
	hash_tree_free(tree);
	evidence_rows_put_sheet(writes, batch->number, batch->sheets, &way);
	draft->roots[batch->sheets] = way.from;
	batch->sheets++;
	batch->count += draft->leaf_count;
	evidence_rows_put_batch(writes, batch);
	rc = writes_commit_now(writes, fault);
	if (rc == 0) {
		draft->is_written = true;
		draft->leaf_count = 0;
		arena_reset(draft->arena);
		id_set_init(&draft->dossiers, draft->arena);
	}
	return rc;
}

int
evidence_draft_add(struct evidence_draft *draft,
    const struct evidence_leaf *leaf, struct fault *fault)
{
	struct evidence_leaf *kept = &draft->leaves[draft->leaf_count];
	bool is_new;
	size_t at = id_set_add(&draft->dossiers, leaf->dossier, &is_new);

	assert(is_new && draft->batch.sheets < EVIDENCE_SHEETS_MAX);
	*kept = *leaf;
	kept->dossier = draft->dossiers.ids[at];
	draft->leaf_count++;
	return draft->leaf_count == EVIDENCE_SHEET_LEAVES
	           ? write_sheet(draft, fault)
	           : 0;
}

/* --- the time-stamp ------------------------------------------------------------------ */

int
evidence_draft_stamp(struct core *core, struct evidence_batch *batch,
    int64_t newest, struct arena *arena, struct buf *token_out,
    struct fault *fault)
{
	struct timestamp_question question = {
		.imprint = digest_value_bytes(&batch->root),
	};
	struct timestamp_report report;

	if (tsa_client_get_digest(core->tsa, token_out, &batch->root, fault) <
	    0) {
		return -1;
	}
	question.token = buf_bytes(token_out);
	question.anchors = tsa_client_anchors(core->tsa);
	timestamp_check(&report, arena, &question);
	if (!report.is_valid) {
		return fault_set(fault, FAULT_INVALID, "the time-stamp: %s",
		    report.reason);
	}
	if (report.at < newest) {
		return fault_set(fault, FAULT_INVALID,
		    "the authority's clock is behind an older time-stamp");
	}
	batch->is_open = false;
	batch->at = report.at;
	batch->until = report.until;
	batch->authority = report.authority.subject;
	batch->issuer = report.authority.issuer;
	batch->key = report.authority.key;
	return 0;
}

/* Everything that the time-stamp makes count, in one set. */
static int
write_batch(const struct evidence_draft *draft,
    const struct evidence_batch *batch, const struct hash_tree *tree,
    struct bytes token, struct fault *fault)
{
	struct writes *writes = writes_new(draft->core->store, NULL);

	for (uint32_t i = 0; i < batch->sheets; i++) {
		struct evidence_way way = { .from = draft->roots[i] };

		way.count = hash_tree_path(tree, i, way.path);
		evidence_rows_put_sheet(writes, batch->number, i, &way);
	}
	evidence_rows_put_batch(writes, batch);
	evidence_rows_put_token(writes, batch->number, token);
	if (batch->kind == EVIDENCE_FIRST) {
		evidence_draft_put_log(writes, batch->log);
	}
	return writes_commit_now(writes, fault);
}

static int
finish(struct evidence_draft *draft, const struct hash_tree *tree,
    int64_t *newest, struct fault *fault)
{
	struct evidence_batch done = draft->batch;
	struct arena *arena = arena_new();
	struct buf token;
	int rc;

	done.root = *hash_tree_root(tree);
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	rc = evidence_draft_stamp(draft->core, &done, *newest, arena, &token,
	    fault);
	if (rc == 0) {
		rc = write_batch(draft, &done, tree, buf_bytes(&token), fault);
	}
	if (rc == 0) {
		*newest = done.at;
		log_info(NULL, "evidence.made",
		    "batch=%" PRIu64 " kind=%s digest=%s containers=%" PRIu64
		    " authority=%s",
		    done.number, evidence_kind_name(done.kind),
		    digest_kind_name(done.digest), done.count, done.authority);
	}
	buf_fini(&token);
	arena_free(arena);
	return rc;
}

int
evidence_draft_finish(struct evidence_draft *draft, int64_t *newest,
    struct fault *fault)
{
	struct hash_tree *tree;
	int rc;

	if (draft->leaf_count > 0 && write_sheet(draft, fault) < 0) {
		return -1;
	}
	if (!draft->is_written) {
		return 0;
	}
	tree = hash_tree_new(draft->roots, draft->batch.sheets);
	rc = finish(draft, tree, newest, fault);
	hash_tree_free(tree);
	return rc == 0 ? 1 : -1;
}
