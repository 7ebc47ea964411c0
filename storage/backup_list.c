/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sums are compared line by line, and each line takes its file off the list:
 * a line that stands twice finds none, and a file without a line remains.
 */

#include "storage/backup_list.h"

#include "base/hex.h"
#include "base/json.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define BACKUP_FORMAT  "hoso-backup"
#define BACKUP_VERSION 1
/* A line of SHA256SUMS before the name: the sum and two blanks. */
#define SUM_LEN (SHA256_TEXT - 1 + 2)

static const char readme[] =
    "Bản sao lưu một kho hồ sơ thi đua, khen thưởng của hoso.\n"
    "Backup of an archive of award dossiers, made by hoso.\n"
    "\n"
    "  store/records/data.mdb   records, indexes, the audit log (LMDB 0.9)\n"
    "  store/chunks/data.mdb    pieces of the attached files (LMDB 0.9)\n"
    "  keys/, hosod.conf        keys and options; not in a stream\n"
    "  manifest.json            what is here, with lengths and sums\n"
    "  SHA256SUMS               the sums, to be checked by\n"
    "                           sha256sum --check SHA256SUMS\n"
    "\n"
    "Khôi phục / Restore:  hosod --data NEW restore FOLDER\n"
    "                      hosod --data NEW restore - < FILE.tar\n"
    "\n"
    "Without hoso: `mdb_dump -n -a store/records/data.mdb` (lmdb-utils) lists\n"
    "all tables. A record is JSON in UTF-8, behind its revision and its place\n"
    "in the log: 8 bytes each, the second where the highest bit is set.\n"
    "An attached file is its chunks put together; their names, SHA-256 sums,\n"
    "stand in the row `B` + SHA-256 of the file + row number. The page\n"
    "docs/store.md of hoso's source draws every table byte by byte.\n";

void
backup_list_part(char name[BACKUP_NAME_MAX], const char *part)
{
	snprintf(name, BACKUP_NAME_MAX, BACKUP_STORE "/%s/data.mdb", part);
}

void
backup_list_add(struct backup_list *list, const char *name, uint64_t size,
    const struct sha256 *sum)
{
	struct backup_entry *entry = &list->entries[list->count];

	assert(list->count < BACKUP_FILES_MAX);
	assert(strlen(name) < sizeof(entry->name));
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	entry->size = size;
	entry->sum = *sum;
	list->count++;
}

/* list->count where there is none of this name. */
static size_t
place_of(const struct backup_list *list, const char *name)
{
	size_t i = 0;

	while (i < list->count && strcmp(list->entries[i].name, name) != 0) {
		i++;
	}
	return i;
}

bool
backup_list_has(const struct backup_list *list, const char *name)
{
	return place_of(list, name) < list->count;
}

struct bytes
backup_list_readme(void)
{
	return bytes_of_text(readme);
}

void
backup_list_manifest(const struct backup_list *list, int64_t at,
    struct buf *out)
{
	char sum[SHA256_TEXT];

	/* Canonical JSON (RFC 8785): the names are plain ASCII. */
	buf_add_text(out, "{\"files\":[");
	for (size_t i = 0; i < list->count; i++) {
		const struct backup_entry *entry = &list->entries[i];

		sha256_format(sum, &entry->sum);
		buf_add_format(out,
		    "%s{\"name\":\"%s\",\"sha256\":\"%s\",\"size\":%" PRIu64
		    "}",
		    i > 0 ? "," : "", entry->name, sum, entry->size);
	}
	buf_add_format(out,
	    "],\"format\":\"" BACKUP_FORMAT "\",\"made_at\":%" PRId64
	    ",\"version\":%d}\n",
	    at, BACKUP_VERSION);
}

void
backup_list_sums(const struct backup_list *list, struct buf *out)
{
	char sum[SHA256_TEXT];

	for (size_t i = 0; i < list->count; i++) {
		sha256_format(sum, &list->entries[i].sum);
		buf_add_format(out, "%s  %s\n", sum, list->entries[i].name);
	}
}

int
backup_list_check_manifest(struct bytes manifest, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct fault why = { 0 };
	json_t *root = json_read(arena, manifest, &why);
	const char *format = root != NULL ? json_text_at(root, "format") : NULL;
	int64_t version = root != NULL ? json_integer_at(root, "version") : 0;
	int rc = 0;

	if (format == NULL || strcmp(format, BACKUP_FORMAT) != 0) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    BACKUP_MANIFEST " is not that of a backup");
	} else if (version != BACKUP_VERSION) {
		rc = fault_set(fault, FAULT_CORRUPT,
		    "the backup is of version %" PRId64 ", not %d", version,
		    BACKUP_VERSION);
	}
	arena_free(arena);
	return rc;
}

/*
 * Cut one line off, compare it with the file that it names, and take that off
 * the list.
 */
static int
check_line(struct backup_list *left, struct bytes *rest, struct fault *fault)
{
	const uint8_t *end = memchr(rest->data, '\n', rest->len);
	size_t len = end != NULL ? (size_t)(end - rest->data) : 0;
	char line[SUM_LEN + BACKUP_NAME_MAX] = "";
	size_t place = left->count;
	struct sha256 sum;

	if (len > SUM_LEN && len < sizeof(line) &&
	    memcmp(rest->data + SUM_LEN - 2, "  ", 2) == 0) {
		memcpy(line, rest->data, len);
		line[SUM_LEN - 2] = '\0';
		place = place_of(left, line + SUM_LEN);
	}
	if (place == left->count ||
	    !hex_decode(sum.bytes, SHA256_BYTES, line)) {
		return fault_set(fault, FAULT_CORRUPT,
		    BACKUP_SUMS " has a line for no file that is here");
	}
	if (memcmp(&sum, &left->entries[place].sum, sizeof(sum)) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "%s: other bytes than " BACKUP_SUMS " says",
		    left->entries[place].name);
	}
	left->entries[place] = left->entries[--left->count];
	*rest = bytes_of(rest->data + len + 1, rest->len - len - 1);
	return 0;
}

int
backup_list_check_sums(const struct backup_list *list, struct bytes sums,
    struct fault *fault)
{
	struct backup_list left = *list; /* those that no line has named */

	while (sums.len > 0) {
		if (check_line(&left, &sums, fault) < 0) {
			return -1;
		}
	}
	return left.count == 0 ? 0
	                       : fault_set(fault, FAULT_CORRUPT,
	                             "%s: " BACKUP_SUMS " has no line for it",
	                             left.entries[0].name);
}
