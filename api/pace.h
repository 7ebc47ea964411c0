/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PACE_H
#define API_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* How fast something moves, looked at from time to time.  Zero: not begun. */
struct pace {
	int64_t since;   /* microseconds; when the window began */
	uint64_t amount; /* that had moved by then */
};

/*
 * `amount` in all has moved by `now`.  True when a window of at least
 * `window_ms` has passed in which less than `rate` a second did; else a window
 * that is over is followed by the next.
 */
bool pace_is_below(struct pace *pace, int64_t now, uint64_t amount,
    uint64_t rate, uint64_t window_ms);

#endif
