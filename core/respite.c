/* SPDX-License-Identifier: Apache-2.0 */

#include "core/respite.h"

#include "base/clock.h"

int64_t
respite_ms(uint64_t failures, uint64_t first_ms)
{
	uint64_t ms = first_ms;

	for (uint64_t i = 1; i < failures && ms < RESPITE_MAX_MS; i++) {
		ms *= 2;
	}
	return ms < RESPITE_MAX_MS ? (int64_t)ms : RESPITE_MAX_MS;
}

void
respite_begin(struct respite *respite, uint64_t first_ms)
{
	respite->failures++;
	respite->until =
	    clock_now() + respite_ms(respite->failures, first_ms) * 1000;
}

bool
respite_is_over(int64_t until)
{
	int64_t now = clock_now();

	return until <= now || until > now + (int64_t)RESPITE_MAX_MS * 1000;
}
