/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WITNESS_VISIT_H
#define CLI_WITNESS_VISIT_H

#include "cli/witness_folder.h"

/*
 * One connection to a witness: one request, one answer, a few seconds and a
 * few kilobytes for both.  Nothing here waits for the peer.
 *
 * Source:  c2sp.org/tlog-witness.
 */
struct witness_visit;

/* Owner: `client` is taken and does not block; folder is borrowed. */
struct witness_visit *witness_visit_new(int client,
    struct witness_folder *folder);
void witness_visit_free(struct witness_visit *visit);

int witness_visit_descriptor(const struct witness_visit *visit);
/* What it waits for: POLLIN or POLLOUT. */
short witness_visit_events(const struct witness_visit *visit);
/* When its time is over; clock_ticks(). */
int64_t witness_visit_ends(const struct witness_visit *visit);

/* Do what can be done without waiting; false once it is over. */
bool witness_visit_go_on(struct witness_visit *visit);
/* Tell why nothing more comes (408, 503), if nothing was answered yet. */
void witness_visit_refuse(struct witness_visit *visit, unsigned status);

#endif
