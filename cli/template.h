/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TEMPLATE_H
#define CLI_TEMPLATE_H

#include "base/buf.h"

/*
 * Copy every file of the folder `from` into the new folder `to`, with @NAME@
 * (as given: "so-vang") and @SYMBOL@ (as C writes it: "so_vang") replaced in
 * names and contents.
 *
 * Errors:  FAULT_CONFLICT where `to` is there already; FAULT_ABSENT where
 *          `from` is not.
 */
int template_copy(const char *from, const char *to, const char *name,
    struct fault *fault);

/* Append `text` with the two words replaced. */
void template_fill(struct buf *out, struct bytes text, const char *name);

#endif
