/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_COSIGNED_ROWS_H
#define CORE_COSIGNED_ROWS_H

#include "archive/cosigners.h"
#include "base/json.h"
#include "core/core.h"

/*
 * The checkpoints with cosignatures that are kept: few enough that each step
 * reads all of them and writes all of them again.
 *
 * Row:     TABLE_COSIGNED, size -> {"checkpoint":note,"for":[name, ...]}
 * Thread:  one at a time, by witnesses_lock(), from reading to writing.
 */
#define COSIGNED_ROWS_MAX (2 * COSIGNERS_MAX + 2)

struct cosigned_row {
	uint64_t size;
	struct bytes note;
	const json_t *carried; /* names that it is being carried to */
	struct cosigned cosigned;
};

/* Everything lies in the arena. */
struct cosigned_rows {
	struct core *core;
	struct arena *arena;
	unsigned count;
	struct cosigned_row list[COSIGNED_ROWS_MAX]; /* by size */
};

int cosigned_rows_read(struct cosigned_rows *rows, struct core *core,
    struct arena *arena, struct fault *fault);
/*
 * Write them as they are now, less those that nobody needs any more: kept are
 * the newest one with enough cosignatures, the newest one of each witness, and
 * what is being carried to one that has not seen as much.
 */
int cosigned_rows_write(const struct cosigned_rows *rows, struct fault *fault);

/* The row of a size, made where there is none: then its note is empty. */
int cosigned_rows_add(struct cosigned_rows *rows, uint64_t size,
    struct cosigned_row **row_out, struct fault *fault);
/* What a witness has cosigned last, or NULL; how many entries that are. */
const struct cosigned_row *cosigned_rows_of(const struct cosigned_rows *rows,
    unsigned place);
uint64_t cosigned_rows_seen(const struct cosigned_rows *rows, unsigned place);
/* The newest one with enough cosignatures, or NULL. */
const struct cosigned_row *cosigned_rows_enough(
    const struct cosigned_rows *rows);

#endif
