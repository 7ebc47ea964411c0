/* SPDX-License-Identifier: Apache-2.0 */

/*
 * New containers are found in the log: whatever seals one leaves an entry, so
 * no row has to wait for us.  Where the gathering stands is written with every
 * sheet of the batch, and a container that the open batch has already is
 * passed over.
 */

#include "core/evidence_new.h"

#include "base/glance.h"
#include "core/evidence_container.h"
#include "core/id_set.h"

#define LOG_PAGE     8192u /* entries that are read in one snapshot */
#define WAITING_PAGE 4096u

/* --- what waits -------------------------------------------------------------------- */

static int
read_waiting(const struct evidence_gathering *gathering, struct id_set *waiting,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct bytes key, value;
	struct scan *scan;
	struct key rows;
	int rc;

	evidence_draft_wait_key(&rows, NULL);
	if (snapshot_open(&snapshot, gathering->core->store, fault) < 0) {
		return -1;
	}
	rc = scan_open_prefix(&scan, snapshot, key_bytes(&rows), fault);
	if (rc == 0) {
		while (waiting->count < WAITING_PAGE &&
		       (rc = scan_next(scan, &key, &value, fault)) == 1) {
			struct key_reader reader;
			bool is_new;

			key_read_start(&reader, key);
			key_read_text(&reader);
			id_set_add(waiting, key_read_text(&reader), &is_new);
		}
		scan_close(scan);
	}
	snapshot_close(snapshot);
	return rc < 0 ? -1 : 0;
}

/* --- new containers ------------------------------------------------------------------ */

/* Is its record whole, and of the container that the dossier has now? */
static bool
is_proved(const struct evidence_gathering *gathering,
    const struct evidence_container *container)
{
	const struct evidence_chain *chain = &container->chain;

	return chain->open == evidence_draft_batch(gathering->draft)->number ||
	       (chain->count > 0 && chain->head.until > gathering->now &&
	           memcmp(chain->sum.bytes, container->leaf.sum.bytes,
	               SHA256_BYTES) == 0);
}

/* In a first tree of SHA-256 its name is its leaf. */
static int
hash_new(struct evidence_container *container, enum digest_kind kind,
    struct fault *fault)
{
	struct digest_value *from = &container->leaf.way.from;

	if (kind != DIGEST_SHA256) {
		return evidence_container_hash(container, kind, from, fault);
	}
	*from = (struct digest_value){ .kind = kind };
	memcpy(from->bytes, container->leaf.sum.bytes, SHA256_BYTES);
	return 0;
}

/* 1 it is to be added, 0 not, -1 why not. */
static int
take_new(struct evidence_container *container,
    const struct evidence_gathering *gathering, const char *dossier,
    struct fault *fault)
{
	enum digest_kind kind = evidence_draft_batch(gathering->draft)->digest;
	int found;

	if (evidence_draft_has(gathering->draft, dossier)) {
		return 0;
	}
	found = evidence_container_find(container, gathering->core->store,
	    dossier, fault);
	if (found <= 0 || is_proved(gathering, container)) {
		return found < 0 ? -1 : 0;
	}
	return hash_new(container, kind, fault) < 0 ? -1 : 1;
}

static int
gather_one(struct evidence_gathering *gathering, const char *dossier,
    struct fault *fault)
{
	struct evidence_container container = { .arena = arena_new() };
	struct fault why = { .code = FAULT_NONE };
	int taken = take_new(&container, gathering, dossier, &why);
	int rc = 0;

	if (taken < 0) {
		rc = evidence_gather_refuse(gathering, dossier, &why, fault);
	} else if (taken == 1) {
		rc = evidence_gather_add(gathering, &container.leaf, fault);
	}
	arena_free(container.arena);
	return rc;
}

/* Entries of sealed dossiers, with their indexes. */
struct sealed_page {
	struct id_set dossiers;
	uint64_t *indexes; /* of the first entry of each */
	uint64_t next;     /* entry behind the page */
	bool is_last;
};

static void
note_entry(struct sealed_page *page, uint64_t index, struct bytes entry)
{
	static const char *const keys[] = { "act", "object" };
	static const char kind[] = "dossier/";
	struct arena *arena = page->dossiers.arena;
	struct bytes values[2];
	const char *act, *object;
	bool is_new;

	glance_members(entry, keys, 2, values);
	act = glance_text(arena, values[0]);
	object = glance_text(arena, values[1]);
	if (act != NULL && object != NULL && strncmp(act, "package.", 8) == 0 &&
	    strncmp(object, kind, sizeof(kind) - 1) == 0) {
		size_t at = id_set_add(&page->dossiers,
		    object + sizeof(kind) - 1, &is_new);

		if (is_new) {
			page->indexes[at] = index;
		}
	}
}

static int
read_page(struct sealed_page *page, struct arena *arena, struct store *store,
    uint64_t from, struct fault *fault)
{
	struct snapshot *snapshot;
	struct bytes key, entry;
	struct scan *scan;
	int rc;

	id_set_init(&page->dossiers, arena);
	page->indexes = arena_alloc(arena, LOG_PAGE * sizeof(uint64_t));
	page->next = from;
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	rc = scan_open_log(&scan, snapshot, from, fault);
	if (rc == 0) {
		rc = 1;
		for (unsigned i = 0; i < LOG_PAGE && rc == 1; i++) {
			rc = scan_next(scan, &key, &entry, fault);
			if (rc == 1) {
				note_entry(page, scan_log_index(key), entry);
				page->next = scan_log_index(key) + 1;
			}
		}
		scan_close(scan);
	}
	page->is_last = rc == 0;
	snapshot_close(snapshot);
	return rc < 0 ? -1 : 0;
}

static int
gather_page(struct evidence_gathering *gathering,
    const struct sealed_page *page, struct fault *fault)
{
	for (size_t i = 0; i < page->dossiers.count; i++) {
		if (evidence_gather_is_stopped(gathering)) {
			return 0;
		}
		evidence_draft_place_log(gathering->draft,
		    page->indexes[i] + 1);
		if (gather_one(gathering, page->dossiers.ids[i], fault) < 0) {
			return -1;
		}
	}
	evidence_draft_place_log(gathering->draft, page->next);
	return 0;
}

static int
gather_log(struct evidence_gathering *gathering, struct fault *fault)
{
	struct sealed_page page = { .is_last = false };
	struct arena *arena = arena_new();
	int rc = 0;

	while (rc == 0 && !page.is_last &&
	       !evidence_gather_is_stopped(gathering)) {
		arena_reset(arena);
		rc = read_page(&page, arena, gathering->core->store,
		    evidence_draft_batch(gathering->draft)->log, fault);
		if (rc == 0) {
			rc = gather_page(gathering, &page, fault);
		}
	}
	arena_free(arena);
	return rc;
}

static int
gather_waiting(struct evidence_gathering *gathering, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct id_set waiting;
	int rc;

	id_set_init(&waiting, arena);
	rc = read_waiting(gathering, &waiting, fault);
	for (size_t i = 0; i < waiting.count && rc == 0; i++) {
		if (!evidence_gather_is_stopped(gathering)) {
			rc = gather_one(gathering, waiting.ids[i], fault);
		}
	}
	arena_free(arena);
	return rc;
}

/* No batch came of it: the next run begins where this one ended. */
static int
save_log(const struct evidence_gathering *gathering, uint64_t log,
    struct fault *fault)
{
	struct writes *writes = writes_new(gathering->core->store, NULL);

	evidence_draft_put_log(writes, log);
	return writes_commit_now(writes, fault);
}

int
evidence_new_go_on(struct evidence_gathering *gathering, struct fault *fault)
{
	uint64_t number = gathering->next;
	uint64_t log;
	int rc = gather_waiting(gathering, fault);

	if (rc == 0) {
		rc = gather_log(gathering, fault);
	}
	if (rc < 0 || evidence_gather_is_stopped(gathering)) {
		evidence_gather_leave(gathering);
		return rc;
	}
	log = evidence_draft_batch(gathering->draft)->log;
	rc = evidence_gather_finish(gathering, fault);
	return rc < 0 || gathering->next != number
	           ? rc
	           : save_log(gathering, log, fault);
}

int
evidence_new_gather(struct evidence_gathering *gathering, struct fault *fault)
{
	struct evidence_batch batch = { .kind = EVIDENCE_FIRST, .after = "" };
	struct snapshot *snapshot;
	struct arena *arena;
	int rc;

	if (evidence_policy_choose(&batch.digest, gathering->conf,
	        gathering->core->rules, gathering->now, fault) < 0 ||
	    snapshot_open(&snapshot, gathering->core->store, fault) < 0) {
		return -1;
	}
	arena = arena_new();
	rc = evidence_draft_read_log(snapshot, arena, &batch.log, fault);
	arena_free(arena);
	snapshot_close(snapshot);
	if (rc == 0) {
		rc = evidence_gather_begin(gathering, &batch, fault);
	}
	return rc < 0 ? -1 : evidence_new_go_on(gathering, fault);
}
