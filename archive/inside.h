/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_INSIDE_H
#define ARCHIVE_INSIDE_H

#include "archive/examine.h"

/*
 * The signed files inside a container of ours that verified: each is examined
 * as examine() does, with what the container has to prove it
 * (validation_material.h), as something that existed when the container did.
 *
 * Thread:  a worker's or a tool's work.
 */

/* When the container existed, as verify_container() found; 0: not proven. */
int64_t inside_existed_at(const struct findings *container);

/* What was found in one of them; the findings end with the call. */
typedef int (*inside_fn)(void *arg, const char *member, enum examined kind,
    const struct findings *findings, struct fault *fault);

/*
 * Errors:  FAULT_INVALID it is no container of ours; what the source and
 *          `told` say.
 */
int inside_examine(const struct source *container,
    const struct verify_options *options, int64_t existed_at, inside_fn told,
    void *arg, struct fault *fault);

#endif
