/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A ring of batches.  One is being filled, one is being read, those between
 * are full.  A step in a batch:
 *
 *     0  1  bit 0 removes, bit 1 is new    1  2  length of the key
 *     3  4  of the value                   7 ..  key, value
 */

#include "core/reindex_feed.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"

#include <pthread.h>
#include <stdlib.h>

#define BATCHES     4u
#define BATCH_BYTES 262144u
#define HEAD_BYTES  7u
#define REMOVES     1u
#define IS_NEW      2u

struct reindex_feed {
	struct buf batches[BATCHES];
	struct buf *filling;  /* the putter's */
	const struct buf *at; /* the taker's, or NULL */
	size_t place;         /* in it */
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t change;
	size_t filled; /* batches that were handed over */
	size_t taken;  /* and given back */
	bool ended;
	bool failed;
	struct fault fault;
	bool stopped;
};

struct reindex_feed *
reindex_feed_new(void)
{
	struct reindex_feed *feed = xzalloc(sizeof(*feed));

	for (size_t i = 0; i < BATCHES; i++) {
		buf_init(&feed->batches[i], SIZE_MAX / 2);
	}
	feed->filling = &feed->batches[0];
	pthread_mutex_init(&feed->lock, NULL);
	pthread_cond_init(&feed->change, NULL);
	return feed;
}

void
reindex_feed_free(struct reindex_feed *feed)
{
	for (size_t i = 0; i < BATCHES; i++) {
		buf_fini(&feed->batches[i]);
	}
	pthread_cond_destroy(&feed->change);
	pthread_mutex_destroy(&feed->lock);
	free(feed);
}

/* --- putting ---------------------------------------------------------------- */

/* Hand over what is filled, and wait for a batch to fill. */
static bool
hand_over(struct reindex_feed *feed)
{
	bool goes_on;

	pthread_mutex_lock(&feed->lock);
	feed->filled++;
	pthread_cond_broadcast(&feed->change);
	while (feed->filled - feed->taken == BATCHES && !feed->stopped) {
		pthread_cond_wait(&feed->change, &feed->lock);
	}
	goes_on = !feed->stopped;
	feed->filling = &feed->batches[feed->filled % BATCHES];
	pthread_mutex_unlock(&feed->lock);
	buf_reset(feed->filling);
	return goes_on;
}

bool
reindex_feed_put(struct reindex_feed *feed, const struct rebuild_step *step)
{
	uint8_t head[HEAD_BYTES];

	head[0] = (uint8_t)((step->removes ? REMOVES : 0) |
	                    (step->is_new ? IS_NEW : 0));
	wire_put_u16be(head + 1, (uint16_t)step->key.len);
	wire_put_u32be(head + 3, (uint32_t)step->value.len);
	buf_add(feed->filling, head, sizeof(head));
	buf_add_bytes(feed->filling, step->key);
	buf_add_bytes(feed->filling, step->value);
	return feed->filling->len < BATCH_BYTES || hand_over(feed);
}

void
reindex_feed_end(struct reindex_feed *feed, const struct fault *fault)
{
	pthread_mutex_lock(&feed->lock);
	feed->filled += feed->filling->len > 0;
	feed->ended = true;
	if (fault != NULL) {
		feed->failed = true;
		feed->fault = *fault;
	}
	pthread_cond_broadcast(&feed->change);
	pthread_mutex_unlock(&feed->lock);
}

/* --- taking ----------------------------------------------------------------- */

/* Give back the batch that was read.  1 and the next one, 0, -1. */
static int
next_batch(struct reindex_feed *feed, struct fault *fault)
{
	int rc = 1;

	pthread_mutex_lock(&feed->lock);
	feed->taken += feed->at != NULL;
	feed->at = NULL;
	pthread_cond_broadcast(&feed->change);
	while (feed->filled == feed->taken && !feed->ended) {
		pthread_cond_wait(&feed->change, &feed->lock);
	}
	if (feed->failed) {
		*fault = feed->fault;
		rc = -1;
	} else if (feed->filled == feed->taken) {
		rc = 0;
	} else {
		feed->at = &feed->batches[feed->taken % BATCHES];
		feed->place = 0;
	}
	pthread_mutex_unlock(&feed->lock);
	return rc == 1 && buf_check(feed->at, fault) < 0 ? -1 : rc;
}

int
reindex_feed_take(void *arg, struct rebuild_step *step_out, struct fault *fault)
{
	struct reindex_feed *feed = arg;
	const uint8_t *at;
	int rc;

	if (feed->at == NULL || feed->place == feed->at->len) {
		rc = next_batch(feed, fault);
		if (rc != 1) {
			return rc;
		}
	}
	at = feed->at->data + feed->place;
	step_out->removes = (at[0] & REMOVES) != 0;
	step_out->is_new = (at[0] & IS_NEW) != 0;
	step_out->key = bytes_of(at + HEAD_BYTES, wire_get_u16be(at + 1));
	step_out->value = bytes_of(at + HEAD_BYTES + step_out->key.len,
	    wire_get_u32be(at + 3));
	feed->place += HEAD_BYTES + step_out->key.len + step_out->value.len;
	return 1;
}

void
reindex_feed_stop(struct reindex_feed *feed)
{
	pthread_mutex_lock(&feed->lock);
	feed->stopped = true;
	pthread_cond_broadcast(&feed->change);
	pthread_mutex_unlock(&feed->lock);
}
