/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BULK_H
#define STORAGE_BULK_H

#include "storage/store.h"

/*
 * Fill the records of a store that has none yet, in order of key and past the
 * writer: pages are filled to the brim and nothing is synced before the end.
 * Nobody else may have the store open, and one that was not closed well is to
 * be thrown away: make it beside and rename it.
 *
 * Thread:  one.
 */
struct bulk;

/*
 * The store of `options->path`, made where it is not.
 *
 * Errors:  as store_open() has; FAULT_CONFLICT where it has records already.
 */
int bulk_open(struct bulk **bulk_out, const struct store_options *options,
    struct fault *fault);
/* Throw away what was not closed; NULL is nothing. */
void bulk_free(struct bulk *bulk);

/*
 * A row behind all that were put before.
 *
 * Errors:  FAULT_INVALID where it is not behind them; as writing has.
 */
int bulk_put(struct bulk *bulk, struct bytes key, struct bytes value,
    struct fault *fault);
/* A record, told of by the log's entry of that index. */
int bulk_put_logged(struct bulk *bulk, struct bytes key, uint64_t rev,
    uint64_t log_index, struct bytes record, struct fault *fault);
/* The next entry of the log; the first has index 0. */
int bulk_log(struct bulk *bulk, struct bytes entry, struct fault *fault);

/* All of it durable.  0 and the bulk is freed; -1 and it is not. */
int bulk_close(struct bulk *bulk, struct fault *fault);

#endif
