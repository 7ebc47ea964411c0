/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_STORED_H
#define ARCHIVE_ZIP_STORED_H

#include "archive/stream.h"

struct zip_entry;

/*
 * Give the bytes of a stored entry of a sound directory to a sink, as
 * zip_in_pour() says.
 */
int zip_stored_pour(const struct source *source, const struct zip_entry *entry,
    sink_fn sink, void *sink_arg, struct fault *fault);

#endif
