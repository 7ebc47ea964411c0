/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include <stdint.h>

/*
 * Slows down whoever guesses passwords, or numbers of decisions: after some failures in a row each
 * further try has to wait twice as long, up to a quarter of an hour.
 * Remembered in memory alone and of a fixed size: who has failed most is
 * forgotten last.
 *
 * Thread:  any.
 */
struct throttle;

#define THROTTLE_LOGIN_FREE 10u /* failures of one log-in name */
#define THROTTLE_PEER_FREE  40u /* of one address: an office may share it */
#define THROTTLE_ASKER_FREE 40u /* questions that found nothing */
#define THROTTLE_WAIT_MAX_S 900

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);

/* Whose tries are counted. */
enum throttle_kind {
	THROTTLE_LOGIN,
	THROTTLE_PEER,
	THROTTLE_ASKER, /* an address that asks what the archive holds */
};

/*
 * One try.  0, and it counts as a failure until throttle_forgive(); else the
 * seconds to wait, and it does not count.  `now` is clock_ticks().  Peers of
 * one IPv6 network (/64) are one.
 */
int throttle_take(struct throttle *throttle, enum throttle_kind kind,
    const char *name, int64_t now);
/* It was no failure: a log-in name begins anew, a peer has this one less. */
void throttle_forgive(struct throttle *throttle, enum throttle_kind kind,
    const char *name);
/* Nobody looked at it: the try does not count, those before it still do. */
void throttle_give_back(struct throttle *throttle, enum throttle_kind kind,
    const char *name);

#endif
