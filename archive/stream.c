/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/stream.h"

#include "base/buf.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
stream_to_buf(void *arg, struct bytes bytes, struct fault *fault)
{
	struct buf *buf = arg;

	buf_add_bytes(buf, bytes);
	return buf_check(buf, fault);
}

int
stream_from_bytes(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct bytes *bytes = arg;

	return bytes->len > 0 ? sink(sink_arg, *bytes, fault) : 0;
}

static int
read_bytes(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	const struct bytes *bytes = arg;

	if (offset > bytes->len || len > bytes->len - offset) {
		return fault_set(fault, FAULT_INVALID, "ends before byte %llu",
		    (unsigned long long)offset + len);
	}
	if (len > 0) {
		memcpy(data, bytes->data + offset, len);
	}
	return 0;
}

struct source
source_of_bytes(const struct bytes *bytes)
{
	return (struct source){ .read = read_bytes,
		.arg = (void *)(uintptr_t)bytes,
		.size = bytes->len };
}

static int
read_file(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	uint8_t *place = data;

	while (len > 0) {
		ssize_t got =
		    pread(*(const int *)arg, place, len, (off_t)offset);

		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return fault_errno(fault, errno, "read at byte %llu",
			    (unsigned long long)offset);
		}
		if (got == 0) {
			return fault_set(fault, FAULT_INVALID,
			    "the file became shorter: it ends at byte %llu",
			    (unsigned long long)offset);
		}
		place += got;
		len -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 0;
}

int
source_of_file(struct source *source_out, const int *descriptor,
    struct fault *fault)
{
	struct stat status;

	if (fstat(*descriptor, &status) < 0) {
		return fault_errno(fault, errno, "size of the file");
	}
	*source_out = (struct source){ .read = read_file,
		.arg = (void *)(uintptr_t)descriptor,
		.size = (uint64_t)status.st_size };
	return 0;
}

static size_t
at_most_a_piece(uint64_t len)
{
	return len < SOURCE_PIECE_BYTES ? (size_t)len : SOURCE_PIECE_BYTES;
}

int
source_pour(const struct source *source, uint64_t from, uint64_t to,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	uint8_t *piece;
	int rc = 0;

	if (from >= to) {
		return 0;
	}
	piece = xmalloc(at_most_a_piece(to - from));
	while (rc == 0 && from < to) {
		size_t len = at_most_a_piece(to - from);

		rc = source->read(source->arg, from, piece, len, fault);
		if (rc == 0) {
			rc = sink(sink_arg, bytes_of(piece, len), fault);
		}
		from += len;
	}
	free(piece);
	return rc;
}

static int
pour_source(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct source *source = arg;

	return source_pour(source, 0, source->size, sink, sink_arg, fault);
}

struct content
content_of_source(const struct source *source)
{
	return (struct content){ pour_source, (void *)(uintptr_t)source };
}

static int
read_part(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	const struct source_part *part = arg;

	return part->whole->read(part->whole->arg, part->from + offset, data,
	    len, fault);
}

struct source
source_part(const struct source_part *part)
{
	return (
	    struct source){ read_part, (void *)(uintptr_t)part, part->size };
}
