/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_TAR_IN_H
#define STORAGE_TAR_IN_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * A tar file of anybody as a stream: regular files and the folders that they
 * lie in, from first to last.  Nothing is ever extracted by its name.
 *
 * Errors:  FAULT_CORRUPT, naming the member, for what is damaged, cut off or
 *          no regular file; FAULT_SYSTEM the descriptor cannot be read.
 * Thread:  one at a time.
 */
struct tar_in;

int tar_in_open(struct tar_in **tar_out, int descriptor, struct fault *fault);
void tar_in_free(struct tar_in *tar);

struct tar_member {
	const char *name; /* without "./"; a folder's ends with a slash */
	bool is_folder;
	uint64_t size;
};

/*
 * The next member: 1, 0 at the end of the whole, -1.  The one before must
 * have been read to its end.
 *
 * Owner:   its name is borrowed until the next call.
 */
int tar_in_next(struct tar_in *tar, struct tar_member *member_out,
    struct fault *fault);
/*
 * The member's next bytes: 1, 0 after exactly `size` of them, -1 (its faults
 * do not name the member).
 *
 * Owner:   borrowed until the next call.
 */
int tar_in_read(struct tar_in *tar, struct bytes *bytes_out,
    struct fault *fault);
/* Put the member's name, as it may be shown, before a fault.  Returns -1. */
int tar_in_refuse(const struct tar_in *tar, struct fault *fault);

#endif
