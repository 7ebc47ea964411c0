/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include "base/bytes.h"

#include <stdint.h>

/* Who reads at a rate has so many bytes for each turn. */

/* What reading a row costs: its bytes, and finding it. */
static inline uint64_t
budget_row(struct bytes key, struct bytes value)
{
	return key.len + value.len + 64;
}

static inline void
budget_spend(uint64_t *budget, uint64_t bytes)
{
	*budget -= bytes < *budget ? bytes : *budget;
}

#endif
