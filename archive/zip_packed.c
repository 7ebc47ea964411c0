/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libarchive is shown one entry at a time (zip_view.h).  Sizes are claims
 * until the data was read: not one byte more than announced is given out, and
 * length, end of the packed stream and CRC must meet at the end, where
 * libarchive compares them.
 */

#include "archive/zip_packed.h"

#include "archive/zip_view.h"
#include "base/libarchive.h"
#include "base/memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#define PIECE_BYTES (256u << 10)

/* An entry on its way out of libarchive. */
struct pouring {
	struct archive *archive;
	struct source view;
	const struct zip_entry *entry;
	uint64_t place;     /* in the view */
	uint64_t given;     /* bytes given out */
	uint8_t *piece;     /* what libarchive reads from, without a copy */
	struct fault fault; /* of the source, while libarchive is asked */
};

static la_ssize_t
read_piece(struct archive *archive, void *arg, const void **data_out)
{
	struct pouring *pouring = arg;
	uint64_t left = pouring->view.size - pouring->place;
	size_t len = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;

	(void)archive;
	if (len > 0 && pouring->view.read(pouring->view.arg, pouring->place,
	                   pouring->piece, len, &pouring->fault) < 0) {
		return -1;
	}
	pouring->place += len;
	*data_out = pouring->piece;
	return (la_ssize_t)len;
}

static la_int64_t
seek(struct archive *archive, void *arg, la_int64_t offset, int whence)
{
	struct pouring *pouring = arg;
	int64_t base = whence == SEEK_SET   ? 0
	               : whence == SEEK_CUR ? (int64_t)pouring->place
	                                    : (int64_t)pouring->view.size;

	(void)archive;
	if (offset < -base || offset > (int64_t)pouring->view.size - base) {
		return ARCHIVE_FATAL;
	}
	pouring->place = (uint64_t)(base + offset);
	return base + offset;
}

/* One answer of libarchive: 0, 1 at an end, or -1. */
static int
judge(struct pouring *pouring, int code, struct fault *fault)
{
	return libarchive_judge(pouring->archive, code, &pouring->fault,
	    FAULT_INVALID, fault);
}

/* The only entry of the view, and it must be the one that was asked for. */
static int
find_entry(struct pouring *pouring, struct fault *fault)
{
	struct archive *archive = pouring->archive;
	mode_t kind = pouring->entry->is_folder ? AE_IFDIR : AE_IFREG;
	struct archive_entry *header = NULL;
	const char *name;

	/* One format and no filter: no other parser is ever asked. */
	if (judge(pouring, archive_read_support_format_zip_seekable(archive),
	        fault) != 0 ||
	    judge(pouring,
	        archive_read_set_options(archive, "zip:hdrcharset=UTF-8"),
	        fault) != 0 ||
	    judge(pouring, archive_read_set_read_callback(archive, read_piece),
	        fault) != 0 ||
	    judge(pouring, archive_read_set_seek_callback(archive, seek),
	        fault) != 0 ||
	    judge(pouring, archive_read_set_callback_data(archive, pouring),
	        fault) != 0 ||
	    judge(pouring, archive_read_open1(archive), fault) != 0) {
		return -1;
	}
	switch (
	    judge(pouring, archive_read_next_header(archive, &header), fault)) {
	case 0:
		break;
	case 1:
		return fault_set(fault, FAULT_INVALID, "it is not found");
	default:
		return -1;
	}
	name = archive_entry_pathname(header); /* NULL: no UTF-8 locale */
	if (name == NULL || strcmp(name, pouring->entry->name) != 0 ||
	    archive_entry_filetype(header) != kind) {
		return fault_set(fault, FAULT_INVALID,
		    "it is read as another name or kind");
	}
	return 0;
}

static int
give_blocks(struct pouring *pouring, sink_fn sink, void *sink_arg,
    struct fault *fault)
{
	const void *data;
	size_t len;
	la_int64_t offset;
	int rc;

	while ((rc = judge(pouring,
	            archive_read_data_block(pouring->archive, &data, &len,
	                &offset),
	            fault)) == 0) {
		if ((uint64_t)offset != pouring->given ||
		    len > pouring->entry->size - pouring->given) {
			return fault_set(fault, FAULT_INVALID,
			    "more bytes than the %" PRIu64 " of the directory",
			    pouring->entry->size);
		}
		pouring->given += len;
		if (len > 0 && sink(sink_arg, bytes_of(data, len), fault) < 0) {
			return -1;
		}
	}
	if (rc == 1 && pouring->given != pouring->entry->size) {
		return fault_set(fault, FAULT_INVALID,
		    "%" PRIu64 " bytes where the directory says %" PRIu64,
		    pouring->given, pouring->entry->size);
	}
	return rc < 0 ? -1 : 0;
}

int
zip_packed_pour(const struct source *source, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct pouring pouring = { .entry = entry };
	struct zip_view view;
	int rc = -1;

	if (entry->packed_size == 0) {
		/* libarchive reads nothing of it, so it compares nothing. */
		return fault_set(fault, FAULT_INVALID,
		    "it has no bytes, and its header says otherwise");
	}
	zip_view_init(&view, source, entry);
	pouring.view = zip_view_source(&view);
	pouring.piece =
	    xzalloc(pouring.view.size < PIECE_BYTES ? (size_t)pouring.view.size
	                                            : PIECE_BYTES);
	pouring.archive = archive_read_new();
	if (pouring.archive == NULL) {
		fault_errno(fault, ENOMEM, "libarchive");
	} else if (find_entry(&pouring, fault) == 0) {
		rc = give_blocks(&pouring, sink, sink_arg, fault);
	}
	archive_read_free(pouring.archive);
	free(pouring.piece);
	zip_view_fini(&view);
	return rc;
}
