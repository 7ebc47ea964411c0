/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One clock for the whole program, so that a test can live in 2045.  It is
 * the system's clock plus `ahead`, or stands still at `fixed`.
 *
 * Where the system's is set back a little (a leap second, a step of NTP) ours
 * waits for it, so that what comes later has the later time.  Where it was
 * wrong by more and is set right, ours is set right as well.
 */

#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_US 86400000000LL

static _Atomic int64_t fixed; /* 0: runs */
static _Atomic int64_t ahead;
static _Atomic int64_t latest;      /* that was told */
static _Atomic int64_t fixed_ticks; /* 0: run */

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
clock_wall(void)
{
	return read_clock(CLOCK_REALTIME) +
	       atomic_load_explicit(&ahead, memory_order_relaxed);
}

int64_t
clock_hold(int64_t wall)
{
	int64_t before = atomic_load_explicit(&latest, memory_order_relaxed);
	int64_t at;

	do {
		at = before >= wall && before - wall < CLOCK_HOLD_US
		         ? before + 1
		         : wall;
	} while (!atomic_compare_exchange_weak_explicit(&latest, &before, at,
	    memory_order_relaxed, memory_order_relaxed));
	return at;
}

int64_t
clock_now(void)
{
	int64_t at = atomic_load_explicit(&fixed, memory_order_relaxed);

	return at != 0 ? at : clock_hold(clock_wall());
}

void
clock_set(int64_t at)
{
	atomic_store(&fixed, at);
}

void
clock_init(void)
{
	const char *setting = getenv("HOSO_CLOCK");

	if (setting == NULL) {
		return;
	}
	if (setting[0] == '@') {
		clock_set(strtoll(setting + 1, NULL, 10) * 1000000);
	} else if (setting[0] == '+') {
		atomic_store(&ahead, strtoll(setting + 1, NULL, 10) * 1000000);
	}
}

int64_t
clock_ticks(void)
{
	int64_t at = atomic_load_explicit(&fixed_ticks, memory_order_relaxed);

	return at != 0 ? at : read_clock(CLOCK_MONOTONIC);
}

void
clock_set_ticks(int64_t at)
{
	atomic_store(&fixed_ticks, at);
}

static int64_t
floor_days(int64_t at)
{
	return at >= 0 ? at / DAY_US : -((-at + DAY_US - 1) / DAY_US);
}

date_t
clock_date(int64_t at)
{
	return (date_t)floor_days(at + CLOCK_OFFSET_SECONDS * 1000000LL);
}

int64_t
clock_of_date(date_t date)
{
	return date * DAY_US - CLOCK_OFFSET_SECONDS * 1000000LL;
}

/* A time as people write it, to the microsecond. */
struct moment {
	char day[DATE_TEXT];
	unsigned hour;
	unsigned minute;
	unsigned second;
	unsigned us;
};

static struct moment
moment_of(int64_t at)
{
	date_t date = (date_t)floor_days(at);
	int64_t rest = at - date * DAY_US;
	unsigned seconds = (unsigned)(rest / 1000000);
	struct moment moment = { .hour = seconds / 3600,
		.minute = seconds / 60 % 60,
		.second = seconds % 60,
		.us = (unsigned)(rest % 1000000) };

	date_format(moment.day, date);
	return moment;
}

void
clock_format_office(char text[CLOCK_TEXT], int64_t at)
{
	struct moment moment = moment_of(at + CLOCK_OFFSET_SECONDS * 1000000LL);

	snprintf(text, CLOCK_TEXT, "%sT%02u:%02u:%02u.%06u+07:00", moment.day,
	    moment.hour, moment.minute, moment.second, moment.us);
}

void
clock_format_utc(char text[CLOCK_TEXT], int64_t at)
{
	struct moment moment = moment_of(at);

	snprintf(text, CLOCK_TEXT, "%sT%02u:%02u:%02uZ", moment.day,
	    moment.hour, moment.minute, moment.second);
}
