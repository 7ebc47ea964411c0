/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BLOCKS_H
#define CORE_BLOCKS_H

#include "base/json.h"

/*
 * A document as a report wrote it: a list of blocks, each one JSON object
 * (docs/plugin-protocol.md), checked one by one as they come from a plugin.
 * What is kept is canonical and can be handed to any format.
 */
struct blocks;

/* max_bytes bounds what is kept. */
struct blocks *blocks_new(size_t max_bytes);
void blocks_free(struct blocks *blocks);

/*
 * For whoever only looks: of each table keep so many rows from its beginning
 * and every total.  What is left out is checked all the same.
 */
void blocks_keep_rows(struct blocks *blocks, size_t rows);
/* So many; SIZE_MAX: all of them. */
size_t blocks_rows_max(const struct blocks *blocks);

/*
 * Check one block against its form and its place (rows stand in a table and
 * fill its columns; the letterhead stands first) and keep it.
 *
 * Errors:  FAULT_INVALID with the field; FAULT_LIMIT.
 */
int blocks_add(struct blocks *blocks, struct bytes json, struct fault *fault);

/* After the last: no table is open, something was written. */
int blocks_end(const struct blocks *blocks, struct fault *fault);

size_t blocks_count(const struct blocks *blocks);
/* Borrowed until the next blocks_add(). */
struct bytes blocks_at(const struct blocks *blocks, size_t index);

#endif
