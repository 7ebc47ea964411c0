/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DOSSIER_PAGE_H
#define API_DOSSIER_PAGE_H

#include "base/buf.h"
#include "core/retrieval.h"

/*
 * A page of dossiers as canonical JSON, written as the rows come and without a
 * tree of them:
 *
 *     {"dossiers":[...],"hidden":2,"next":"..."}
 */
struct dossier_page {
	struct arena *arena;
	struct buf text;
	unsigned shown;
	unsigned hidden;  /* rows of others, which are not shown */
	const char *next; /* cursor of the next page, or NULL */
	/* the last row's, which most have in common, and as they are written */
	const struct retrieval_heir *heirs;
	struct bytes heirs_text;
};

void dossier_page_init(struct dossier_page *page, struct arena *arena);
void dossier_page_fini(struct dossier_page *page);

void dossier_page_add(struct dossier_page *page,
    const struct retrieval_row *row);
/* All of it, in the arena. */
struct bytes dossier_page_end(struct dossier_page *page);

#endif
