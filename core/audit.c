/* SPDX-License-Identifier: Apache-2.0 */

/*
 * When a group of sets is durable, its entries join the tree and one
 * checkpoint is signed for all of them; their receipts are made of it where
 * they are answered.  Nothing of this is stored: the log gives the tree and
 * the key the same signature again.
 */

#include "core/audit.h"

#include "archive/checkpoint.h"
#include "archive/receipt.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/tree.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define JOIN_SECONDS 10 /* that durable entries may take to join the tree */

/* One signed state of the log; groups and the newest share it by count. */
struct signed_state {
	unsigned users; /* guarded by audit->lock */
	uint64_t size;
	size_t len;
	uint8_t note[];
};

struct audit {
	struct store *store;
	struct tree *tree;
	struct note_key *key;
	char *vkey;
	pthread_mutex_t lock; /* guards newest, joined, all counts of users */
	pthread_cond_t grown;
	struct signed_state *newest;
	uint64_t joined; /* entries that are in the tree */
};

static struct signed_state *
sign_state(struct audit *audit, struct fault *fault)
{
	struct sha256 root = tree_root(audit->tree);
	struct signed_state *state = NULL;
	uint64_t size = tree_size(audit->tree);
	struct buf note;

	buf_init(&note, CHECKPOINT_MAX);
	if (checkpoint_sign(&note, size, &root, audit->key, fault) == 0 &&
	    buf_check(&note, fault) == 0) {
		state = xzalloc(sizeof(*state) + note.len);
		state->users = 1;
		state->size = size;
		state->len = note.len;
		memcpy(state->note, note.data, note.len);
	}
	buf_fini(&note);
	return state;
}

static struct signed_state *
state_take(struct audit *audit)
{
	struct signed_state *state;

	pthread_mutex_lock(&audit->lock);
	state = audit->newest;
	state->users++;
	pthread_mutex_unlock(&audit->lock);
	return state;
}

static void
state_drop(struct audit *audit, struct signed_state *state)
{
	bool last;

	if (state == NULL) {
		return;
	}
	pthread_mutex_lock(&audit->lock);
	last = --state->users == 0;
	pthread_mutex_unlock(&audit->lock);
	if (last) {
		free(state);
	}
}

static void *
group_durable(void *arg, const struct log_entry *entries, size_t count)
{
	struct audit *audit = arg;
	struct signed_state *state;
	struct signed_state *before;
	struct fault fault;

	for (size_t i = 0; i < count; i++) {
		tree_append(audit->tree, entries[i].bytes);
	}
	pthread_mutex_lock(&audit->lock);
	audit->joined += count;
	pthread_cond_broadcast(&audit->grown);
	pthread_mutex_unlock(&audit->lock);
	state = sign_state(audit, &fault);
	if (state == NULL) {
		/* The entries are durable; receipts can be asked for later. */
		log_error(NULL, "audit.unsigned", "reason=%s", fault.text);
		return NULL;
	}
	pthread_mutex_lock(&audit->lock);
	before = audit->newest;
	audit->newest = state;
	state->users++;
	pthread_mutex_unlock(&audit->lock);
	state_drop(audit, before);
	return state;
}

static void
group_release(void *arg, void *group)
{
	state_drop(arg, group);
}

static int
load_key(struct audit *audit, struct bytes text, struct fault *fault)
{
	struct note_verifier verifier;
	struct buf vkey;

	if (note_key_parse(&audit->key, text, fault) < 0) {
		fault_prefix(fault, "key of the audit log");
		return -1;
	}
	note_key_verifier(audit->key, &verifier);
	buf_init(&vkey, 1024);
	note_verifier_format(&vkey, &verifier);
	audit->vkey = xstrdup(buf_text(&vkey));
	buf_fini(&vkey);
	return 0;
}

static void
init_waiting(struct audit *audit)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&audit->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&audit->grown, &attributes);
	pthread_condattr_destroy(&attributes);
}

int
audit_open(struct audit **audit_out, struct store *store, struct bytes key,
    struct fault *fault)
{
	struct audit *audit = xzalloc(sizeof(*audit));
	struct durable_hook hook = { group_durable, group_release, audit };

	audit->store = store;
	init_waiting(audit);
	if (load_key(audit, key, fault) < 0 ||
	    tree_new(&audit->tree, store, fault) < 0 ||
	    (audit->newest = sign_state(audit, fault)) == NULL) {
		audit_close(audit);
		return -1;
	}
	audit->joined = tree_size(audit->tree);
	store_on_durable(store, &hook);
	*audit_out = audit;
	return 0;
}

void
audit_close(struct audit *audit)
{
	if (audit == NULL) {
		return;
	}
	state_drop(audit, audit->newest);
	tree_free(audit->tree);
	note_key_free(audit->key);
	pthread_cond_destroy(&audit->grown);
	pthread_mutex_destroy(&audit->lock);
	free(audit->vkey);
	free(audit);
}

void
audit_keep(struct audit *audit)
{
	tree_keep(audit->tree);
}

const char *
audit_vkey(const struct audit *audit)
{
	return audit->vkey;
}

/* Prove the receipt's leaf in the tree of `size` and write it down. */
static int
prove(struct audit *audit, struct arena *arena, struct receipt *receipt,
    uint64_t size, struct bytes *receipt_out, struct fault *fault)
{
	struct merkle_subtrees subtrees = tree_subtrees(audit->tree);
	struct buf out;
	int rc;

	if (merkle_inclusion(&receipt->proof, receipt->index, size, &subtrees,
	        fault) < 0) {
		return -1;
	}
	buf_init(&out, RECEIPT_MAX);
	rc = receipt_format(&out, receipt, fault);
	if (rc == 0) {
		rc = buf_check(&out, fault);
	}
	if (rc == 0) {
		*receipt_out = arena_copy(arena, buf_bytes(&out));
	}
	buf_fini(&out);
	return rc;
}

static int
make_receipt(struct audit *audit, struct arena *arena, uint64_t index,
    uint64_t size, struct bytes checkpoint, struct bytes *receipt_out,
    struct fault *fault)
{
	struct receipt receipt = { .index = index, .checkpoint = checkpoint };
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, audit->store, fault) < 0) {
		return -1;
	}
	found = snapshot_log_find(snapshot, index, arena, &receipt.leaf, fault);
	snapshot_close(snapshot);
	if (found <= 0) {
		return found < 0 ? -1
		                 : fault_set(fault, FAULT_ABSENT,
		                       "the log has no entry %llu",
		                       (unsigned long long)index);
	}
	return prove(audit, arena, &receipt, size, receipt_out, fault);
}

int
audit_receipt(struct audit *audit, struct arena *arena,
    const struct writes_result *result, struct bytes leaf,
    struct bytes *receipt_out, struct fault *fault)
{
	const struct signed_state *state;
	struct receipt receipt;

	if (result->group == NULL || result->repeated) {
		return audit_receipt_at(audit, arena, result->log_index,
		    receipt_out, fault);
	}
	state = result->group;
	receipt = (struct receipt){
		.leaf = leaf,
		.index = result->log_index,
		.checkpoint = bytes_of(state->note, state->len),
	};
	return prove(audit, arena, &receipt, state->size, receipt_out, fault);
}

int
audit_receipt_at(struct audit *audit, struct arena *arena, uint64_t index,
    struct bytes *receipt_out, struct fault *fault)
{
	struct signed_state *state = state_take(audit);
	int rc = -1;

	if (index >= state->size) {
		fault_set(fault, FAULT_ABSENT,
		    "the log has %llu entries, none is numbered %llu",
		    (unsigned long long)state->size, (unsigned long long)index);
	} else {
		rc = make_receipt(audit, arena, index, state->size,
		    bytes_of(state->note, state->len), receipt_out, fault);
	}
	state_drop(audit, state);
	return rc;
}

/* An entry is seen by snapshots before the writer's hook put it in the tree. */
static int
wait_for_size(struct audit *audit, uint64_t size, struct fault *fault)
{
	struct timespec until;
	bool is_there;
	int code = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += JOIN_SECONDS;
	pthread_mutex_lock(&audit->lock);
	while (audit->joined < size && code == 0) {
		code =
		    pthread_cond_timedwait(&audit->grown, &audit->lock, &until);
	}
	is_there = audit->joined >= size;
	pthread_mutex_unlock(&audit->lock);
	return is_there ? 0
	                : fault_set(fault, FAULT_ABSENT,
	                      "the log has not %llu entries yet",
	                      (unsigned long long)size);
}

int
audit_checkpoint_of(struct audit *audit, struct arena *arena, uint64_t size,
    struct bytes *checkpoint_out, struct fault *fault)
{
	struct merkle_subtrees subtrees = tree_subtrees(audit->tree);
	struct merkle_frontier frontier;
	struct sha256 root;
	struct buf note;
	int rc;

	if (size == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "a checkpoint of no entries proves nothing");
	}
	if (wait_for_size(audit, size, fault) < 0 ||
	    merkle_frontier_load(&frontier, size, &subtrees, fault) < 0) {
		return -1;
	}
	root = merkle_frontier_root(&frontier);
	buf_init(&note, CHECKPOINT_MAX);
	rc = checkpoint_sign(&note, size, &root, audit->key, fault);
	if (rc == 0) {
		rc = buf_check(&note, fault);
	}
	if (rc == 0) {
		*checkpoint_out = arena_copy(arena, buf_bytes(&note));
	}
	buf_fini(&note);
	return rc;
}

int
audit_receipt_by(struct audit *audit, struct arena *arena, uint64_t index,
    uint64_t size, struct bytes checkpoint, struct bytes *receipt_out,
    struct fault *fault)
{
	return make_receipt(audit, arena, index, size, checkpoint, receipt_out,
	    fault);
}

struct bytes
audit_checkpoint(struct audit *audit, struct arena *arena, uint64_t *size_out)
{
	struct signed_state *state = state_take(audit);
	struct bytes note =
	    arena_copy(arena, bytes_of(state->note, state->len));

	*size_out = state->size;
	state_drop(audit, state);
	return note;
}

int
audit_consistency(struct audit *audit, uint64_t from, uint64_t to,
    struct merkle_proof *proof_out, struct fault *fault)
{
	struct merkle_subtrees subtrees = tree_subtrees(audit->tree);
	uint64_t size = tree_size(audit->tree);

	if (from == 0 || from > to || to > size) {
		return fault_set(fault, FAULT_INVALID,
		    "sizes must be 1 <= %llu <= %llu <= %llu, the log's",
		    (unsigned long long)from, (unsigned long long)to,
		    (unsigned long long)size);
	}
	return merkle_consistency(proof_out, from, to, &subtrees, fault);
}

static int
hash_tile(struct audit *audit, const struct tile *tile, struct buf *out,
    struct fault *fault)
{
	struct merkle_subtrees subtrees = tree_subtrees(audit->tree);

	for (unsigned i = 0; i < tile->width; i++) {
		struct sha256 hash;

		if (subtrees.find(subtrees.arg, 8 * tile->level,
		        tile->index * TILE_WIDTH + i, &hash, fault) < 0) {
			return -1;
		}
		buf_add(out, hash.bytes, sizeof(hash.bytes));
	}
	return 0;
}

static int
entry_tile(struct audit *audit, struct arena *arena, const struct tile *tile,
    struct buf *out, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc = 0;

	if (snapshot_open(&snapshot, audit->store, fault) < 0) {
		return -1;
	}
	for (unsigned i = 0; i < tile->width && rc == 0; i++) {
		struct bytes entry;

		rc = snapshot_log_find(snapshot, tile->index * TILE_WIDTH + i,
		    arena, &entry, fault);
		rc = rc == 1 ? tile_entry_encode(out, entry, fault) : -1;
	}
	snapshot_close(snapshot);
	return rc;
}

int
audit_tile(struct audit *audit, struct arena *arena, const struct tile *tile,
    struct bytes *bytes_out, struct fault *fault)
{
	uint64_t size;
	struct buf out;
	int rc;

	audit_checkpoint(audit, arena, &size);
	if (tile->width == 0 || tile->width > tile_width(tile, size)) {
		return 0;
	}
	buf_init(&out, (size_t)TILE_WIDTH * (TILE_ENTRY_MAX + 2));
	rc = tile->is_entries ? entry_tile(audit, arena, tile, &out, fault)
	                      : hash_tile(audit, tile, &out, fault);
	if (rc == 0) {
		rc = buf_check(&out, fault);
	}
	if (rc == 0) {
		*bytes_out = arena_copy(arena, buf_bytes(&out));
	}
	buf_fini(&out);
	return rc < 0 ? -1 : 1;
}
