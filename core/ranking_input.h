/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RANKING_INPUT_H
#define CORE_RANKING_INPUT_H

#include "base/date.h"
#include "core/core.h"
#include "core/record.h"

/*
 * All that a ranking rule may know, put together before it is called: the
 * plugin computes, and asks nothing.
 */
struct ranking_input {
	const char *cluster;
	struct span period;
	const json_t *scheme; /* its row of data/rules/schemes/ */
	/*
	 * What came with the request and the scores that are stored, canonical
	 * and in order of unit, criterion and source: {"units", "scores",
	 * "ballots", "exclusions", "previous", "cluster_leaders"}.
	 */
	json_t *tables;
};

/*
 * Read and check the body of a ranking (ranking.h) and add the scores of its
 * cluster, period and scheme.
 *
 * Owner:   borrowed from the body, the rules and the arena.
 * Errors:  FAULT_INVALID with the field.
 */
int ranking_input_read(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const json_t *body, struct ranking_input *input_out,
    struct fault *fault);

#endif
