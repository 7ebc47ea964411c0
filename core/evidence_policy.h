/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_POLICY_H
#define CORE_EVIDENCE_POLICY_H

#include "core/evidence_rows.h"
#include "core/rules.h"

/*
 * When evidence is renewed, and with which digest: what the operator chose,
 * and how long an algorithm is relied on (data/rules/algorithms.json).
 *
 * Units:   times are UTC microseconds.
 */

/* Section [evidence] of the options. */
struct evidence_conf {
	uint64_t every_ms;   /* between two batches; 0: none are made */
	uint64_t renew_ms;   /* before a certificate or an algorithm ends */
	uint64_t longest_ms; /* no time-stamp stays the last for longer */
};

/*
 * When an algorithm is not relied on any more, by its name ("SHA-256",
 * "EC P-256"); INT64_MAX where the table names no day.
 */
int64_t evidence_policy_sunset(const struct rules *rules, const char *name);

/* Is it time to hash anew what is under this digest? */
bool evidence_policy_is_weak(const struct evidence_conf *conf,
    const struct rules *rules, enum digest_kind kind, int64_t now);
/*
 * The first digest of the table that is not weak.
 *
 * Errors:  FAULT_INVALID there is none.
 */
int evidence_policy_choose(enum digest_kind *kind_out,
    const struct evidence_conf *conf, const struct rules *rules, int64_t now,
    struct fault *fault);

/*
 * When the time-stamp of a batch is to be renewed: renew_ms before its first
 * certificate or the algorithm of its key ends, longest_ms after it was made
 * at the latest; where it lasts for less than twice renew_ms, halfway.
 */
int64_t evidence_policy_due(const struct evidence_conf *conf,
    const struct rules *rules, const struct evidence_batch *batch);

#endif
