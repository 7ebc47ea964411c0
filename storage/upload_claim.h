/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_UPLOAD_CLAIM_H
#define STORAGE_UPLOAD_CLAIM_H

#include "base/json.h"
#include "storage/blob_writer.h"
#include "storage/upload.h"

#include <pthread.h>

/*
 * Whose an upload is, for storage/ alone: the list of those in hand and of
 * those that were put aside, ready to go on.
 */
struct upload {
	struct upload *next; /* under the lock, as busy is */
	bool busy;
	struct uploads *uploads;
	char id[ID_TEXT];
	struct arena *arena;        /* of what state points to */
	struct upload_state state;  /* durable */
	uint64_t length;            /* of the next flush */
	struct blob_writer *writer; /* NULL: not read yet, or complete */
};

struct uploads {
	struct store *store;
	struct uploads_options options;
	pthread_mutex_t lock; /* guards the list, busy and what follows */
	struct upload *first; /* the last released first */
	json_t *begun;        /* upload_quota.c's; NULL: not counted yet */
};

/*
 * Make it the caller's alone; what it is on the disk is not looked at.
 * FAULT_CONFLICT where somebody has it.  `id` is shorter than ID_TEXT.
 */
int upload_claim(struct upload **upload_out, struct uploads *uploads,
    const char *id, struct fault *fault);
/* Forget it; its rows stay. */
void upload_discard(struct upload *upload);
/* Keep it ready for the next request. */
void upload_put_aside(struct upload *upload);

#endif
