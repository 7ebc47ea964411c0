/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The file stays where it lies for the length of the answer and is sent from
 * the map.  A run that is not in memory, or that nobody has proven yet, is read
 * and hashed by a worker first, so that the loop with all its connections
 * neither sleeps in a page fault nor hashes.
 */

#include "api/file_http.h"

#include "api/app.h"
#include "core/attachment.h"

#include <stdio.h>

struct sending {
	struct request *request;
	struct attachment *attachment;
	uint64_t offset;    /* from which a worker shall read */
	int rc;             /* its outcome */
	struct bytes run;   /* likewise; empty once it was sent */
	struct fault fault; /* likewise */
};

static void
read_run(struct request *request)
{
	struct sending *sending = request->data;

	sending->rc = attachment_read(sending->attachment, sending->offset,
	    &sending->run, &sending->fault);
}

static void
was_read(struct request *request)
{
	reply_more(request);
}

static int
next(void *arg, uint64_t offset, size_t max, struct bytes *piece_out,
    struct fault *fault)
{
	struct sending *sending = arg;
	struct bytes run = sending->run;

	if (sending->rc < 0) {
		*fault = sending->fault;
		return -1;
	}
	if (run.len == 0) {
		int rc =
		    attachment_peek(sending->attachment, offset, &run, fault);

		if (rc == 0) {
			sending->offset = offset;
			request_submit(sending->request,
			    app_core(sending->request)->workers, read_run,
			    was_read);
		}
		if (rc != 1) {
			return rc;
		}
	}
	sending->run = NO_BYTES;
	*piece_out = bytes_of(run.data, run.len < max ? run.len : max);
	return 1;
}

static int
find_file(void *arg, struct bytes piece, uint64_t *at_out)
{
	struct sending *sending = arg;

	return attachment_file(sending->attachment, piece, at_out);
}

int
file_http_send(struct request *request, struct snapshot *snapshot,
    const struct file_answer *file, struct fault *fault)
{
	struct sending *sending = arena_alloc(request->arena, sizeof(*sending));
	struct reply_stream stream = { .media_type = file->media_type };
	char hex[SHA256_TEXT];
	char tag[SHA256_TEXT + 2];

	if (attachment_open(&sending->attachment, snapshot, request->arena,
	        file->sum, fault) < 0) {
		return -1;
	}
	sha256_format(hex, file->sum);
	if (reply_header(request, "Content-Security-Policy",
	        "default-src 'none'; sandbox", fault) < 0) {
		return -1;
	}
	sending->request = request;
	request->data = sending;
	snprintf(tag, sizeof(tag), "\"%s\"", hex);
	reply_tag(request, tag);
	reply_file_name(request, true, file->name);
	stream.length = attachment_size(sending->attachment);
	stream.source.next = next;
	stream.source.file = find_file;
	stream.source.arg = sending;
	reply_stream(request, 200, &stream);
	return 0;
}
