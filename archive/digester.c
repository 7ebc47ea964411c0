/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A ring of pieces: `filled` counts those that were handed over, `done` those
 * that are in their set; between them lies what the thread has to do.
 */

#include "archive/digester.h"

#include "base/memory.h"
#include "base/thread.h"

#include <pthread.h>
#include <stdlib.h>

#define PIECE_BYTES (256u << 10)
#define PIECES      4u

struct piece {
	struct digest_set *set;
	size_t len;
	uint8_t data[PIECE_BYTES];
};

struct digester {
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows, but for the pieces */
	pthread_cond_t moved; /* one of the counters or `ends` did */
	uint64_t filled;
	uint64_t done;
	bool ends;
	/* Piece i is the caller's while it is not filled, else the thread's. */
	struct piece pieces[PIECES];
};

static void *
run(void *arg)
{
	struct digester *digester = arg;

	pthread_mutex_lock(&digester->lock);
	for (;;) {
		const struct piece *piece;

		while (digester->done == digester->filled && !digester->ends) {
			pthread_cond_wait(&digester->moved, &digester->lock);
		}
		if (digester->done == digester->filled) {
			break;
		}
		piece = &digester->pieces[digester->done % PIECES];
		pthread_mutex_unlock(&digester->lock);
		digest_set_add(piece->set, bytes_of(piece->data, piece->len));
		pthread_mutex_lock(&digester->lock);
		digester->done++;
		pthread_cond_broadcast(&digester->moved);
	}
	pthread_mutex_unlock(&digester->lock);
	return NULL;
}

int
digester_new(struct digester **digester_out, struct fault *fault)
{
	struct digester *digester = xzalloc(sizeof(*digester));

	pthread_mutex_init(&digester->lock, NULL);
	pthread_cond_init(&digester->moved, NULL);
	if (thread_start(&digester->thread, THREAD_WORKER, "digest", run,
	        digester, fault) < 0) {
		free(digester);
		return -1;
	}
	*digester_out = digester;
	return 0;
}

void
digester_free(struct digester *digester)
{
	if (digester == NULL) {
		return;
	}
	pthread_mutex_lock(&digester->lock);
	digester->ends = true;
	pthread_cond_broadcast(&digester->moved);
	pthread_mutex_unlock(&digester->lock);
	pthread_join(digester->thread, NULL);
	pthread_cond_destroy(&digester->moved);
	pthread_mutex_destroy(&digester->lock);
	free(digester);
}

/* Wait until at most `count` pieces are left to do. */
static void
wait_for(struct digester *digester, uint64_t count)
{
	pthread_mutex_lock(&digester->lock);
	while (digester->filled - digester->done > count) {
		pthread_cond_wait(&digester->moved, &digester->lock);
	}
	pthread_mutex_unlock(&digester->lock);
}

void
digester_add(struct digester *digester, struct digest_set *set,
    struct bytes bytes)
{
	while (bytes.len > 0) {
		struct piece *piece =
		    &digester->pieces[digester->filled % PIECES];
		size_t len = bytes.len < PIECE_BYTES ? bytes.len : PIECE_BYTES;

		wait_for(digester, PIECES - 1);
		piece->set = set;
		piece->len = len;
		memcpy(piece->data, bytes.data, len);
		pthread_mutex_lock(&digester->lock);
		digester->filled++;
		pthread_cond_broadcast(&digester->moved);
		pthread_mutex_unlock(&digester->lock);
		bytes.data += len;
		bytes.len -= len;
	}
}

void
digester_wait(struct digester *digester)
{
	wait_for(digester, 0);
}
