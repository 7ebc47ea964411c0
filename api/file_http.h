/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_FILE_HTTP_H
#define API_FILE_HTTP_H

#include "api/request.h"

struct sha256;
struct snapshot;

/* How a file is handed out. */
struct file_answer {
	const struct sha256 *sum;
	const char *name;       /* of the file, for the client's disk */
	const char *media_type; /* as it was declared when it came in */
};

/*
 * Answer with the bytes of a file, straight from the store's map; Range and
 * conditional requests are served.  Always as a download, never to be shown
 * inside our pages: its content is foreign.
 *
 * Errors:  FAULT_CORRUPT where the store has lost it.
 */
int file_http_send(struct request *request, struct snapshot *snapshot,
    const struct file_answer *file, struct fault *fault);

#endif
