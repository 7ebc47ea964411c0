/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_BLOCK_H
#define HOST_BLOCK_H

#include "base/json.h"
#include "hoso/plugin.h"

/*
 * One block of a document as a format is handed it, made of the JSON that the
 * server sends after it has checked it.  `footnotes` counts the footnotes of
 * the document so far.
 *
 * Owner:   all of it lies in the arena.
 * Errors:  FAULT_INVALID where it is no block.
 */
int block_decode(struct hoso_block *block_out, struct arena *arena,
    const json_t *value, unsigned *footnotes, struct fault *fault);

#endif
