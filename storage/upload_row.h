/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_UPLOAD_ROW_H
#define STORAGE_UPLOAD_ROW_H

#include "storage/blob_row.h"
#include "storage/upload.h"

/*
 * The rows of uploads, for storage/ alone: row 0 is the state, rows 1 and
 * more are names of chunks, 60 each.
 */
#define UPLOAD_ROW_BYTES (66u + 1 + UPLOAD_OWNER_MAX + 2 + UPLOAD_ABOUT_MAX)

void upload_row_key(struct key *key, const char *id, uint32_t row);
/* In an open upload `state->sum` is that of the tail. */
struct bytes upload_row_format(uint8_t row[UPLOAD_ROW_BYTES],
    const struct upload_state *state);
/* Borrowed from `row`, the owner copied to the arena. */
int upload_row_parse(struct upload_state *state_out, struct bytes row,
    struct arena *arena, struct fault *fault);

/* Whole chunks, and the last one where it is complete. */
size_t upload_row_chunks(const struct upload_state *state);
/* Put the rows that hold names from number `from` on. */
void upload_row_put_names(struct writes *writes, const char *id,
    const struct sha256 *names, size_t from, size_t count);
/* All names of the state, in the arena. */
int upload_row_read_names(struct snapshot *snapshot, const char *id,
    const struct upload_state *state, struct arena *arena,
    const struct sha256 **names_out, struct fault *fault);
void upload_row_delete_all(struct writes *writes, const char *id,
    const struct upload_state *state);

#endif
