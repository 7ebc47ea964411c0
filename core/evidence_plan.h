/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_PLAN_H
#define CORE_EVIDENCE_PLAN_H

#include "core/core.h"
#include "core/evidence_policy.h"

/*
 * The calendar of evidence: what ends when, when it will be renewed, and how
 * many containers rest on it.
 *
 *     {"authorities": [{"authority", "issuer", "key", "until", "renew_at",
 *                       "containers"}],
 *      "digests": [{"digest", "until", "renew_at", "containers"}],
 *      "keys": [{"key", "until", "containers"}],
 *      "signers": [{"sha256", "subject", "until", "containers"}],
 *      "containers", "lost", "waiting"}
 *
 * A time that nobody has told is absent.  `lost` were not renewed in time,
 * `waiting` could not be taken yet.
 *
 * Owner:   the tree is the arena's; NULL where it fails.
 * Thread:  worker; reads a row of each container.
 */
json_t *evidence_plan_make(struct core *core, const struct evidence_conf *conf,
    struct arena *arena, struct fault *fault);

#endif
