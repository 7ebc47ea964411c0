/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EVIDENCE_RISK_H
#define CORE_EVIDENCE_RISK_H

#include "base/json.h"
#include "core/core.h"

/*
 * What falls if an algorithm or an authority falls today.  A container stands
 * as long as any time-stamp of its record still holds that neither is of the
 * authority nor of the algorithm; what was stamped by it before, and stamped
 * again by another since, stands.
 */
struct evidence_risk_ask {
	const char *algorithm; /* "SHA-256", "sha256", "EC P-256"; or NULL */
	/*
	 * The subject of an authority's certificate or of who issued it, or
	 * one part of such a name ("CN=TSA 1"); or NULL.
	 */
	const char *authority;
};

#define EVIDENCE_RISK_LIST 1000u /* dossiers that are named */

/*
 *     {"containers", "falls", "lost", "dossiers": [id...]}
 *
 * `containers` have a record, `falls` of them would prove nothing any more;
 * `lost` prove nothing now.
 *
 * Owner:   the tree is the arena's; NULL where it fails.
 * Errors:  FAULT_INVALID an algorithm that nothing rests on and no table
 *          names.
 * Thread:  worker; reads a row of each container.
 */
json_t *evidence_risk_find(struct core *core,
    const struct evidence_risk_ask *ask, struct arena *arena,
    struct fault *fault);

#endif
