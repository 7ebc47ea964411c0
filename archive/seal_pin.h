/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SEAL_PIN_H
#define ARCHIVE_SEAL_PIN_H

#include "base/buf.h"

/*
 * The PIN in a file that nobody but its owner may read: one line, or the
 * bytes before its end.
 *
 * Owner:   `pin_out` is begun here and ended by seal_pin_forget().
 * Errors:  FAULT_INVALID others may read the file, or it is no such line;
 *          FAULT_ABSENT, FAULT_LIMIT, FAULT_SYSTEM.
 */
int seal_pin_read(struct buf *pin_out, const char *path, struct fault *fault);
/* Wiped, then freed. */
void seal_pin_forget(struct buf *pin);

#endif
