/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_AUDIT_H
#define CORE_AUDIT_H

#include "archive/merkle.h"
#include "archive/tile.h"
#include "base/arena.h"
#include "storage/store.h"

/*
 * The audit log as a Merkle tree (RFC 6962) over the store's log, with a
 * checkpoint signed for every durable group (C2SP tlog-checkpoint).  The log
 * is the truth: after a crash the same log gives the same tree and, by
 * Ed25519, the same bytes.
 *
 * Thread:  the tree grows on the writer thread; everything else may be called
 *          from any.
 */
struct audit;

/*
 * Build the tree from the store's log and sign every group from now on.
 * `key` is the text of the log's key (archive/note.h); its name is the log's,
 * "khenthuong.example.vn/audit".
 */
int audit_open(struct audit **audit_out, struct store *store, struct bytes key,
    struct fault *fault);
/* After store_close(), which lets the last groups be signed. */
void audit_close(struct audit *audit);
/* Housekeeping, now and then: makes the next start quick. */
void audit_keep(struct audit *audit);

/* The verifier key to hand out: "<name>+<id>+<base64>". */
const char *audit_vkey(const struct audit *audit);

/*
 * The receipt of a set that was just applied: canonical JSON.  `leaf` is its
 * first entry as it was given to the log; where the set was applied before,
 * the log has its own.
 */
int audit_receipt(struct audit *audit, struct arena *arena,
    const struct writes_result *result, struct bytes leaf,
    struct bytes *receipt_out, struct fault *fault);
/* The receipt of any entry, against the newest checkpoint. */
int audit_receipt_at(struct audit *audit, struct arena *arena, uint64_t index,
    struct bytes *receipt_out, struct fault *fault);

/*
 * The checkpoint of the log's first `size` entries.  It is signed anew, and by
 * Ed25519 its bytes are the same whenever it is asked.  Where the entries were
 * stored a moment ago it waits for the tree.
 *
 * Errors:  FAULT_INVALID a size of 0; FAULT_ABSENT the log is shorter.
 * Thread:  worker, never the writer.
 */
int audit_checkpoint_of(struct audit *audit, struct arena *arena, uint64_t size,
    struct bytes *checkpoint_out, struct fault *fault);
/* The receipt of an entry below `size`, by that checkpoint. */
int audit_receipt_by(struct audit *audit, struct arena *arena, uint64_t index,
    uint64_t size, struct bytes checkpoint, struct bytes *receipt_out,
    struct fault *fault);

/* The newest signed checkpoint and its tree size. */
struct bytes audit_checkpoint(struct audit *audit, struct arena *arena,
    uint64_t *size_out);
/* Proves that the tree of size `from` is the beginning of that of `to`. */
int audit_consistency(struct audit *audit, uint64_t from, uint64_t to,
    struct merkle_proof *proof_out, struct fault *fault);
/*
 * The bytes of a tile (C2SP tlog-tiles).  1 found, 0 not (yet) there in this
 * width, -1 failed.
 */
int audit_tile(struct audit *audit, struct arena *arena,
    const struct tile *tile, struct bytes *bytes_out, struct fault *fault);

#endif
