/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into hosod, and into a whole run of the tests (make check-clock):
 * the system's clock is ahead, or behind, and jumps when it is told to.  The
 * monotonic clocks and the times of files stay as they are.
 *
 * libfaketime does more: it also fakes the monotonic clock and the files, in
 * which a server is not tested that must not mind, and it has no file through
 * which a clock jumps at a known moment.
 *
 * What openssl's authority and responder write down for themselves of a
 * revocation they read as UTCTime, which ends in 2049 (RFC 5280, 4.1.2.5.1);
 * they write GeneralizedTime after it, and can read that here.
 */

#include "tests/torture/ahead.h"
#include "tests/torture/preload.h"

#include <openssl/asn1.h>
#include <sys/time.h>
#include <time.h>

static int64_t constant_us;
static _Atomic int64_t *changing_us;

__attribute__((constructor)) static void
begin(void)
{
	const char *seconds = getenv("HOSO_AHEAD");
	const char *path = getenv("HOSO_AHEAD_FILE");

	constant_us =
	    seconds != NULL ? strtoll(seconds, NULL, 10) * 1000000 : 0;
	changing_us = path != NULL ? ahead_open(path) : NULL;
}

/* The time that this process is to believe in. */
static void
shift(struct timespec *at)
{
	int64_t by = constant_us + (changing_us != NULL ? *changing_us : 0);
	int64_t us = at->tv_sec * 1000000LL + at->tv_nsec / 1000 + by;

	at->tv_nsec = us % 1000000 * 1000 + at->tv_nsec % 1000;
	at->tv_sec = us / 1000000;
}

INTERPOSED int
clock_gettime(clockid_t id, struct timespec *at)
{
	int rc = NEXT(clock_gettime)(id, at);

	if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE ||
	                   id == CLOCK_TAI)) {
		shift(at);
	}
	return rc;
}

INTERPOSED int
gettimeofday(struct timeval *at, void *zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	at->tv_sec = now.tv_sec;
	at->tv_usec = now.tv_nsec / 1000;
	return 0;
}

INTERPOSED time_t
time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out != NULL) {
		*out = now.tv_sec;
	}
	return now.tv_sec;
}

INTERPOSED int
timespec_get(struct timespec *at, int base)
{
	return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, at) == 0 ? base
	                                                                  : 0;
}

INTERPOSED int
ASN1_UTCTIME_set_string(ASN1_UTCTIME *at, const char *text)
{
	return NEXT(ASN1_UTCTIME_set_string)(at, text) ||
	       NEXT(ASN1_GENERALIZEDTIME_set_string)(at, text);
}
