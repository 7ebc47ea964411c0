/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DAMAGES_H
#define CORE_DAMAGES_H

#include "base/json.h"
#include "core/harm.h"
#include "storage/store.h"

/*
 * What the running check found and still finds: each damage with where it is
 * and, as soon as all that names records was read, with whom it harms.
 */
struct damages;

struct damages *damages_new(void);
void damages_free(struct damages *damages);

/* --- the check's; never two at a time -------------------------------------- */

/*
 * A damage that the pass of this time found.  Returned is where to add what it
 * destroyed, before the next call.
 */
struct harm *damages_add(struct damages *damages, int64_t pass,
    const char *code, const char *where);
/* Of all that was added it is known whom it harms. */
bool damages_are_named(const struct damages *damages);
/*
 * Go on finding out whom they harm, as harm_walk_on() does; from its beginning
 * where a damage was added since.  0: damages_are_named().
 */
int damages_name(struct damages *damages, struct snapshot *snapshot,
    uint64_t *budget, struct fault *fault);
/* The pass of this time ended: what it did not find is mended. */
void damages_end_pass(struct damages *damages, int64_t pass);
/* Those that were kept: "where" -> finding. */
void damages_restore(struct damages *damages, json_t *kept);

/* --- anybody's ------------------------------------------------------------- */

uint64_t damages_count(struct damages *damages);
/* A copy to keep, as damages_restore() takes it; json_decref() it. */
json_t *damages_copy(struct damages *damages);

#endif
