/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_STREAM_H
#define ARCHIVE_STREAM_H

#include "base/bytes.h"
#include "base/fault.h"

/*
 * How bytes come in and go out.  archive/ knows no store and no file: it
 * writes to a function that it is given and reads through one.
 */

/* Takes the next bytes; they are borrowed for the call. */
typedef int (*sink_fn)(void *arg, struct bytes bytes, struct fault *fault);

/*
 * Gives a whole content to a sink, from its first byte to its last, in pieces
 * of any size.  It may be asked for more than once and must give the same.
 */
typedef int (
    *pour_fn)(void *arg, sink_fn sink, void *sink_arg, struct fault *fault);

struct content {
	pour_fn pour;
	void *arg;
};

/* A sink that appends to a struct buf, and a content that is some bytes. */
int stream_to_buf(void *buf, struct bytes bytes, struct fault *fault);
int stream_from_bytes(void *bytes, sink_fn sink, void *sink_arg,
    struct fault *fault);

/*
 * Bytes at any place of something that does not change: a blob, a file.
 * read() fills all `len` bytes or fails; it is never asked beyond `size`.
 */
struct source {
	int (*read)(void *arg, uint64_t offset, void *data, size_t len,
	    struct fault *fault);
	void *arg;
	uint64_t size;
};

/* The bytes [from, to) of a source, to a sink, in pieces of at most so many. */
#define SOURCE_PIECE_BYTES (256u << 10)
int source_pour(const struct source *source, uint64_t from, uint64_t to,
    sink_fn sink, void *sink_arg, struct fault *fault);
/* All of a source that stays while it is used. */
struct content content_of_source(const struct source *source);

/* Some bytes of a source, as a source. */
struct source_part {
	const struct source *whole;
	uint64_t from;
	uint64_t size; /* as far as the whole has them */
};
/* Owner: the part and the whole stay while it is used. */
struct source source_part(const struct source_part *part);

/* A source over bytes that stay while it is used. */
struct source source_of_bytes(const struct bytes *bytes);
/* A source over an open file; Errors: FAULT_SYSTEM. */
int source_of_file(struct source *source_out, const int *descriptor,
    struct fault *fault);

#endif
