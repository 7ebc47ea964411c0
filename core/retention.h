/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RETENTION_H
#define CORE_RETENTION_H

#include "base/json.h"
#include "core/rules.h"
#include "storage/store.h"

/*
 * How long a dossier is kept, by the class of its day (retention.json), and
 * what the workflow lets happen to it by that: a step with "retention" is for
 * what is `permanent`, or for what has `expired`.  The years are counted from
 * the one in which the work ended: that of the decision, or without one that
 * of the last step to `closed`.
 */

/* 0 the step of workflow.json may be taken today; -1 not (FAULT_CONFLICT), or
 * failed.  Thread: any. */
int retention_check(const struct rules *rules, struct snapshot *snapshot,
    const json_t *dossier, const json_t *step, date_t today,
    struct fault *fault);

#endif
