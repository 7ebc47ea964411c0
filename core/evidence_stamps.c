/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The leaf of a batch is the digest of its token, so all containers under it
 * are renewed by one row.  The new batch, its token and those rows are one
 * set: it is there whole or not at all.
 */

#include "core/evidence_stamps.h"

#include "base/log.h"
#include "core/tsa_client.h"

#include <inttypes.h>

/* Time-stamps under one: rows of a set. */
#define RENEWED_MAX 2048u

struct renewing {
	struct evidence_gathering *gathering;
	const struct evidence_book *book;
	struct arena *arena;
	enum digest_kind digest;
	uint64_t numbers[RENEWED_MAX];
	struct digest_value leaves[RENEWED_MAX];
	size_t count;
};

/* It is what was stored, and holds today: that is what is renewed. */
static int
check_old(const struct renewing *renewing, const struct evidence_batch *batch,
    struct bytes token, struct fault *fault)
{
	struct timestamp_question question = { .token = token,
		.imprint = digest_value_bytes(&batch->root),
		.anchors = tsa_client_anchors(renewing->gathering->core->tsa),
		.at = renewing->gathering->now };
	struct timestamp_report report;

	timestamp_check(&report, renewing->arena, &question);
	if (!report.is_valid || report.trust == TRUST_MISSED) {
		return fault_set(fault, FAULT_CORRUPT, "%s",
		    report.is_valid ? report.trust_words : report.reason);
	}
	return 0;
}

static int
add_old(struct renewing *renewing, const struct evidence_batch *batch,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct bytes token;
	int found;

	if (snapshot_open(&snapshot, renewing->gathering->core->store, fault) <
	    0) {
		return -1;
	}
	found = evidence_rows_find_token(snapshot, renewing->arena,
	    batch->number, &token, fault);
	snapshot_close(snapshot);
	if (found == 0) {
		fault_set(fault, FAULT_CORRUPT, "it is not stored");
	}
	if (found <= 0 || check_old(renewing, batch, token, fault) < 0) {
		return -1;
	}
	renewing->numbers[renewing->count] = batch->number;
	renewing->leaves[renewing->count++] =
	    digest_value_of(renewing->digest, token);
	return 0;
}

static int
write_all(const struct renewing *renewing, const struct evidence_batch *batch,
    const struct hash_tree *tree, struct bytes token, struct fault *fault)
{
	struct writes *writes =
	    writes_new(renewing->gathering->core->store, NULL);

	for (size_t i = 0; i < renewing->count; i++) {
		struct evidence_way way = { .from = renewing->leaves[i] };

		way.count = hash_tree_path(tree, i, way.path);
		evidence_rows_put_renewal(writes, renewing->numbers[i],
		    batch->number, &way);
	}
	evidence_rows_put_batch(writes, batch);
	evidence_rows_put_token(writes, batch->number, token);
	return writes_commit_now(writes, fault);
}

static int
stamp(struct renewing *renewing, struct fault *fault)
{
	struct evidence_gathering *gathering = renewing->gathering;
	struct hash_tree *tree =
	    hash_tree_new(renewing->leaves, renewing->count);
	struct evidence_batch batch = { .number = gathering->next,
		.kind = EVIDENCE_STAMPS,
		.digest = renewing->digest,
		.count = renewing->count,
		.root = *hash_tree_root(tree) };
	struct buf token;
	int rc;

	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	rc = evidence_draft_stamp(gathering->core, &batch, gathering->newest,
	    renewing->arena, &token, fault);
	if (rc == 0) {
		rc =
		    write_all(renewing, &batch, tree, buf_bytes(&token), fault);
	}
	if (rc == 0) {
		gathering->next++;
		gathering->newest = batch.at;
		gathering->done.restamped += renewing->count;
		log_info(NULL, "evidence.renewed",
		    "batch=%" PRIu64 " digest=%s batches=%zu authority=%s",
		    batch.number, digest_kind_name(batch.digest),
		    renewing->count, batch.authority);
	}
	buf_fini(&token);
	hash_tree_free(tree);
	return rc;
}

/* The last time-stamp over somebody, of this digest, that still holds. */
static bool
is_candidate(const struct renewing *renewing, size_t place,
    const uint64_t *lives)
{
	const struct evidence_batch *batch = &renewing->book->batches[place];

	return !batch->is_open && lives[place] > 0 &&
	       batch->digest == renewing->digest &&
	       batch->until > renewing->gathering->now;
}

static int64_t
due_of(const struct renewing *renewing, size_t place)
{
	return evidence_policy_due(renewing->gathering->conf,
	    renewing->gathering->core->rules, &renewing->book->batches[place]);
}

/* Has the time of any come? */
static bool
has_due(const struct renewing *renewing, const uint64_t *lives)
{
	for (size_t i = 0; i < renewing->book->count; i++) {
		if (is_candidate(renewing, i, lives) &&
		    due_of(renewing, i) <= renewing->gathering->now) {
			return true;
		}
	}
	return false;
}

/* Then those go along that are more than halfway to their time. */
static bool
goes_along(const struct renewing *renewing, size_t place)
{
	int64_t at = renewing->book->batches[place].at;

	return at + (due_of(renewing, place) - at) / 2 <=
	       renewing->gathering->now;
}

static void
gather(struct renewing *renewing, const uint64_t *lives)
{
	for (size_t i = 0;
	     i < renewing->book->count && renewing->count < RENEWED_MAX; i++) {
		const struct evidence_batch *batch =
		    &renewing->book->batches[i];
		struct fault why;

		if (is_candidate(renewing, i, lives) &&
		    goes_along(renewing, i) &&
		    add_old(renewing, batch, &why) < 0) {
			log_error(NULL, "evidence.not_renewed",
			    "batch=%" PRIu64 " reason=%s", batch->number,
			    why.text);
		}
	}
}

static int
renew_kind(struct renewing *renewing, const uint64_t *lives,
    struct fault *fault)
{
	if (!has_due(renewing, lives)) {
		return 0;
	}
	gather(renewing, lives); /* what is too much is the next run's */
	return renewing->count > 0 ? stamp(renewing, fault) : 0;
}

int
evidence_stamps_renew(struct evidence_gathering *gathering,
    const struct evidence_book *book, const uint64_t *lives,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	int rc = 0;

	for (int kind = 0; kind < DIGEST_KIND_COUNT && rc == 0; kind++) {
		struct renewing *renewing =
		    arena_alloc(arena, sizeof(*renewing));

		renewing->gathering = gathering;
		renewing->book = book;
		renewing->arena = arena;
		renewing->digest = (enum digest_kind)kind;
		rc = renew_kind(renewing, lives, fault);
	}
	arena_free(arena);
	return rc;
}
