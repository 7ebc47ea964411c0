/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A stored entry is its bytes where they stand.  That its two lengths are one
 * was found with the directory; here only the CRC is left to be seen.
 */

#include "archive/zip_stored.h"

#include "archive/zip_in.h"
#include "base/memory.h"

#include <stdlib.h>
#include <zlib.h>

#define PIECE_BYTES (256u << 10)

static int
pour(const struct source *source, const struct zip_entry *entry, uint8_t *piece,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	uLong crc = crc32(0, NULL, 0);
	size_t len;

	for (uint64_t at = 0; at < entry->size; at += len) {
		uint64_t left = entry->size - at;

		len = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
		if (source->read(source->arg, entry->data_offset + at, piece,
		        len, fault) < 0) {
			return -1;
		}
		crc = crc32_z(crc, piece, len);
		if (sink(sink_arg, bytes_of(piece, len), fault) < 0) {
			return -1;
		}
	}
	if (crc != entry->crc32) {
		return fault_set(fault, FAULT_INVALID,
		    "its bytes have another CRC than its header says");
	}
	return 0;
}

int
zip_stored_pour(const struct source *source, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	size_t len =
	    entry->size < PIECE_BYTES ? (size_t)entry->size : PIECE_BYTES;
	uint8_t *piece = xzalloc(len);
	int rc = pour(source, entry, piece, sink, sink_arg, fault);

	free(piece);
	return rc;
}
