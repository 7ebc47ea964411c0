/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_BACKUP_LIST_H
#define STORAGE_BACKUP_LIST_H

#include "base/buf.h"
#include "base/digest.h"

#include <stdbool.h>

/*
 * The files of a backup: their names, lengths and sums, as they are written
 * into it or were found in it.
 *
 *     README.txt               what this is, for who finds it without hoso
 *     store/records/data.mdb
 *     store/chunks/data.mdb
 *     keys/..., hosod.conf     small files that the caller of a backup names
 *     manifest.json            the list of all above
 *     SHA256SUMS               the sums of all above, for sha256sum(1)
 */
#define BACKUP_README   "README.txt"
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_SUMS     "SHA256SUMS"
#define BACKUP_STORE    "store"

#define BACKUP_FILES_MAX 32u
#define BACKUP_NAME_MAX  64u         /* bytes with the NUL */
#define BACKUP_TEXT_MAX  (64u << 10) /* of a file about the others */

struct backup_entry {
	char name[BACKUP_NAME_MAX];
	uint64_t size;
	struct sha256 sum;
};

struct backup_list {
	struct backup_entry entries[BACKUP_FILES_MAX];
	size_t count;
};

/* The name of a part of the store: "store/records/data.mdb". */
void backup_list_part(char name[BACKUP_NAME_MAX], const char *part);
/* There must be room, and the name must fit: both are the program's own. */
void backup_list_add(struct backup_list *list, const char *name, uint64_t size,
    const struct sha256 *sum);
bool backup_list_has(const struct backup_list *list, const char *name);

/* README.txt. */
struct bytes backup_list_readme(void);
/* manifest.json; `at` is UTC microseconds. */
void backup_list_manifest(const struct backup_list *list, int64_t at,
    struct buf *out);
/* SHA256SUMS. */
void backup_list_sums(const struct backup_list *list, struct buf *out);

/*
 * A manifest must be one and of this version, and SHA256SUMS must name every
 * file of the list, each once and none besides, with its sum.
 *
 * Errors:  FAULT_CORRUPT, naming the file.
 */
int backup_list_check_manifest(struct bytes manifest, struct fault *fault);
int backup_list_check_sums(const struct backup_list *list, struct bytes sums,
    struct fault *fault);

#endif
