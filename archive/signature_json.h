/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SIGNATURE_JSON_H
#define ARCHIVE_SIGNATURE_JSON_H

#include "archive/judgement.h"
#include "base/json.h"

/*
 * One judged signature as data: who signed, when, with what, under which
 * anchor, whether he was revoked, the level and the verdict.  What it covers
 * and why are findings of the same place.
 *
 * Owner:   a new reference; its texts are UTF-8 in NFC.
 * Source:  docs/signatures.md, "As data".
 */
json_t *signature_json(const struct judgement *judgement, const char *place);

#endif
