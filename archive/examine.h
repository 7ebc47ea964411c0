/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EXAMINE_H
#define ARCHIVE_EXAMINE_H

#include "archive/verify.h"

/*
 * Examining a file of anybody: what it is, who signed it, and what of that
 * holds.  Signed PDF, CMS signatures with or without their content,
 * time-stamp tokens, evidence records, and containers (verify.h).  Nothing is
 * asked of a network, and memory does not grow with the file.
 *
 * Thread:  a worker's or a tool's work.
 * Source:  docs/signatures.md.
 */
enum examined {
	EXAMINED_NOTHING, /* none of these: nothing was examined */
	EXAMINED_CONTAINER,
	EXAMINED_PDF,
	EXAMINED_CMS,
	EXAMINED_TIMESTAMP,
	EXAMINED_EVIDENCE,
};

/*
 * By a few of its bytes; a token is still taken for a signature.
 *
 * Errors:  what the source says when it cannot be read.
 */
int examine_find_kind(enum examined *kind_out, const struct source *file,
    struct fault *fault);

struct examine_question {
	const struct source *file;
	/* What a signature, token or record of its own is about. */
	const struct content *objects;
	size_t object_count;
	const struct verify_options *options;
};

/*
 * Fills the findings, as verify_container() does.
 *
 * Errors:  only what a source says when it cannot be read.
 */
int examine(enum examined *examined_out, struct findings *findings,
    const struct examine_question *question, struct fault *fault);

#endif
