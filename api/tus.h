/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TUS_H
#define API_TUS_H

#include "api/request.h"
#include "base/digest.h"

/*
 * The fields of the tus protocol, read and written: what they say, not what
 * is done about it.
 *
 * Source:  tus resumable upload protocol 1.0.0 (tus.io, 2016-03-25).
 */
#define TUS_VERSION "1.0.0"
#define TUS_EXTENSIONS \
	"creation,creation-with-upload,creation-defer-length,termination," \
	"checksum,expiration"
#define TUS_BODY_TYPE "application/offset+octet-stream"

#define TUS_LENGTH_DEFERRED UINT64_MAX

/*
 * Begins every answer but that to OPTIONS.  False where the request speaks
 * another version or none: then it was answered (412).
 */
bool tus_begin(struct request *request);

/* The number in a field: 1, 0 where it is not there, -1 FAULT_INVALID. */
int tus_number(const struct request *request, const char *name,
    uint64_t *number_out, struct fault *fault);
/* How long a new upload will be, or TUS_LENGTH_DEFERRED. */
int tus_length(const struct request *request, uint64_t *length_out,
    struct fault *fault);
/* The SHA-256 that the body has: 1, 0 where nothing was said, -1. */
int tus_checksum(const struct request *request, struct sha256 *sum_out,
    struct fault *fault);
/* The body is bytes of an upload. */
bool tus_is_body(const struct request *request);

/*
 * Upload-Metadata as it came, checked: keys once each, values in base64,
 * `filename` and `filetype` text.  No bytes where there is none.
 */
int tus_metadata(const struct request *request, struct bytes *metadata_out,
    struct fault *fault);
/* The text of one key in it, or NULL. */
const char *tus_metadata_text(struct bytes metadata, const char *key,
    struct arena *arena);

/* Add fields to the answer. */
void tus_answer_number(struct request *request, const char *name,
    uint64_t number);
void tus_answer_expires(struct request *request, int64_t at);

#endif
