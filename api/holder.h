/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_HOLDER_H
#define API_HOLDER_H

struct loop;

/*
 * Requests that have an upload in hand, so that a newer one can call them
 * off: after a change of network the old connection seems alive for minutes,
 * and its client is waiting with the rest of the file.
 *
 * Thread:  any, unless it says else.
 */
struct holders;
struct holder;

struct holders *holders_new(void);
/* All have left, and their loops are freed. */
void holders_free(struct holders *holders);

/*
 * From now on stop(arg) may be called once, on `loop`, until holder_leave().
 *
 * Thread:  this loop.
 */
struct holder *holder_enter(struct holders *holders, const char *id,
    struct loop *loop, void (*stop)(void *arg), void *arg);
/* Thread: its loop.  NULL does nothing. */
void holder_leave(struct holder *holder);

/* Ask who has the upload of this id to stop, if anybody. */
void holders_call_off(struct holders *holders, const char *id);

#endif
