/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LOG_ENTRIES_H
#define CLI_LOG_ENTRIES_H

#include "cli/cli.h"

/*
 * The entries of the server's audit log numbered from `from` to before `to`,
 * of `size` there are, in their order.  emit() gets the event as an object, or
 * NULL where an entry is none, valid until it returns; it stops the walk by
 * another value than 0, which is returned.
 */
typedef int log_entry_fn(void *arg, uint64_t index, const json_t *event);

int log_entries_each(struct cli *cli, uint64_t from, uint64_t to, uint64_t size,
    log_entry_fn *emit, void *arg);

#endif
