/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_chain.h"

#include "archive/evidence_record.h"

struct reading {
	struct evidence_chain *chain;
	struct snapshot *snapshot;
	struct arena *arena;
};

static int
lost(const struct reading *reading, uint64_t batch, int found,
    struct fault *fault)
{
	return found < 0
	           ? -1
	           : fault_set(fault, FAULT_CORRUPT,
	                 "evidence of dossier %s: batch %llu is not "
	                 "whole",
	                 reading->chain->dossier, (unsigned long long)batch);
}

/* The next piece goes the way to its batch's root, which its token covers. */
static int
add_piece(struct reading *reading, const struct evidence_way *way,
    uint64_t batch, bool begins_chain, struct fault *fault)
{
	struct evidence_chain *chain = reading->chain;
	struct evidence_way *kept = arena_alloc(reading->arena, sizeof(*kept));
	struct evidence_piece *piece;
	struct bytes token;
	int found = evidence_rows_find_token(reading->snapshot, reading->arena,
	    batch, &token, fault);

	if (found <= 0) {
		return lost(reading, batch, found, fault);
	}
	if (chain->count == EVIDENCE_STAMPS_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "evidence of dossier %s has more than %u time-stamps",
		    chain->dossier, EVIDENCE_STAMPS_MAX);
	}
	*kept = *way;
	piece = &chain->pieces[chain->count++];
	*piece = (struct evidence_piece){ .begins_chain = begins_chain,
		.covered = &kept->from,
		.covered_count = 1,
		.path = kept->path,
		.path_count = kept->count,
		.token = token };
	return 0;
}

static int
find_head(struct reading *reading, uint64_t number, struct fault *fault)
{
	int found = evidence_rows_find_batch(reading->snapshot, reading->arena,
	    number, &reading->chain->head, fault);

	return found == 1 ? 0 : lost(reading, number, found, fault);
}

/* The time-stamps over that of the head, one over the other. */
static int
add_renewals(struct reading *reading, struct fault *fault)
{
	struct evidence_batch *head = &reading->chain->head;

	for (;;) {
		struct evidence_way way;
		uint64_t by;
		int found = evidence_rows_find_renewal(reading->snapshot,
		    reading->arena, head->number, &by, &way, fault);

		if (found <= 0) {
			return found;
		}
		if (by <= head->number) {
			return fault_set(fault, FAULT_CORRUPT,
			    "batch %llu of evidence is renewed by an older one",
			    (unsigned long long)head->number);
		}
		if (add_piece(reading, &way, by, false, fault) < 0 ||
		    find_head(reading, by, fault) < 0) {
			return -1;
		}
	}
}

static int
add_chain(struct reading *reading, const struct evidence_leaf *leaf,
    struct fault *fault)
{
	struct evidence_chain *chain = reading->chain;
	struct evidence_way way = leaf->way;
	struct evidence_way more;
	int found = evidence_rows_find_sheet(reading->snapshot, reading->arena,
	    leaf->batch, leaf->sheet, &more, fault);

	if (found <= 0) {
		return lost(reading, leaf->batch, found, fault);
	}
	if (way.count + more.count > EVIDENCE_WAY_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a way to the root of evidence is too long");
	}
	memcpy(&way.path[way.count], more.path,
	    more.count * sizeof(more.path[0]));
	way.count += more.count;
	if (chain->head.kind == EVIDENCE_FIRST) {
		chain->count = 0; /* the record begins here */
	}
	return add_piece(reading, &way, leaf->batch, true, fault) < 0
	           ? -1
	           : add_renewals(reading, fault);
}

static int
add_leaf(struct reading *reading, const struct evidence_leaf *leaf,
    struct fault *fault)
{
	struct evidence_chain *chain = reading->chain;
	struct evidence_batch batch;
	int found = evidence_rows_find_batch(reading->snapshot, reading->arena,
	    leaf->batch, &batch, fault);

	if (found <= 0) {
		return lost(reading, leaf->batch, found, fault);
	}
	chain->next_chain = leaf->chain + 1;
	if (batch.is_open) {
		chain->open = batch.number;
		return 0;
	}
	chain->head = batch;
	chain->sum = leaf->sum;
	chain->signer = leaf->signer;
	return add_chain(reading, leaf, fault);
}

static int
read_leaves(struct reading *reading, struct scan *scan, struct fault *fault)
{
	struct bytes key, value;
	int rc;

	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct evidence_leaf leaf;

		if (evidence_rows_read_leaf(&leaf, reading->arena, key, value,
		        fault) < 0 ||
		    add_leaf(reading, &leaf, fault) < 0) {
			return -1;
		}
	}
	return rc;
}

int
evidence_chain_read(struct evidence_chain *chain_out, struct snapshot *snapshot,
    struct arena *arena, const char *dossier, struct fault *fault)
{
	struct reading reading = { chain_out, snapshot, arena };
	struct scan *scan;
	struct key leaves;
	int rc;

	*chain_out = (struct evidence_chain){ .dossier = dossier,
		.pieces = arena_alloc(arena,
		    EVIDENCE_STAMPS_MAX * sizeof(struct evidence_piece)) };
	evidence_rows_leaves(&leaves, dossier);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&leaves), fault) < 0) {
		return -1;
	}
	rc = read_leaves(&reading, scan, fault);
	scan_close(scan);
	return rc;
}

int
evidence_chain_write(const struct evidence_chain *chain, struct arena *arena,
    struct bytes *record_out, struct fault *fault)
{
	struct buf record;
	int rc;

	buf_init(&record, EVIDENCE_RECORD_MAX);
	rc = evidence_make(&record, chain->pieces, chain->count, fault);
	if (rc == 0) {
		*record_out = arena_copy(arena, buf_bytes(&record));
	}
	buf_fini(&record);
	return rc;
}
