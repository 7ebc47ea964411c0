/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FSCK_LEAF_H
#define CORE_FSCK_LEAF_H

#include "base/arena.h"
#include "base/json.h"
#include "core/sorter.h"

/*
 * What a leaf of the log tells of: lists of
 *
 *     kind u8, id, NUL, rev u64 -> SHA-256, index of the leaf u64
 *
 * in which every revision that was ever stored has a line.
 */
#define FSCK_LEAF_BYTES 40u /* of a value */

/*
 * Add what the leaf `event` of this index tells of.  False: something in it
 * names no revision and hash; the rest is added all the same.
 */
bool fsck_leaf_add(struct sorter *told, struct arena *scratch, uint64_t index,
    const json_t *event);

#endif
