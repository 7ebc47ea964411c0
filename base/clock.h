/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/date.h"

#include <stdint.h>

/* The office's time zone is fixed: +07:00, no daylight saving. */
#define CLOCK_OFFSET_SECONDS (7 * 3600)
#define CLOCK_TEXT           40u

/*
 * UTC microseconds since 1970.  The test clock (HOSO_CLOCK, or clock_set())
 * replaces the system's; HOSO_CLOCK=@N stands still at N seconds,
 * HOSO_CLOCK=+N runs N seconds ahead.
 *
 * No two calls in a process are told the same time, and the later one is told
 * the later time, unless the system's clock is set back by CLOCK_HOLD_US or
 * more, or the test clock stands still.
 */
#define CLOCK_HOLD_US (600 * 1000000LL)

int64_t clock_now(void);
/* What the system's clock says, wherever it jumps. */
int64_t clock_wall(void);
/* What clock_now() tells where that says `wall`. */
int64_t clock_hold(int64_t wall);
void clock_set(int64_t at);
void clock_init(void); /* reads HOSO_CLOCK; before threads */

/* Microseconds that only grow, for durations and deadlines. */
int64_t clock_ticks(void);
/* They stand still there until 0 is set: for tests of what is counted out. */
void clock_set_ticks(int64_t at);

/* The day at the office, and its first microsecond. */
date_t clock_date(int64_t at);
int64_t clock_of_date(date_t date);

/* "2026-01-31T07:00:00.000000+07:00" and "2026-01-31T00:00:00Z". */
void clock_format_office(char text[CLOCK_TEXT], int64_t at);
void clock_format_utc(char text[CLOCK_TEXT], int64_t at);

#endif
