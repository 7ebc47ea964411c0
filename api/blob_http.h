/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_BLOB_HTTP_H
#define API_BLOB_HTTP_H

#include "api/request.h"
#include "storage/store.h"

struct sha256;

/* How a blob is handed out. */
struct blob_file {
	const struct sha256 *sum;
	const char *name;       /* of the file, for the client's disk */
	const char *media_type; /* as it was declared when it came in */
};

/*
 * Answer with a blob's bytes, straight from the store's map; Range and
 * conditional requests are served.  Always as a download, never to be shown
 * inside our pages: its content is foreign.
 *
 * Errors:  FAULT_CORRUPT where the store has lost it.
 */
int blob_http_send(struct request *request, struct snapshot *snapshot,
    const struct blob_file *file, struct fault *fault);

#endif
