/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_DISKS_H
#define TESTS_TORTURE_DISKS_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * What a disk surely has of each file of the store, and the pages that are on
 * their way to it.  Nothing here comes back with a failure: the program ends.
 *
 * Units:   files are numbered as trace_files; events count from 1.
 */
#define DISKS_FLIGHT_MAX 65536u /* pages that may be on their way */

struct disks;

struct disks *disks_new(void);

void disks_free(struct disks *disks);

/* It is there from the beginning. */
void disks_load(struct disks *disks, unsigned file, struct bytes bytes);

/* A write, cut into pages; bytes are borrowed until they have arrived. */
void disks_fly(struct disks *disks, unsigned file, uint64_t offset,
    struct bytes bytes, uint64_t event);

/* The sync of a file that begins covers what was written from `event` on. */
void disks_cover(struct disks *disks, unsigned file, uint64_t event);

/* None of what is in flight of a file is covered. */
void disks_uncover(struct disks *disks, unsigned file);

/* What is covered of a file has arrived. */
void disks_arrive(struct disks *disks, unsigned file);

size_t disks_in_flight(const struct disks *disks);

/*
 * Make a folder a store as it may be found: all that is sure, and of each page
 * in flight those sectors whose bits are set in `have`.
 */
void disks_make_image(const struct disks *disks, const char *folder,
    const uint8_t *have);

#endif
