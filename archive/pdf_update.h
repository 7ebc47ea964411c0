/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_UPDATE_H
#define ARCHIVE_PDF_UPDATE_H

#include "archive/pdf_objects.h"

/*
 * What stands in [from, to) is read as updates of a PDF: objects, a table of
 * them or a stream that is one, a trailer, the place of the table.  Anything
 * else is not fit.
 *
 * The table names only what was defined behind the first signature, and the
 * trailer goes on from the table before, so that no reader finds another
 * object by it than is looked at here.  A stream that is a table is not
 * looked into.
 */
struct pdf_update {
	struct pdf_objects *objects;
	uint64_t from;
	uint64_t to;
	unsigned region;
	uint64_t table_before; /* what the last startxref said */
	uint64_t table;        /* the last that was read */
	bool is_fit;
	bool is_open;  /* objects or a table, and no startxref behind them */
	bool is_empty; /* space, and nothing else */
};

int pdf_update_read(struct pdf_update *update, struct fault *fault);
/* What the last startxref before `end` says; 0 where there is none near. */
int pdf_update_table_before(uint64_t *table_out, const struct source *source,
    uint64_t end, struct fault *fault);

#endif
