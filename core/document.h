/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DOCUMENT_H
#define CORE_DOCUMENT_H

#include "core/command.h"

/*
 * Documents (văn bản) with number and symbol, date, issuer, signer,
 * recipients and what they cite.  Shapes: docs/records.md.
 */
int document_new(struct command *command, const json_t *body,
    struct fault *fault);
/* Replace the members that `body` names. */
int document_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

/* Who may see and change it: the unit that issued it, NULL where not ours. */
const char *document_unit(const json_t *document);

/*
 * Ids of documents with this number and symbol, however blanks and case are
 * written.  Units restart their numbers every year: there may be several.
 */
int document_find_reference(struct snapshot *snapshot, struct arena *arena,
    const char *reference, const char ***ids_out, size_t *count_out,
    struct fault *fault);

/*
 * How the rows of what is cited begin (TABLE_CITED_BY), before the citing
 * document: by its id, or where that is NULL by its number and symbol.
 */
void document_cited_key(struct key *key, struct arena *arena,
    const char *document, const char *reference);

#endif
