/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_SEAL_FILES_H
#define DAEMON_SEAL_FILES_H

#include "archive/seal.h"
#include "daemon/settings.h"

/*
 * The seal's key and certificate where section [seal] says: two files, or a
 * key in a token with a certificate in a file or beside it.
 */

/* Make what is missing; a key in a token is never made, but certified. */
int seal_files_make(const struct settings *settings, struct fault *fault);
int seal_files_load(struct seal_key **key_out, const struct settings *settings,
    struct fault *fault);

#endif
