/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_IMPORT_LINE_H
#define CLI_IMPORT_LINE_H

#include "base/digest.h"
#include "base/json.h"

/* A file that a line attaches, found and read once for its hash. */
struct import_file {
	const char *path;
	const char *name;     /* as the record will say it */
	const char *code;     /* of a dossier's component, or NULL */
	const char *document; /* the same; or NULL */
	char sha256[SHA256_TEXT];
};

/*
 * One line of an import (docs/records.md, Import), understood: what to post
 * where, and which files to upload first.
 *
 * Owner: everything lives in the arena.
 */
struct import_line {
	const char *type;  /* "unit" */
	const char *place; /* "/api/v1/units" */
	const char *id;    /* or NULL, where the server draws it */
	json_t *body;      /* what is posted, without its attachments */
	struct import_file *files;
	size_t file_count;
	/* The same line with the same files has the same key: a repeated
	 * request with it changes nothing. */
	char key[SHA256_TEXT];
};

/*
 * `folder` is the import file's, "" for the present one.
 *
 * Errors:  FAULT_INVALID what is wrong with the line; FAULT_ABSENT a file
 *          that is not there.
 */
int import_line_parse(struct import_line *line_out, struct arena *arena,
    const char *folder, struct bytes text, struct fault *fault);

/* Put an uploaded file into the body. */
void import_line_attach(struct import_line *line,
    const struct import_file *file, const char *media_type, const char *upload);

/*
 * Does a stored record say all that the line says, and hold its files?  The
 * server's own members and those that came later do not matter.  NULL, or
 * the member that differs (in the arena).
 */
const char *import_line_differs(const struct import_line *line,
    struct arena *arena, const json_t *stored);

/* Is all of `wanted` in `stored`, member by member? */
bool import_line_covers(const json_t *stored, const json_t *wanted);

#endif
