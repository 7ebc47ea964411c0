/* SPDX-License-Identifier: Apache-2.0 */

/*
 * LMDB writes a copy to a descriptor and tells neither its length before nor
 * its sum.  So a thread lets it write into a pipe, and the caller's thread
 * hashes what comes out and passes it on: into the file of a draft
 * (draft.c), or in blocks into a stream (backup_stream.h).
 */

#include "storage/backup.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/thread.h"
#include "storage/backup_stream.h"
#include "storage/chunk.h"
#include "storage/collect.h"
#include "storage/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- out of the store ---------------------------------------------------- */

/* What LMDB writes, on a thread of its own. */
struct source {
	struct store *store;
	unsigned part;
	int descriptor; /* the pipe's end to write to; its own */
	int rc;
	struct fault fault;
};

static int
copy_records(struct source *source)
{
	return store_copy(source->store, source->descriptor, &source->fault);
}

static int
copy_chunks(struct source *source)
{
	return chunks_copy(store_chunks(source->store), source->descriptor,
	    &source->fault);
}

static void *
run_source(void *arg)
{
	static int (*const copy[DRAFT_PARTS])(
	    struct source *) = { copy_records, copy_chunks };
	struct source *source = arg;

	source->rc = copy[source->part](source);
	close(source->descriptor); /* the reader's end of file */
	return NULL;
}

/* Where blocks go to. */
struct sink {
	int descriptor;
	bool framed;
	struct sha256_stream *hash;
	uint64_t len;
};

static int
sink_add(struct sink *sink, struct bytes block, struct fault *fault)
{
	sha256_stream_add(sink->hash, block);
	sink->len += block.len;
	return sink->framed
	           ? backup_stream_block(sink->descriptor, block, fault)
	           : file_write_all(sink->descriptor, block, fault);
}

/* All that comes out of the pipe. */
static int
drain(int pipe_end, struct sink *sink, struct fault *fault)
{
	uint8_t *block = xzalloc(BACKUP_BLOCK_MAX);
	size_t len = 0;
	int rc = 0;

	for (bool end = false; rc == 0 && !end;) {
		ssize_t got =
		    read(pipe_end, block + len, BACKUP_BLOCK_MAX - len);

		if (got < 0 && errno != EINTR) {
			rc = fault_errno(fault, errno, "copying the store");
		}
		end = got == 0;
		len += got > 0 ? (size_t)got : 0;
		if (rc == 0 && len > 0 && (end || len == BACKUP_BLOCK_MAX)) {
			rc = sink_add(sink, bytes_of(block, len), fault);
			len = 0;
		}
	}
	free(block);
	return rc;
}

static int
copy_part(struct store *store, unsigned part, struct sink *sink,
    struct fault *fault)
{
	struct source source = { .store = store, .part = part };
	pthread_t thread;
	int ends[2];
	int rc;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		return fault_errno(fault, errno, "copying the store");
	}
	source.descriptor = ends[1];
	if (thread_start(&thread, THREAD_WORKER, "backup", run_source, &source,
	        fault) < 0) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	rc = drain(ends[0], sink, fault);
	close(ends[0]); /* a source that still writes gets EPIPE */
	pthread_join(thread, NULL);
	if (rc == 0 && source.rc < 0) {
		*fault = source.fault;
		rc = -1;
	}
	if (rc < 0) {
		fault_prefix(fault, "%s", draft_parts[part]);
	}
	return rc;
}

typedef int (*part_fn)(void *arg, struct store *store, unsigned part,
    struct fault *fault);

/*
 * All parts in their order, the collector at rest.  That of another process
 * keeps its grace period instead.
 */
static int
each_part(struct store *store, part_fn fn, void *arg, struct fault *fault)
{
	struct holds *holds = chunks_holds(store_chunks(store));
	int64_t began_at = clock_ticks();
	int rc = 0;

	holds_freeze(holds);
	for (unsigned part = 0; rc == 0 && part < DRAFT_PARTS; part++) {
		if (clock_ticks() - began_at >
		    (int64_t)COLLECT_GRACE_MS * 1000) {
			rc = fault_set(fault, FAULT_BUSY,
			    "copying the records took longer than chunks are "
			    "kept for them");
		} else {
			rc = fn(arg, store, part, fault);
		}
	}
	holds_thaw(holds);
	return rc;
}

static int
part_to_draft(void *arg, struct store *store, unsigned part,
    struct fault *fault)
{
	struct draft *draft = arg;
	struct sink sink = { 0 };
	struct sha256 sum;
	int rc;

	if (draft_open_part(draft, part, &sink.descriptor, fault) < 0) {
		return -1;
	}
	sink.hash = sha256_stream_new();
	rc = copy_part(store, part, &sink, fault);
	sum = sha256_stream_end(sink.hash);
	sha256_stream_free(sink.hash);
	if (rc < 0) {
		close(sink.descriptor);
		return -1;
	}
	return draft_close_part(draft, part, sink.descriptor, &sum, fault);
}

int
backup_to_folder(struct store *store, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault)
{
	struct draft *draft;
	int rc;

	if (draft_new(&draft, path, fault) < 0) {
		return -1;
	}
	rc = each_part(store, part_to_draft, draft, fault);
	if (rc == 0) {
		rc = draft_commit(draft, options, true, counts_out, fault);
	}
	draft_free(draft);
	return rc;
}

static int
part_to_stream(void *arg, struct store *store, unsigned part,
    struct fault *fault)
{
	int descriptor = *(const int *)arg;
	struct sink sink = { .descriptor = descriptor, .framed = true };
	struct sha256 sum;
	int rc;

	sink.hash = sha256_stream_new();
	rc = backup_stream_begin_part(descriptor, draft_parts[part], fault);
	if (rc == 0) {
		rc = copy_part(store, part, &sink, fault);
	}
	sum = sha256_stream_end(sink.hash);
	sha256_stream_free(sink.hash);
	return rc < 0
	           ? -1
	           : backup_stream_end_part(descriptor, sink.len, &sum, fault);
}

int
backup_to_stream(struct store *store, int descriptor, struct fault *fault)
{
	if (backup_stream_begin(descriptor, fault) < 0 ||
	    each_part(store, part_to_stream, &descriptor, fault) < 0) {
		return -1;
	}
	return backup_stream_end(descriptor, fault);
}

/* --- and back ------------------------------------------------------------ */

/* One part of a stream into its file. */
static int
restore_part(struct draft *draft, unsigned part, int from, struct fault *fault)
{
	struct sink sink = { 0 };
	uint8_t *block = NULL;
	struct sha256 sum;
	size_t len;
	int rc;

	if (backup_stream_read_part(from, draft_parts[part], fault) < 0 ||
	    draft_open_part(draft, part, &sink.descriptor, fault) < 0) {
		return -1;
	}
	block = xzalloc(BACKUP_BLOCK_MAX);
	sink.hash = sha256_stream_new();
	while ((rc = backup_stream_read_block(from, block, &len, fault)) == 1) {
		rc = sink_add(&sink, bytes_of(block, len), fault);
		if (rc < 0) {
			break;
		}
	}
	sum = sha256_stream_end(sink.hash);
	sha256_stream_free(sink.hash);
	free(block);
	if (rc < 0 ||
	    backup_stream_read_end_part(from, sink.len, &sum, fault) < 0) {
		close(sink.descriptor);
		return -1;
	}
	return draft_close_part(draft, part, sink.descriptor, &sum, fault);
}

int
backup_restore_stream(int descriptor, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault)
{
	struct draft *draft;
	int rc;

	if (backup_stream_read_begin(descriptor, fault) < 0 ||
	    draft_new(&draft, path, fault) < 0) {
		return -1;
	}
	rc = 0;
	for (unsigned part = 0; rc == 0 && part < DRAFT_PARTS; part++) {
		rc = restore_part(draft, part, descriptor, fault);
	}
	if (rc == 0) {
		rc = backup_stream_read_end(descriptor, fault);
	}
	if (rc == 0) {
		rc = draft_commit(draft, options, false, counts_out, fault);
	}
	draft_free(draft);
	return rc;
}

/* The sums that SHA256SUMS names, exactly as draft.c writes it. */
static int
read_sums(const char *from, struct sha256 sums[DRAFT_PARTS],
    struct fault *fault)
{
	char *path = xzalloc(strlen(from) + sizeof("/SHA256SUMS"));
	struct buf text;
	const char *line;
	int rc;

	snprintf(path, strlen(from) + sizeof("/SHA256SUMS"), "%s/SHA256SUMS",
	    from);
	buf_init(&text, 1024);
	rc = file_read(&text, path, fault);
	line = buf_text(&text);
	for (unsigned i = 0; rc == 0 && i < DRAFT_PARTS; i++) {
		char hex[SHA256_TEXT] = "";
		char name[32];
		size_t len = (size_t)snprintf(name, sizeof(name),
		    "  %s/data.mdb\n", draft_parts[i]);

		snprintf(hex, sizeof(hex), "%s", line);
		if (!hex_decode(sums[i].bytes, SHA256_BYTES, hex) ||
		    strncmp(line + SHA256_TEXT - 1, name, len) != 0) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "%s: not the sums of a backup", path);
		} else {
			line += SHA256_TEXT - 1 + len;
		}
	}
	buf_fini(&text);
	free(path);
	return rc;
}

/* One file of a folder into that of the draft. */
static int
restore_file(struct draft *draft, unsigned part, const char *from,
    const struct sha256 *expected, struct fault *fault)
{
	size_t room = strlen(from) + strlen(draft_parts[part]) + 16;
	char *path = xzalloc(room);
	struct sink sink = { .descriptor = -1 };
	struct sha256 sum;
	int file;
	int rc = -1;

	snprintf(path, room, "%s/%s/data.mdb", from, draft_parts[part]);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		fault_errno(fault, errno, "%s", path);
		goto out;
	}
	if (draft_open_part(draft, part, &sink.descriptor, fault) < 0) {
		goto out;
	}
	sink.hash = sha256_stream_new();
	rc = drain(file, &sink, fault);
	sum = sha256_stream_end(sink.hash);
	sha256_stream_free(sink.hash);
	if (rc == 0 && memcmp(&sum, expected, sizeof(sum)) != 0) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "%s: other bytes than SHA256SUMS says", path);
	}
	if (rc == 0) {
		rc =
		    draft_close_part(draft, part, sink.descriptor, &sum, fault);
		sink.descriptor = -1;
	}
out:
	if (sink.descriptor >= 0) {
		close(sink.descriptor);
	}
	if (file >= 0) {
		close(file);
	}
	free(path);
	return rc;
}

int
backup_restore_folder(const char *from, const char *path,
    const struct store_options *options, struct draft_counts *counts_out,
    struct fault *fault)
{
	struct sha256 sums[DRAFT_PARTS];
	struct draft *draft;
	int rc = 0;

	if (read_sums(from, sums, fault) < 0 ||
	    draft_new(&draft, path, fault) < 0) {
		return -1;
	}
	for (unsigned part = 0; rc == 0 && part < DRAFT_PARTS; part++) {
		rc = restore_file(draft, part, from, &sums[part], fault);
	}
	if (rc == 0) {
		rc = draft_commit(draft, options, false, counts_out, fault);
	}
	draft_free(draft);
	return rc;
}
