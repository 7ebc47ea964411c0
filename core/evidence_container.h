/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_CONTAINER_H
#define CORE_EVIDENCE_CONTAINER_H

#include "core/evidence_chain.h"

struct blob;
struct trust;

/*
 * A sealed container as evidence sees it: where it is, what of it is proved,
 * and its digests.  It is found in a snapshot and pinned; reading it takes as
 * long as it takes, without one.
 *
 * Thread:  worker.
 */
struct evidence_container {
	struct arena *arena; /* the caller's; it is pinned until that ends */
	struct blob *blob;
	struct evidence_leaf leaf;   /* dossier, chain, sum and signer */
	struct evidence_chain chain; /* its record so far */
};

/*
 * 1 found, 0 the dossier has no sealed container (yet), -1.
 *
 * Owner:   `dossier` is borrowed as long as the container.
 * Errors:  FAULT_CORRUPT what its seal names is not stored.
 */
int evidence_container_find(struct evidence_container *container,
    struct store *store, const char *dossier, struct fault *fault);

/*
 * Read all of it for its digest.
 *
 * Errors:  FAULT_CORRUPT it is not what its name says.
 */
int evidence_container_hash(const struct evidence_container *container,
    enum digest_kind kind, struct digest_value *value_out, struct fault *fault);

/*
 * The same, and its record so far is verified by the bytes that were read, as
 * it stands now and with these anchors (or NULL).
 *
 * Errors:  FAULT_CORRUPT the container or the record is wrong.
 */
int evidence_container_verify(const struct evidence_container *container,
    const struct trust *anchors, int64_t now, enum digest_kind kind,
    struct digest_value *value_out, struct fault *fault);

#endif
