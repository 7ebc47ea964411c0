/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_STRICT_H
#define ARCHIVE_ZIP_STRICT_H

#include "archive/zip_in.h"

/*
 * Is the container, apart from the data of its entries, byte for byte what
 * zip_out would write?  Where it is not, FOUND_STRUCTURE_ALTERED names the
 * entry.  With this every byte of a container of ours is accounted for: the
 * data by digests, the rest here.
 *
 * Errors:  only what the source says.
 */
int zip_strict_check(const struct zip_in *zip, const struct source *source,
    struct findings *findings, struct fault *fault);

#endif
