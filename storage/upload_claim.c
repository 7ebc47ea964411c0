/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One list.  An upload is in it while somebody has it, and after that while
 * its hash is worth keeping: the last released are first, and what is idle
 * beyond the limit goes from the end.
 */

#include "storage/upload_claim.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

struct uploads *
uploads_new(struct store *store, const struct uploads_options *options)
{
	struct uploads *uploads = xzalloc(sizeof(*uploads));

	assert(options->length_max <= BLOB_MAX_BYTES);
	uploads->store = store;
	uploads->options = *options;
	pthread_mutex_init(&uploads->lock, NULL);
	return uploads;
}

uint64_t
uploads_length_max(const struct uploads *uploads)
{
	return uploads->options.length_max;
}

static void
upload_free(struct upload *upload)
{
	if (upload != NULL) {
		blob_writer_free(upload->writer);
		arena_free(upload->arena);
		free(upload);
	}
}

void
uploads_free(struct uploads *uploads)
{
	if (uploads == NULL) {
		return;
	}
	while (uploads->first != NULL) {
		struct upload *upload = uploads->first;

		assert(!upload->busy);
		uploads->first = upload->next;
		upload_free(upload);
	}
	json_decref(uploads->begun);
	pthread_mutex_destroy(&uploads->lock);
	free(uploads);
}

/* Where the upload of this id hangs in the list, or its end.  Locked. */
static struct upload **
place_of(struct uploads *uploads, const char *id)
{
	struct upload **place = &uploads->first;

	while (*place != NULL && strcmp((*place)->id, id) != 0) {
		place = &(*place)->next;
	}
	return place;
}

int
upload_claim(struct upload **upload_out, struct uploads *uploads,
    const char *id, struct fault *fault)
{
	struct upload *fresh = xzalloc(sizeof(*fresh));
	struct upload **place;
	struct upload *upload;
	bool taken = false;

	pthread_mutex_lock(&uploads->lock);
	place = place_of(uploads, id);
	upload = *place;
	if (upload == NULL) {
		upload = fresh;
		fresh = NULL;
		upload->uploads = uploads;
		memcpy(upload->id, id, strlen(id) + 1);
		*place = upload;
	} else if (upload->busy) {
		taken = true;
	}
	upload->busy = true;
	pthread_mutex_unlock(&uploads->lock);
	free(fresh);
	if (taken) {
		return fault_set(fault, FAULT_CONFLICT,
		    "upload %s is in use by another request", id);
	}
	*upload_out = upload;
	return 0;
}

void
upload_discard(struct upload *upload)
{
	struct uploads *uploads = upload->uploads;

	pthread_mutex_lock(&uploads->lock);
	*place_of(uploads, upload->id) = upload->next;
	pthread_mutex_unlock(&uploads->lock);
	upload_free(upload);
}

/* Unhang the idle one that was released longest ago, if there are too many. */
static struct upload *
unhang_surplus(struct uploads *uploads)
{
	struct upload **oldest = NULL;
	struct upload *surplus = NULL;
	unsigned idle = 0;

	for (struct upload **place = &uploads->first; *place != NULL;
	     place = &(*place)->next) {
		if (!(*place)->busy) {
			oldest = place;
			idle++;
		}
	}
	if (oldest != NULL && idle > uploads->options.idle_max) {
		surplus = *oldest;
		*oldest = surplus->next;
	}
	return surplus;
}

void
upload_put_aside(struct upload *upload)
{
	struct uploads *uploads = upload->uploads;
	struct upload *surplus;

	blob_writer_rest(upload->writer);
	pthread_mutex_lock(&uploads->lock);
	*place_of(uploads, upload->id) = upload->next;
	upload->next = uploads->first;
	uploads->first = upload;
	upload->busy = false;
	surplus = unhang_surplus(uploads);
	pthread_mutex_unlock(&uploads->lock);
	upload_free(surplus);
}
