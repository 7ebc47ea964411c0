/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FILE_PROOFS_H
#define CORE_FILE_PROOFS_H

#include "archive/validation_data.h"
#include "base/json.h"
#include "core/anchors.h"

/*
 * What proves the signatures in a file that came in when nobody can be asked
 * any more: lists and answers about the chains of who signed and who stamped.
 * The file stays as it is, so they are kept beside it, in a file of their own
 * (archive/validation_material.h).
 *
 * Thread:  worker; it waits for who is asked.
 */

/*
 * Append to `out` the file `before` (empty: there is none yet) with all that
 * is told of these chains (archive/chain_json.h), whoever wrote them: asked
 * is only about those that lead to an anchor.
 *
 * Returns: the worst that was found; of more than VALIDATION_WHOLE `why` says
 *          it.  Nothing was appended where nothing was told.
 */
enum validation_state file_proofs_gather(struct buf *out,
    const struct core *core, const struct anchors *anchors,
    const json_t *chains, struct bytes before, struct fault *why);

#endif
