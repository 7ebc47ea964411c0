/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What storage/upload.h does not know: whose an upload is, and how much of a
 * request may be lost.  An upload flushes when 16 MiB or five seconds of bytes
 * were not: on a slow line that is all of some pieces, on a fast one the cost
 * of a flush (a row and a tail) stays small beside that of the bytes.
 */

#include "core/uploading.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

#define KEEP_BYTES (16u << 20)
#define KEEP_US    5000000

struct uploading {
	struct upload *upload;
	uint64_t kept;                /* its offset, durable */
	int64_t kept_at;              /* clock_ticks() */
	struct sha256_stream *stream; /* NULL: nothing was promised */
	struct sha256 promised;
};

int
uploading_begin(struct core *core, const struct actor *actor, uint64_t length,
    struct bytes about, char id[ID_TEXT], struct fault *fault)
{
	const struct upload_ask ask = { .owner = actor->user,
		.length = length,
		.about = about };

	return upload_begin(core->uploads, &ask, id, fault);
}

int
uploading_find(struct core *core, const struct actor *actor, const char *id,
    struct arena *arena, struct upload_state *state_out, struct fault *fault)
{
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	found = upload_find(snapshot, id, arena, state_out, fault);
	snapshot_close(snapshot);
	return found == 1 && strcmp(state_out->owner, actor->user) != 0 ? 0
	                                                                : found;
}

/* 0, or -1 with FAULT_ABSENT where it is not the actor's. */
static int
check_owner(struct core *core, const struct actor *actor, const char *id,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct upload_state state;
	int found = uploading_find(core, actor, id, arena, &state, fault);

	arena_free(arena);
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "you have no upload %.40s", id);
	}
	return found < 0 ? -1 : 0;
}

int
uploading_take(struct uploading **uploading_out, struct core *core,
    const struct actor *actor, const char *id, struct fault *fault)
{
	struct uploading *uploading;
	struct upload *upload;

	if (check_owner(core, actor, id, fault) < 0 ||
	    upload_take(&upload, core->uploads, id, fault) < 0) {
		return -1;
	}
	uploading = xzalloc(sizeof(*uploading));
	uploading->upload = upload;
	uploading->kept = upload_offset(upload);
	uploading->kept_at = clock_ticks();
	*uploading_out = uploading;
	return 0;
}

uint64_t
uploading_offset(const struct uploading *uploading)
{
	return upload_offset(uploading->upload);
}

uint64_t
uploading_length(const struct uploading *uploading)
{
	return upload_length(uploading->upload);
}

int64_t
uploading_expires_at(const struct uploading *uploading)
{
	return upload_expires_at(uploading->upload);
}

int
uploading_set_length(struct uploading *uploading, uint64_t length,
    struct fault *fault)
{
	return upload_set_length(uploading->upload, length, fault);
}

void
uploading_promise(struct uploading *uploading, const struct sha256 *sum)
{
	uploading->promised = *sum;
	uploading->stream = sha256_stream_new();
}

static int
flush(struct uploading *uploading, struct fault *fault)
{
	if (upload_flush(uploading->upload, fault) < 0) {
		return -1;
	}
	uploading->kept = upload_offset(uploading->upload);
	uploading->kept_at = clock_ticks();
	return 0;
}

int
uploading_add(struct uploading *uploading, struct bytes bytes,
    struct fault *fault)
{
	if (upload_append(uploading->upload, bytes, fault) < 0) {
		return -1;
	}
	if (uploading->stream != NULL) {
		sha256_stream_add(uploading->stream, bytes);
		return 0;
	}
	if (upload_offset(uploading->upload) - uploading->kept >= KEEP_BYTES ||
	    clock_ticks() - uploading->kept_at >= KEEP_US) {
		return flush(uploading, fault);
	}
	return 0;
}

int
uploading_keep(struct uploading *uploading, struct fault *fault)
{
	struct sha256 sum;

	if (uploading->stream != NULL) {
		sum = sha256_stream_end(uploading->stream);
		if (memcmp(&sum, &uploading->promised, sizeof(sum)) != 0) {
			return 0;
		}
	}
	return flush(uploading, fault) < 0 ? -1 : 1;
}

void
uploading_release(struct uploading *uploading)
{
	if (uploading != NULL) {
		upload_release(uploading->upload);
		sha256_stream_free(uploading->stream);
		free(uploading);
	}
}

int
uploading_abandon(struct core *core, const struct actor *actor, const char *id,
    struct fault *fault)
{
	struct fault absent = { 0 };

	if (check_owner(core, actor, id, &absent) < 0) {
		if (absent.code == FAULT_ABSENT) {
			return 0;
		}
		*fault = absent;
		return -1;
	}
	return upload_abandon(core->uploads, id, fault);
}
