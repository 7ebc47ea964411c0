/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_URI_H
#define ARCHIVE_URI_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Names of files as relative references in manifests and METS.
 *
 * Source:  RFC 3986, sections 2.1 and 2.3.
 */

/* Append the name, all but letters, digits and -._~/ percent-encoded. */
void uri_encode(struct buf *out, const char *name);
/*
 * The name that a reference means; a plus is a plus, and a per cent sign that
 * escapes nothing is one.
 *
 * Errors:  FAULT_INVALID: a scheme, an absolute path, "..", a query, a
 *          fragment, an escaped control character.
 */
int uri_decode(struct arena *arena, const char **name_out, const char *uri,
    struct fault *fault);

#endif
