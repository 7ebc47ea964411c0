/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_UPLOAD_H
#define STORAGE_UPLOAD_H

#include "base/random.h"
#include "storage/blob.h"

/*
 * A blob that comes in several requests, perhaps on several days.  What was
 * flushed is durable and survives a crash at any instant; what was not is
 * forgotten.  The state of an upload lies in rows beside the records, written
 * without an entry in the log; its bytes are chunks and one tail.
 *
 *     upload_begin(uploads, &ask, id, fault);      POST
 *     upload_find(snapshot, id, arena, &state, fault);   HEAD
 *     upload_take(&upload, uploads, id, fault);    PATCH
 *     upload_append(upload, bytes, fault);           any number of times
 *     upload_flush(upload, fault);                   acknowledge the offset
 *     upload_release(upload);
 *     upload_finish(snapshot, id, arena, writes, &ref, fault);
 *                                                  in a command's set
 */
struct uploads;
struct upload;

#define UPLOAD_OWNER_MAX      64u
#define UPLOAD_ABOUT_MAX      1024u
#define UPLOAD_LENGTH_UNKNOWN UINT64_MAX

struct uploads_options {
	uint64_t lifetime_ms; /* without a byte; then it expires */
	uint64_t length_max;  /* bytes, at most BLOB_MAX_BYTES */
	uint64_t owner_max;   /* bytes begun and not filed (upload_quota.h) */
	unsigned idle_max;    /* that are kept ready to go on without hashing */
};

/* The uploads of one store.  Thread: any. */
struct uploads *uploads_new(struct store *store,
    const struct uploads_options *options);
/* Bytes that one may have at most. */
uint64_t uploads_length_max(const struct uploads *uploads);
/* All were released. */
void uploads_free(struct uploads *uploads);

struct upload_ask {
	const char *owner;  /* user id */
	uint64_t length;    /* bytes, or UPLOAD_LENGTH_UNKNOWN */
	struct bytes about; /* the caller's: name, media type */
};

/*
 * A new upload, durable.  One of length 0 is complete at once.
 *
 * Errors:  FAULT_LIMIT too long, or too much beside what its owner has begun;
 *          FAULT_BUSY.
 * Thread:  worker or tool, as for all that follow unless they say else.
 */
int upload_begin(struct uploads *uploads, const struct upload_ask *ask,
    char id[ID_TEXT], struct fault *fault);

/* What is durable. */
struct upload_state {
	const char *owner;
	struct bytes about;
	uint64_t length; /* or UPLOAD_LENGTH_UNKNOWN */
	uint64_t offset; /* bytes received */
	int64_t begun_at;
	int64_t expires_at;
	bool complete;
	struct sha256 sum; /* where complete: the blob's */
};

/* 1 found, 0 absent, -1 failed.  Thread: any; a point read. */
int upload_find(struct snapshot *snapshot, const char *id, struct arena *arena,
    struct upload_state *state_out, struct fault *fault);

/*
 * Go on with an upload; nobody else can until upload_release().  Where it was
 * not kept ready (a restart, many others) its stored bytes are hashed again.
 *
 * Errors:  FAULT_ABSENT; FAULT_CONFLICT somebody has it; FAULT_CORRUPT.
 */
int upload_take(struct upload **upload_out, struct uploads *uploads,
    const char *id, struct fault *fault);
/* Bytes received, the unflushed included.  Thread: its holder. */
uint64_t upload_offset(const struct upload *upload);
uint64_t upload_length(const struct upload *upload);
/* As the last flush left it. */
int64_t upload_expires_at(const struct upload *upload);
/* Say the length of one begun without.  Durable with the next flush. */
int upload_set_length(struct upload *upload, uint64_t length,
    struct fault *fault);
/* Errors:  FAULT_LIMIT behind its length; FAULT_BUSY. */
int upload_append(struct upload *upload, struct bytes bytes,
    struct fault *fault);
/*
 * Make all that was appended durable.  Once it has its whole length it is
 * complete.  Where this fails what was flushed before stays; release the
 * upload and go on from there later.
 */
int upload_flush(struct upload *upload, struct fault *fault);
/* Give it back.  Bytes that were not flushed are forgotten. */
void upload_release(struct upload *upload);

/*
 * Add to a set: the rows of the blob that a complete upload is, and the end
 * of the upload.  1 done, 0 absent, -1 failed.  Thread: any.
 *
 * Errors:  FAULT_CONFLICT it is not complete.
 */
int upload_finish(struct snapshot *snapshot, const char *id,
    struct arena *arena, struct writes *writes, struct blob_ref *ref_out,
    struct fault *fault);

/* End it and forget its bytes.  1, 0 absent, -1; FAULT_CONFLICT in use. */
int upload_abandon(struct uploads *uploads, const char *id,
    struct fault *fault);
/* Abandon what expired by `now` and nobody holds. */
int uploads_expire(struct uploads *uploads, int64_t now, unsigned *count_out,
    struct fault *fault);

#endif
