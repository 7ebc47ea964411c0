/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_weak.h"

#include "base/log.h"
#include "core/evidence_container.h"
#include "core/id_set.h"
#include "core/tsa_client.h"

#define PAGE 512u /* containers that are found before they are read */

struct search {
	const struct evidence_gathering *gathering;
	const struct evidence_book *book;
	struct id_set found;
};

/* An evidence_proved_fn. */
static int
note_weak(void *arg, const struct evidence_proved *proved, struct fault *fault)
{
	struct search *search = arg;
	const struct evidence_gathering *gathering = search->gathering;
	size_t last = proved->places[proved->count - 1];
	bool is_new;

	(void)fault;
	if (evidence_policy_is_weak(gathering->conf, gathering->core->rules,
	        search->book->batches[last].digest, gathering->now)) {
		id_set_add(&search->found, proved->leaves[0].dossier, &is_new);
	}
	return search->found.count == PAGE;
}

/* What the next chain covers: the object, and all chains before. */
static int
hash_again(struct evidence_container *container,
    const struct evidence_gathering *gathering, enum digest_kind kind,
    struct fault *fault)
{
	struct evidence_chain *chain = &container->chain;
	struct digest_value object, chains;

	if (evidence_container_verify(container,
	        tsa_client_anchors(gathering->core->tsa), gathering->now, kind,
	        &object, fault) < 0 ||
	    evidence_make_chains(&chains, kind, chain->pieces, chain->count,
	        fault) < 0) {
		return -1;
	}
	container->leaf.way.from = evidence_make_again(&object, &chains);
	return 0;
}

/* 1 it is to be added, 0 not, -1 why not. */
static int
take_weak(struct evidence_container *container,
    const struct evidence_gathering *gathering, const char *dossier,
    struct fault *fault)
{
	const struct evidence_batch *batch =
	    evidence_draft_batch(gathering->draft);
	int found = evidence_container_find(container, gathering->core->store,
	    dossier, fault);

	if (found <= 0) {
		return found;
	}
	/* The batch has it already; or it is to begin anew, and waits. */
	if (container->chain.open == batch->number ||
	    container->chain.count == 0 ||
	    memcmp(container->chain.sum.bytes, container->leaf.sum.bytes,
	        SHA256_BYTES) != 0) {
		return 0;
	}
	return hash_again(container, gathering, batch->digest, fault) < 0 ? -1
	                                                                  : 1;
}

static int
gather_one(struct evidence_gathering *gathering, const char *dossier,
    struct fault *fault)
{
	struct evidence_container container = { .arena = arena_new() };
	struct fault why = { .code = FAULT_NONE };
	int taken = take_weak(&container, gathering, dossier, &why);
	int rc = 0;

	if (taken < 0) {
		log_error(NULL, "evidence.not_renewed", "dossier=%s reason=%s",
		    dossier, why.text);
	}
	evidence_draft_place_after(gathering->draft, dossier);
	if (taken == 1) {
		rc = evidence_gather_add(gathering, &container.leaf, fault);
	}
	arena_free(container.arena);
	return rc;
}

/* The next ones behind the place where the batch stands: how many, or -1. */
static int
gather_page(struct evidence_gathering *gathering,
    const struct evidence_book *book, struct fault *fault)
{
	struct search search = { .gathering = gathering, .book = book };
	struct arena *arena = arena_new();
	int rc;

	id_set_init(&search.found, arena);
	rc = evidence_book_walk(book, gathering->core->store,
	    evidence_draft_batch(gathering->draft)->after, note_weak, &search,
	    fault);
	for (size_t i = 0; i < search.found.count && rc == 0; i++) {
		if (!evidence_gather_is_stopped(gathering)) {
			rc = gather_one(gathering, search.found.ids[i], fault);
		}
	}
	rc = rc < 0 ? -1 : (int)search.found.count;
	arena_free(arena);
	return rc;
}

int
evidence_weak_go_on(struct evidence_gathering *gathering,
    const struct evidence_book *book, struct fault *fault)
{
	int count;

	do {
		count = gather_page(gathering, book, fault);
	} while (count > 0 && !evidence_gather_is_stopped(gathering));
	if (count < 0 || evidence_gather_is_stopped(gathering)) {
		evidence_gather_leave(gathering);
		return count < 0 ? -1 : 0;
	}
	return evidence_gather_finish(gathering, fault);
}

int
evidence_weak_gather(struct evidence_gathering *gathering,
    const struct evidence_book *book, struct fault *fault)
{
	struct evidence_batch batch = { .kind = EVIDENCE_HASHES, .after = "" };

	if (evidence_policy_choose(&batch.digest, gathering->conf,
	        gathering->core->rules, gathering->now, fault) < 0 ||
	    evidence_gather_begin(gathering, &batch, fault) < 0) {
		return -1;
	}
	return evidence_weak_go_on(gathering, book, fault);
}
