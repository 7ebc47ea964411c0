/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RANKING_H
#define CORE_RANKING_H

#include "core/command.h"

/*
 * Rank units by a scheme of the rules (data/rules/schemes/): the scores that
 * were given for a cluster and period, with what the body adds
 *
 *     {"scheme", "cluster", "year" or "period", "units", "scores", "ballots",
 *      "exclusions", "previous", "cluster_leaders"}
 *
 * (docs/records.md, ranking) go to the scheme's ranking plugin; the result is
 *
 *     {"scheme", "cluster", "period", "input": SHA-256 of what was ranked,
 *      "results": [{"unit", "name", "rank", "values", "ties", "awards",
 *      "reasons"}]}
 *
 * and the ballots (with "award_name"), exclusions, ranks of before and number
 * of leaders of the body, where it has any.
 *
 * The same input gives the same bytes.  With "scores" the body says what they
 * might be, instead of those that are stored; such a result is not kept.
 *
 * Errors:  FAULT_INVALID with the field, be it that core/ or the rule refuses
 *          what was asked; FAULT_PLUGIN where the plugin fails.
 * Thread:  worker.
 */
int ranking_compute(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const json_t *body, json_t **result_out,
    struct fault *fault);

/* Keep a result as a record. */
int ranking_keep(struct command *command, const json_t *result,
    struct fault *fault);

#endif
