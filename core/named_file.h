/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_NAMED_FILE_H
#define CORE_NAMED_FILE_H

#include "base/digest.h"
#include "core/record.h"

/* A file that a document or a dossier names. */
struct named_file {
	const char *name;
	const char *hex; /* its SHA-256 */
	struct sha256 sum;
	uint64_t size;
	const char *component; /* code of a dossier's; NULL: a document's */
};

struct named_files {
	struct named_file *list;
	size_t count;
};

/*
 * In order of the record; NULL as a record has none.  What names no digest is
 * left out: such a record is damaged, and fsck says so.
 *
 * Owner: the arena's; texts are borrowed from the record.
 */
struct named_files named_files(struct arena *arena, enum record_kind kind,
    const json_t *record);
/* NULL: it names none of that digest. */
const struct named_file *named_file_find(const struct named_files *files,
    const struct sha256 *sum);

/* By its name a signature, time-stamp or evidence record of its own. */
bool named_file_is_proof(const struct named_file *file);
/*
 * What such a file is about: the one whose name it has before its own ending
 * ("a.pdf.p7s" and "a.pdf"), or before both endings ("a.p7s" and "a.pdf"), or
 * the only one beside it that is no proof itself.  NULL: none of them.
 * A .p7m holds its content as a rule: only its full name tells of another.
 *
 * Source:  RFC 8551, 3.2.1.
 */
const struct named_file *named_file_content(const struct named_files *files,
    const struct named_file *proof);

#endif
