/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_CHUNK_MEND_H
#define STORAGE_CHUNK_MEND_H

#include "storage/chunk.h"

/*
 * Whether a chunk of which other bytes are stored may be written anew by who
 * brings the right ones.  That frees the pages of the old ones, so nobody else
 * may have them: no other row, by damage, and no reader but the one who holds
 * the chunk to put it.  They are proven of no name then.
 *
 * Thread:  the chunk writer, in its transaction; may read all of the tree.
 */
bool chunk_may_be_mended(struct chunks *chunks, const struct sha256 *name,
    struct bytes stored);

#endif
