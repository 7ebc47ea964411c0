/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     PATH.partial/STORE/records/data.mdb
 *     PATH.partial/STORE/chunks/data.mdb
 *     PATH.partial/...                     the files of the layout
 *
 * Only these names, and the lock files of the check, are ever deleted, so a
 * mistaken path loses nothing.
 */

#include "storage/draft.h"

#include "base/file.h"
#include "base/memory.h"
#include "storage/blob_row.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK_ROWS 4096u /* in one snapshot */

const char *const draft_parts[DRAFT_PARTS] = { "records", "chunks" };

struct draft {
	char *path;    /* that it will have */
	char *partial; /* that it has */
	char *store;   /* that the store in it has */
	struct draft_layout layout;
	int lock; /* the folder under `partial`, locked; -1: it is not ours */
	bool committed;
};

static char *
join(const char *folder, const char *part, const char *name)
{
	size_t room = strlen(folder) + strlen(part) + strlen(name) + 3;
	char *path = xzalloc(room);

	snprintf(path, room, "%s/%s%s%s", folder, part,
	    *name != '\0' ? "/" : "", name);
	return path;
}

static void
remove_one(const char *folder, const char *part, const char *name)
{
	char *path = join(folder, part, name);

	remove(path); /* absent, mostly */
	free(path);
}

/* What the check leaves behind. */
static void
remove_locks(const char *folder)
{
	for (unsigned i = 0; i < DRAFT_PARTS; i++) {
		remove_one(folder, draft_parts[i], "lock.mdb");
	}
	remove_one(folder, "lock", "");
}

/* The folder above a file, where that is not the draft itself. */
static void
remove_folder_of(const char *partial, const char *name)
{
	char *folder = join(partial, name, "");

	*strrchr(folder, '/') = '\0';
	if (strlen(folder) > strlen(partial)) {
		rmdir(folder); /* not empty before its last file is gone */
	}
	free(folder);
}

static void
remove_all(const struct draft *draft)
{
	remove_locks(draft->store);
	for (unsigned i = 0; i < DRAFT_PARTS; i++) {
		remove_one(draft->store, draft_parts[i], "data.mdb");
		remove_one(draft->store, draft_parts[i], "");
	}
	rmdir(draft->store);
	for (size_t i = 0; i < draft->layout.file_count; i++) {
		remove_one(draft->partial, draft->layout.files[i], "");
		remove_folder_of(draft->partial, draft->layout.files[i]);
	}
}

/* Does the path still lead to what was opened? */
static bool
is_still(const char *path, int descriptor)
{
	struct stat named;
	struct stat opened;

	return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0 &&
	       named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* 1 the folder is ours, 0 the one before has just ended with it, -1. */
static int
try_folder(struct draft *draft, struct fault *fault)
{
	int folder = open(draft->partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0) {
		return errno == ENOENT
		           ? 0
		           : fault_errno(fault, errno, "%s", draft->partial);
	}
	if (flock(folder, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(folder);
		return fault_set(fault, FAULT_CONFLICT,
		    "%s: somebody else is writing there; wait for its end, or "
		    "choose another folder",
		    draft->partial);
	}
	if (!is_still(draft->partial, folder)) {
		close(folder);
		return 0;
	}
	draft->lock = folder;
	return 1;
}

/*
 * Make the folder, or take one that was broken off.  It is locked, since two
 * who write under one path would write into each other's files; a file system
 * that locks no folder (NFS) cannot keep them apart.
 */
static int
take_folder(struct draft *draft, struct fault *fault)
{
	int rc = 0;

	while (rc == 0) {
		rc = file_make_folder(draft->partial, 0700, fault);
		if (rc == 0) {
			rc = try_folder(draft, fault);
		}
	}
	return rc < 0 ? -1 : 0;
}

int
draft_new(struct draft **draft_out, const char *path,
    const struct draft_layout *layout, struct fault *fault)
{
	struct draft *draft = xzalloc(sizeof(*draft));
	size_t len = strlen(path);

	draft->path = xstrdup(path);
	while (len > 1 && draft->path[len - 1] == '/') {
		draft->path[--len] = '\0';
	}
	draft->partial = xzalloc(len + sizeof(".partial"));
	snprintf(draft->partial, len + sizeof(".partial"), "%s.partial",
	    draft->path);
	draft->store = *layout->store != '\0'
	                   ? join(draft->partial, layout->store, "")
	                   : xstrdup(draft->partial);
	draft->layout = *layout;
	draft->lock = -1;

	/* An empty folder is as good as none. */
	if (rmdir(draft->path) < 0 && errno != ENOENT) {
		fault_set(fault, FAULT_CONFLICT,
		    "%s: there is something already; choose a new "
		    "or an empty folder",
		    draft->path);
		goto out;
	}
	if (take_folder(draft, fault) < 0) {
		goto out;
	}
	remove_all(draft); /* what was broken off */
	for (unsigned i = 0; i < DRAFT_PARTS; i++) {
		char *part = join(draft->store, draft_parts[i], "");
		int rc = file_make_folder(part, 0700, fault);

		free(part);
		if (rc < 0) {
			goto out;
		}
	}
	*draft_out = draft;
	return 0;
out:
	draft_free(draft);
	return -1;
}

void
draft_free(struct draft *draft)
{
	if (draft == NULL) {
		return;
	}
	if (draft->lock >= 0) {
		if (!draft->committed) {
			remove_all(draft);
			rmdir(draft->partial);
		}
		close(draft->lock);
	}
	free(draft->store);
	free(draft->partial);
	free(draft->path);
	free(draft);
}

int
draft_open_part(struct draft *draft, unsigned part, int *descriptor_out,
    struct fault *fault)
{
	char *path = join(draft->store, draft_parts[part], "data.mdb");
	int rc = 0;

	*descriptor_out =
	    open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*descriptor_out < 0) {
		rc = fault_errno(fault, errno, "%s", path);
	}
	free(path);
	return rc;
}

int
draft_close_part(struct draft *draft, unsigned part, int descriptor,
    struct fault *fault)
{
	char *folder = join(draft->store, draft_parts[part], "");
	int rc = 0;

	if (fsync(descriptor) < 0) {
		rc = fault_errno(fault, errno, "%s", folder);
	}
	if (close(descriptor) < 0 && rc == 0) {
		rc = fault_errno(fault, errno, "%s", folder);
	}
	if (rc == 0) {
		rc = file_sync_folder(folder, fault);
	}
	free(folder);
	return rc;
}

int
draft_add_file(struct draft *draft, const char *name, struct bytes bytes,
    mode_t mode, struct fault *fault)
{
	char *path = join(draft->partial, name, "");
	char *folder = xstrdup(path);
	int rc;

	*strrchr(folder, '/') = '\0';
	rc = file_make_folder(folder, 0700, fault);
	if (rc == 0) {
		rc = file_write(path, bytes, mode, fault);
	}
	free(folder);
	free(path);
	return rc;
}

/* --- the check ---------------------------------------------------------- */

/*
 * One row of a blob: count it and look for its chunks.  1 where it is the head
 * of a small one, whose bytes lie in the next.
 */
static int
check_row(struct store *store, struct bytes key, struct bytes value,
    struct draft_counts *counts, struct fault *fault)
{
	struct bytes names = value;
	struct key_reader reader;
	struct blob_head head = { 0 };
	struct sha256 name;

	key_read_start(&reader, key);
	key_read_raw(&reader, SHA256_BYTES);
	if (key_read_u32(&reader) == 0) {
		if (blob_row_parse(&head, value, fault) < 0) {
			return -1;
		}
		counts->blobs++;
		counts->blob_bytes += head.size;
		names = head.names;
	}
	for (size_t at = 0; at + SHA256_BYTES <= names.len;
	     at += SHA256_BYTES) {
		char text[SHA256_TEXT];
		int found;

		memcpy(name.bytes, names.data + at, SHA256_BYTES);
		found = chunk_has(store_chunks(store), &name, fault);
		if (found < 0) {
			return -1;
		}
		if (found == 0) {
			sha256_format(text, &name);
			return fault_set(fault, FAULT_CORRUPT,
			    "chunk %s of a blob is missing", text);
		}
	}
	return head.is_small;
}

/* Rows from `from` on, and move it on: 1 more, 0 end, -1. */
static int
check_page(struct store *store, struct key *from, struct draft_counts *counts,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct scan *scan;
	struct bytes key;
	struct bytes value;
	struct key to;
	int rc = -1;

	key_start(&to, TABLE_BLOB);
	key_next(&to);
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	if (scan_open(&scan, snapshot, key_bytes(from), key_bytes(&to), false,
	        fault) < 0) {
		goto out;
	}
	for (unsigned i = 0; i < CHECK_ROWS; i++) {
		int checked;

		rc = scan_next(scan, &key, &value, fault);
		if (rc != 1) {
			break;
		}
		checked = check_row(store, key, value, counts, fault);
		if (checked < 0) {
			rc = -1;
			break;
		}
		if (checked == 1) {
			blob_row_key_behind(from, key);
			scan_seek(scan, key_bytes(from));
			continue;
		}
		key_start(from, TABLE_BLOB);
		key_add_raw(from, bytes_of(key.data + 1, key.len - 1));
		key_add_u8(from, 0);
	}
	scan_close(scan);
out:
	snapshot_close(snapshot);
	return rc;
}

int
draft_check(struct store *store, struct draft_counts *counts_out,
    struct fault *fault)
{
	struct chunks_stat stat;
	struct snapshot *snapshot;
	struct key from;
	int rc;

	*counts_out = (struct draft_counts){ 0 };
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	rc = snapshot_log_size(snapshot, &counts_out->log_size, fault);
	snapshot_close(snapshot);
	if (rc < 0 || chunks_stat(store_chunks(store), &stat, fault) < 0) {
		return -1;
	}
	counts_out->chunks = stat.count;
	key_start(&from, TABLE_BLOB);
	do {
		rc = check_page(store, &from, counts_out, fault);
	} while (rc == 1);
	return rc;
}

static int
check_partial(const struct draft *draft, const struct store_options *options,
    struct draft_counts *counts_out, struct fault *fault)
{
	struct store_options own = *options;
	struct store *store;
	int rc;

	own.path = draft->store;
	own.read_only = true;
	own.create = false;
	if (store_open(&store, &own, fault) < 0) {
		return -1;
	}
	rc = draft_check(store, counts_out, fault);
	store_close(store);
	remove_locks(draft->store);
	return rc;
}

/* Rename, and make the new name durable in the folder above. */
static int
give_name(struct draft *draft, struct fault *fault)
{
	char *above = xstrdup(draft->path);
	char *slash = strrchr(above, '/');
	int rc = 0;

	if (rename(draft->partial, draft->path) < 0) {
		rc = fault_errno(fault, errno, "%s", draft->path);
	} else {
		draft->committed = true;
		if (slash == NULL) {
			rc = file_sync_folder(".", fault);
		} else {
			slash[slash == above] = '\0'; /* "/x" is in "/" */
			rc = file_sync_folder(above, fault);
		}
	}
	free(above);
	return rc;
}

int
draft_commit(struct draft *draft, const struct store_options *options,
    struct draft_counts *counts_out, struct fault *fault)
{
	if (check_partial(draft, options, counts_out, fault) < 0 ||
	    file_sync_folder(draft->store, fault) < 0 ||
	    file_sync_folder(draft->partial, fault) < 0) {
		fault_prefix(fault, "%s", draft->path);
		return -1;
	}
	return give_name(draft, fault);
}
