/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RESPITE_H
#define CORE_RESPITE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whoever failed is left alone for a while that doubles with each failure, up
 * to an hour, so that nobody waits again and again for one who is not there.
 */
#define RESPITE_MAX_MS 3600000

struct respite {
	int64_t until;     /* UTC microseconds, as clock_now() */
	uint64_t failures; /* in a row; 0: it works, or was never asked */
};

/* How long after so many failures. */
int64_t respite_ms(uint64_t failures, uint64_t first_ms);
void respite_begin(struct respite *respite, uint64_t first_ms);
/* May it be asked now?  A clock that was set back holds nothing up for long. */
bool respite_is_over(int64_t until);

#endif
