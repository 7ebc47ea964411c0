/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_PACKED_H
#define ARCHIVE_ZIP_PACKED_H

#include "archive/stream.h"

struct zip_entry;

/*
 * Give the bytes of a deflated entry of a sound directory to a sink, as
 * zip_in_pour() says.
 *
 * libarchive ends the whole process where a text of its own finds no memory:
 * a server reads what it has stored itself (zip_stored.h), and what others
 * have packed in a process that may end.
 */
int zip_packed_pour(const struct source *source, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault);

#endif
