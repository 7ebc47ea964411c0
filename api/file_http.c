/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The file stays where it lies for the length of the answer and is sent from the
 * map.  A
 * run that is not in memory is read by a worker first, so that the loop never
 * sleeps in a page fault with all its connections.
 */

#include "api/file_http.h"

#include "api/app.h"
#include "base/job.h"
#include "core/attachment.h"

#include <stdio.h>

#define AHEAD_BYTES (1u << 20) /* read in one go from a cold disk */

struct sending {
	struct request *request;
	struct attachment *attachment;
	struct bytes cold; /* what the worker reads */
};

static void
warm(struct request *request)
{
	struct sending *sending = request->data;

	attachment_warm(sending->cold);
}

static void
warmed(struct request *request)
{
	reply_more(request);
}

static int
next(void *arg, uint64_t offset, size_t max, struct bytes *piece_out,
    struct fault *fault)
{
	struct sending *sending = arg;
	struct bytes run;

	if (attachment_run(sending->attachment, offset, &run, fault) < 0) {
		return -1;
	}
	if (run.len > AHEAD_BYTES) {
		run.len = AHEAD_BYTES;
	}
	if (run.len > max) {
		run.len = max;
	}
	if (!attachment_is_warm(sending->attachment, run)) {
		sending->cold = run;
		request_submit(sending->request,
		    app_core(sending->request)->workers, warm, warmed);
		return 0;
	}
	*piece_out = run;
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
