/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A folder and a tar give the same files by the same names.  Each is hashed
 * as it comes and goes where its name says: a part of the store into its file
 * of the draft, a small one into memory.  Any other name is refused, as is
 * one that comes twice.  When all have come, the sums are compared, whichever
 * order that was in.
 */

#include "storage/restore.h"

#include "base/file.h"
#include "base/memory.h"
#include "storage/backup_list.h"
#include "storage/tar_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES (1u << 20)

enum kind {
	KIND_PART,
	KIND_FILE, /* of the plan */
	KIND_README,
	KIND_MANIFEST,
	KIND_SUMS,
};

struct restore {
	const struct backup_plan *plan;
	struct draft *draft;
	struct backup_list list; /* all that came but the sums */
	struct buf manifest;
	struct buf sums;
	bool has_sums;
	/* the file that is coming */
	enum kind kind;
	size_t index; /* of a part or a file of the plan */
	const char *name;
	uint64_t size;
	struct buf *text; /* where a small one goes to, or NULL */
	int file;         /* where a part goes to, or -1 */
	struct sha256_stream *hash;
};

/* --- one file ------------------------------------------------------------ */

/* What is known by this name; -1 nothing. */
static int
know(struct restore *restore, const char *name, struct fault *fault)
{
	static const struct {
		const char *name;
		enum kind kind;
	} known[] = {
		{ BACKUP_README, KIND_README },
		{ BACKUP_MANIFEST, KIND_MANIFEST },
		{ BACKUP_SUMS, KIND_SUMS },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) == 0) {
			restore->kind = known[i].kind;
			return 0;
		}
	}
	for (size_t i = 0; i < DRAFT_PARTS; i++) {
		char part[BACKUP_NAME_MAX];

		backup_list_part(part, draft_parts[i]);
		if (strcmp(name, part) == 0) {
			restore->kind = KIND_PART;
			restore->index = i;
			return 0;
		}
	}
	for (size_t i = 0; i < restore->plan->file_count; i++) {
		if (strcmp(name, restore->plan->files[i].name) == 0) {
			restore->kind = KIND_FILE;
			restore->index = i;
			return 0;
		}
	}
	return fault_set(fault, FAULT_CORRUPT, "no file of a backup");
}

/* Where the file goes to. */
static int
open_place(struct restore *restore, struct fault *fault)
{
	restore->file = -1;
	restore->text = NULL;
	switch (restore->kind) {
	case KIND_PART:
		return draft_open_part(restore->draft, (unsigned)restore->index,
		    &restore->file, fault);
	case KIND_FILE:
		restore->text = &restore->plan->files[restore->index].bytes;
		break;
	case KIND_MANIFEST:
		restore->text = &restore->manifest;
		break;
	case KIND_SUMS:
		restore->text = &restore->sums;
		break;
	case KIND_README:
		break;
	}
	return 0;
}

/* Begin a file.  Its name is borrowed until file_end(). */
static int
file_begin(struct restore *restore, const char *name, uint64_t size,
    struct fault *fault)
{
	if (know(restore, name, fault) < 0) {
		return -1;
	}
	if ((restore->kind == KIND_SUMS && restore->has_sums) ||
	    backup_list_has(&restore->list, name)) {
		return fault_set(fault, FAULT_CORRUPT, "it comes twice");
	}
	if (restore->kind != KIND_PART && size > BACKUP_TEXT_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "longer than the %u bytes that it may have",
		    BACKUP_TEXT_MAX);
	}
	restore->name = name;
	restore->size = size;
	return open_place(restore, fault);
}

static int
file_add(struct restore *restore, struct bytes bytes, struct fault *fault)
{
	sha256_stream_add(restore->hash, bytes);
	if (restore->text != NULL) {
		buf_add_bytes(restore->text, bytes);
		return buf_check(restore->text, fault);
	}
	return restore->file >= 0 ? file_write_all(restore->file, bytes, fault)
	                          : 0;
}

/* After its last byte; `rc` is that of reading it. */
static int
file_end(struct restore *restore, int rc, struct fault *fault)
{
	struct sha256 sum = sha256_stream_end(restore->hash);
	int file = restore->file;

	restore->file = -1;
	if (rc < 0) {
		if (file >= 0) {
			close(file);
		}
		return -1;
	}
	if (restore->kind == KIND_SUMS) {
		restore->has_sums = true;
		return 0;
	}
	backup_list_add(&restore->list, restore->name, restore->size, &sum);
	if (restore->kind == KIND_FILE) {
		restore->plan->files[restore->index].is_there = true;
	}
	return restore->kind == KIND_PART
	           ? draft_close_part(restore->draft, (unsigned)restore->index,
	                 file, fault)
	           : 0;
}

/* --- all of them --------------------------------------------------------- */

/* Every file came, with the bytes that were written. */
static int
check_all(const struct restore *restore, struct fault *fault)
{
	static const char *const wanted[] = { BACKUP_MANIFEST,
		BACKUP_STORE "/records/data.mdb",
		BACKUP_STORE "/chunks/data.mdb" };

	if (!restore->has_sums) {
		return fault_set(fault, FAULT_CORRUPT,
		    BACKUP_SUMS " is not in the backup");
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (!backup_list_has(&restore->list, wanted[i])) {
			return fault_set(fault, FAULT_CORRUPT,
			    "%s is not in the backup", wanted[i]);
		}
	}
	if (backup_list_check_sums(&restore->list, buf_bytes(&restore->sums),
	        fault) < 0) {
		return -1;
	}
	return backup_list_check_manifest(buf_bytes(&restore->manifest), fault);
}

typedef int (*each_fn)(struct restore *restore, void *arg, struct fault *fault);

/* Let `each` bring all files, and make a store of them. */
static int
run(const struct backup_plan *plan, each_fn each, void *arg,
    struct draft_counts *counts_out, struct fault *fault)
{
	static const struct draft_layout bare = { .store = "" };
	struct restore restore = { .plan = plan, .file = -1 };
	int rc;

	for (size_t i = 0; i < plan->file_count; i++) {
		plan->files[i].is_there = false;
		buf_init(&plan->files[i].bytes, BACKUP_TEXT_MAX);
	}
	if (draft_new(&restore.draft, plan->path, &bare, fault) < 0) {
		return -1;
	}
	buf_init(&restore.manifest, BACKUP_TEXT_MAX);
	buf_init(&restore.sums, BACKUP_TEXT_MAX);
	restore.hash = sha256_stream_new();
	rc = each(&restore, arg, fault);
	if (rc == 0) {
		rc = check_all(&restore, fault);
	}
	if (rc == 0) {
		rc = draft_commit(restore.draft, plan->options, counts_out,
		    fault);
	}
	sha256_stream_free(restore.hash);
	buf_fini(&restore.manifest);
	buf_fini(&restore.sums);
	draft_free(restore.draft);
	return rc;
}

/* --- from a tar ---------------------------------------------------------- */

/* A folder that files of a backup lie in. */
static bool
is_folder_known(const struct backup_plan *plan, const char *name)
{
	static const char *const known[] = { "", BACKUP_STORE "/",
		BACKUP_STORE "/records/", BACKUP_STORE "/chunks/" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i]) == 0) {
			return true;
		}
	}
	for (size_t i = 0; i < plan->file_count; i++) {
		const char *slash = strchr(plan->files[i].name, '/');

		if (slash != NULL &&
		    strlen(name) == (size_t)(slash + 1 - plan->files[i].name) &&
		    strncmp(name, plan->files[i].name, strlen(name)) == 0) {
			return true;
		}
	}
	return false;
}

static int
take_member(struct restore *restore, struct tar_in *tar,
    const struct tar_member *member, struct fault *fault)
{
	struct bytes bytes;
	int rc;

	if (member->is_folder) {
		return is_folder_known(restore->plan, member->name)
		           ? 0
		           : fault_set(fault, FAULT_CORRUPT,
		                 "no folder of a backup");
	}
	if (file_begin(restore, member->name, member->size, fault) < 0) {
		return -1;
	}
	while ((rc = tar_in_read(tar, &bytes, fault)) == 1) {
		rc = file_add(restore, bytes, fault);
		if (rc < 0) {
			break;
		}
	}
	return file_end(restore, rc, fault);
}

static int
each_member(struct restore *restore, void *arg, struct fault *fault)
{
	struct tar_in *tar = arg;
	struct tar_member member;
	int rc;

	while ((rc = tar_in_next(tar, &member, fault)) == 1) {
		if (take_member(restore, tar, &member, fault) < 0) {
			return tar_in_refuse(tar, fault);
		}
	}
	return rc;
}

int
restore_stream(int descriptor, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault)
{
	struct tar_in *tar;
	int rc;

	if (tar_in_open(&tar, descriptor, fault) < 0) {
		fault_prefix(fault, "this is no backup");
		return -1;
	}
	rc = run(plan, each_member, tar, counts_out, fault);
	tar_in_free(tar);
	return rc;
}

/* --- from a folder ------------------------------------------------------- */

static int
take_bytes(struct restore *restore, int file, struct fault *fault)
{
	uint8_t *block = xzalloc(BLOCK_BYTES);
	ssize_t got;
	int rc;

	do {
		got = read(file, block, BLOCK_BYTES);
		if (got < 0 && errno != EINTR) {
			rc = fault_errno(fault, errno, "reading the backup");
		} else {
			rc = file_add(restore,
			    bytes_of(block, got > 0 ? (size_t)got : 0), fault);
		}
	} while (rc == 0 && got != 0);
	free(block);
	return rc;
}

/* One file, where it is there; whether it must be, the sums say. */
static int
take_file(struct restore *restore, const char *from, const char *name,
    struct fault *fault)
{
	size_t room = strlen(from) + strlen(name) + 2;
	char *path = xzalloc(room);
	struct stat found;
	int file;
	int rc;

	snprintf(path, room, "%s/%s", from, name);
	file = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (file < 0 && errno == ENOENT) {
		return 0;
	}
	if (file < 0 || fstat(file, &found) < 0) {
		rc = fault_errno(fault, errno, "reading the backup");
	} else {
		rc = file_begin(restore, name, (uint64_t)found.st_size, fault);
		if (rc == 0) {
			rc = file_end(restore, take_bytes(restore, file, fault),
			    fault);
		}
	}
	if (file >= 0) {
		close(file);
	}
	if (rc < 0) {
		fault_prefix(fault, "%s", name);
	}
	return rc;
}

static int
each_file(struct restore *restore, void *arg, struct fault *fault)
{
	static const char *const names[] = { BACKUP_SUMS, BACKUP_README,
		BACKUP_MANIFEST };
	const char *from = arg;
	char part[BACKUP_NAME_MAX];
	struct stat found;

	if (stat(from, &found) < 0) {
		return fault_errno(fault, errno, "reading the backup");
	}
	if (!S_ISDIR(found.st_mode)) {
		return fault_set(fault, FAULT_INVALID,
		    "not a folder; a tar is read from standard input");
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (take_file(restore, from, names[i], fault) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < DRAFT_PARTS; i++) {
		backup_list_part(part, draft_parts[i]);
		if (take_file(restore, from, part, fault) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < restore->plan->file_count; i++) {
		if (take_file(restore, from, restore->plan->files[i].name,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
restore_folder(const char *from, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault)
{
	int rc =
	    run(plan, each_file, (void *)(uintptr_t)from, counts_out, fault);

	if (rc < 0) {
		fault_prefix(fault, "%s", from);
	}
	return rc;
}
