/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_FINDINGS_JSON_H
#define ARCHIVE_FINDINGS_JSON_H

#include "archive/findings.h"
#include "base/json.h"

/*
 * What a verification found, as data: "good" (nothing is wrong), "verdict"
 * (the worst of the signatures; absent without one), "signatures" and
 * "findings": the first `max`, and "left_out" tells how many there are more.
 *
 * Owner:   a new reference.
 * Source:  docs/signatures.md, "As data".
 */
json_t *findings_json(const struct findings *findings, size_t max);

#endif
