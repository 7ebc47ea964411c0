/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_TOLD_H
#define TESTS_TORTURE_TOLD_H

#include "storage/store.h"

/*
 * What clients were told by a server, read from what went over its sockets:
 * receipts, and how much of each upload is kept.
 */
struct told;

struct told *told_new(void);

void told_free(struct told *told);

/* Other sockets have the numbers from here on. */
void told_begin(struct told *told);

/* Bytes that a client sent over a socket. */
void told_hear(struct told *told, unsigned socket, struct bytes bytes);

/* Bytes that were sent to one.  Errors: a receipt that is none. */
int told_tell(struct told *told, unsigned socket, struct bytes bytes,
    struct fault *fault);

typedef void told_broken_fn(void *arg, const char *what, const char *where);

/* Call `broken` for everything that was promised and is not in a store. */
void told_check(const struct told *told, struct store *store,
    told_broken_fn *broken, void *arg);

size_t told_receipts(const struct told *told);

size_t told_uploads(const struct told *told);

#endif
