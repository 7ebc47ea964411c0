/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PAGES_H
#define API_PAGES_H

#include "api/etag.h"
#include "base/bytes.h"
#include "base/fault.h"

/*
 * The files of the web page, held in memory.  What is served is what was
 * there when it was opened: nothing that a client sends becomes a path.
 * Constant after pages_open().
 */
struct pages;

/* How a file can travel, the first that a client takes. */
enum page_coding {
	PAGE_BROTLI,
	PAGE_GZIP,
	PAGE_PLAIN,
	PAGE_CODINGS,
};

struct page_file {
	const char *name;
	const char *media_type;

	struct page_form {
		struct bytes bytes;
		char tag[ETAG_TEXT]; /* of just these bytes; "": not there */
	} forms[PAGE_CODINGS];
};

/*
 * Read ROOT/index.html and the files in ROOT/assets, each with its NAME.br
 * and NAME.gz where they are there.
 *
 * Owner:   *pages_out is freed with pages_free().
 * Errors:  FAULT_ABSENT without an index.html, FAULT_LIMIT for too many files
 *          or too long a one, FAULT_SYSTEM.
 */
int pages_open(struct pages **pages_out, const char *root, struct fault *fault);
void pages_free(struct pages *pages);

const struct page_file *pages_index(const struct pages *pages);
/* The asset of that name, or NULL. */
const struct page_file *pages_asset(const struct pages *pages,
    const char *name);

#endif
