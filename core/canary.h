/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CANARY_H
#define CORE_CANARY_H

#include "storage/blob.h"

/*
 * A file whose bytes are not what its name says, put there on purpose: who
 * checks all files and does not find it checks nothing.  Everybody else passes
 * it over.
 */
struct blob_ref canary_ref(void);
bool canary_is(struct bytes sum);

/* Both wait for the writer.  Thread: worker. */
int canary_plant(struct store *store, struct fault *fault);
int canary_take_away(struct store *store, struct fault *fault);

#endif
