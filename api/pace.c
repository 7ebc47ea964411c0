/* SPDX-License-Identifier: Apache-2.0 */

/* Windows that follow each other; what moved in the last one is judged. */

#include "api/pace.h"

bool
pace_is_below(struct pace *pace, int64_t now, uint64_t amount, uint64_t rate,
    uint64_t window_ms)
{
	uint64_t ms = (uint64_t)(now - pace->since) / 1000;

	if (pace->since != 0 && ms < window_ms) {
		return false;
	}
	if (pace->since != 0 && (amount - pace->amount) * 1000 < rate * ms) {
		return true;
	}
	pace->since = now;
	pace->amount = amount;
	return false;
}
