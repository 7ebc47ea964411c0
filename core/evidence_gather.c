/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_gather.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/reason.h"
#include "core/tsa_client.h"

#include <stdio.h>

bool
evidence_gather_is_stopped(const struct evidence_gathering *gathering)
{
	return tsa_client_is_stopped(gathering->core->tsa);
}

void
evidence_gather_init(struct evidence_gathering *gathering, struct core *core,
    const struct evidence_conf *conf, const struct evidence_book *book)
{
	*gathering = (struct evidence_gathering){ .core = core,
		.conf = conf,
		.now = clock_now(),
		.next = 1,
		.done = gathering->done };
	gathering->is_known[DIGEST_SHA256] = true;
	for (size_t i = 0; i < book->count; i++) {
		const struct evidence_batch *batch = &book->batches[i];

		gathering->next = batch->number + 1;
		if (!batch->is_open && batch->at > gathering->newest) {
			gathering->newest = batch->at;
		}
		gathering->is_known[batch->digest] |= !batch->is_open;
	}
}

/*
 * An authority that does not take a digest must say so before a batch is
 * begun that could never be done.
 */
static int
probe(struct evidence_gathering *gathering, enum digest_kind kind,
    struct fault *fault)
{
	struct digest_value imprint =
	    digest_value_of(kind, bytes_of_text("hoso"));
	struct buf token;
	int rc = 0;

	if (!gathering->is_known[kind]) {
		buf_init(&token, TIMESTAMP_RESPONSE_MAX);
		rc = tsa_client_get_digest(gathering->core->tsa, &token,
		    &imprint, fault);
		buf_fini(&token);
		gathering->is_known[kind] = rc == 0;
	}
	return rc;
}

int
evidence_gather_begin(struct evidence_gathering *gathering,
    const struct evidence_batch *like, struct fault *fault)
{
	struct evidence_batch batch = *like;

	batch.number = gathering->next;
	batch.sheets = 0;
	batch.count = 0;
	return probe(gathering, batch.digest, fault) < 0
	           ? -1
	           : evidence_draft_new(&gathering->draft, gathering->core,
	                 &batch, fault);
}

int
evidence_gather_finish(struct evidence_gathering *gathering,
    struct fault *fault)
{
	int made =
	    evidence_draft_finish(gathering->draft, &gathering->newest, fault);
	const struct evidence_batch *batch =
	    evidence_draft_batch(gathering->draft);

	if (made == 1 && batch->kind == EVIDENCE_FIRST) {
		gathering->done.taken += batch->count;
	} else if (made == 1) {
		gathering->done.rehashed += batch->count;
	}
	evidence_draft_free(gathering->draft);
	gathering->draft = NULL;
	gathering->next += made == 1;
	return made < 0 ? -1 : 0;
}

void
evidence_gather_leave(struct evidence_gathering *gathering)
{
	evidence_draft_free(gathering->draft);
	gathering->draft = NULL;
}

int
evidence_gather_add(struct evidence_gathering *gathering,
    const struct evidence_leaf *leaf, struct fault *fault)
{
	if (evidence_draft_is_full(gathering->draft)) {
		struct evidence_batch like =
		    *evidence_draft_batch(gathering->draft);
		char after[KEY_MAX_BYTES + 1];

		snprintf(after, sizeof(after), "%s", like.after);
		like.after = after;
		if (evidence_gather_finish(gathering, fault) < 0 ||
		    evidence_gather_begin(gathering, &like, fault) < 0) {
			return -1;
		}
	}
	return evidence_draft_add(gathering->draft, leaf, fault);
}

/* --- what waits -------------------------------------------------------------------- */

void
evidence_gather_wait(struct writes *writes, const char *dossier,
    const struct fault *why)
{
	struct arena *arena = arena_new();
	json_t *row = json_own(arena, json_object());
	struct key key;

	evidence_draft_wait_key(&key, dossier);
	reason_put(row, arena, why);
	writes_put(writes, key_bytes(&key), json_bytes(arena, row));
	arena_free(arena);
}

int
evidence_gather_refuse(const struct evidence_gathering *gathering,
    const char *dossier, const struct fault *why, struct fault *fault)
{
	struct writes *writes = writes_new(gathering->core->store, NULL);

	log_error(NULL, "evidence.refused", "dossier=%s reason=%s", dossier,
	    why->text);
	evidence_gather_wait(writes, dossier, why);
	return writes_commit_now(writes, fault);
}
