/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REINDEX_FEED_H
#define CORE_REINDEX_FEED_H

#include "storage/rebuild.h"

/*
 * Steps on their way from the thread that finds them to the one that writes
 * them, by the thousand, in order.
 *
 * Thread:  one puts and ends, another one takes.
 */
struct reindex_feed;

struct reindex_feed *reindex_feed_new(void);
/* Nobody puts or takes any more. */
void reindex_feed_free(struct reindex_feed *feed);

/* Copied.  False: nobody takes them any more. */
bool reindex_feed_put(struct reindex_feed *feed,
    const struct rebuild_step *step);
/* No more comes; `fault` says why, or NULL where it is the end. */
void reindex_feed_end(struct reindex_feed *feed, const struct fault *fault);

/* A rebuild_next_fn; `arg` is the feed. */
int reindex_feed_take(void *arg, struct rebuild_step *step_out,
    struct fault *fault);
/* No more is taken. */
void reindex_feed_stop(struct reindex_feed *feed);

#endif
