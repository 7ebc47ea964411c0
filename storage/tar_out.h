/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_TAR_OUT_H
#define STORAGE_TAR_OUT_H

#include "base/bytes.h"
#include "base/fault.h"

/*
 * A tar file (POSIX pax) as a stream: regular files alone, each with the same
 * owner, rights and time, so that the same members give the same bytes.
 *
 * Errors:  FAULT_SYSTEM, what the descriptor says.
 * Thread:  one at a time.
 */
struct tar_out;

/* The descriptor stays the caller's; `at` is UTC microseconds. */
int tar_out_new(struct tar_out **tar_out, int descriptor, int64_t at,
    struct fault *fault);
/* Without tar_out_finish() what was written has no end. */
void tar_out_free(struct tar_out *tar);

/* Begin a member of exactly `size` bytes. */
int tar_out_begin(struct tar_out *tar, const char *name, uint64_t size,
    struct fault *fault);
/* Some of its bytes; never more than were announced. */
int tar_out_add(struct tar_out *tar, struct bytes bytes, struct fault *fault);
/* After the last byte of the last member. */
int tar_out_finish(struct tar_out *tar, struct fault *fault);

#endif
