/* SPDX-License-Identifier: Apache-2.0 */

/*
 * LMDB writes a copy to a descriptor and tells neither its length before nor
 * its sum.  So a thread lets it write into a pipe, and the caller's thread
 * hashes what comes out and passes it on: into a file of a folder (draft.h)
 * or into a member of a tar (tar_out.h), whose length must be known first
 * (lmdb_copy.h).  The list of what was written comes last.
 */

#include "storage/backup.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/thread.h"
#include "storage/backup_list.h"
#include "storage/chunk.h"
#include "storage/collect.h"
#include "storage/hold.h"
#include "storage/lmdb_copy.h"
#include "storage/tar_out.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_BYTES (1u << 20)
#define FILE_MODE   0600

_Static_assert(BLOCK_BYTES >= LMDB_COPY_HEAD,
    "the first block holds what tells the length");

/* --- out of the store ---------------------------------------------------- */

/* What LMDB writes, on a thread of its own. */
struct source {
	struct store *store;
	unsigned part;
	int descriptor; /* the pipe's end to write to; its own */
	int rc;
	struct fault fault;
};

static int
copy_records(struct source *source)
{
	return store_copy(source->store, source->descriptor, &source->fault);
}

static int
copy_chunks(struct source *source)
{
	return chunks_copy(store_chunks(source->store), source->descriptor,
	    &source->fault);
}

static void *
run_source(void *arg)
{
	static int (*const copy[DRAFT_PARTS])(
	    struct source *) = { copy_records, copy_chunks };
	struct source *source = arg;

	source->rc = copy[source->part](source);
	close(source->descriptor); /* the reader's end of file */
	return NULL;
}

/* --- into a folder or a tar --------------------------------------------- */

/* A backup that is being written; draft or tar is NULL. */
struct backup {
	struct draft *draft;
	struct tar_out *tar;
	struct backup_list list;
};

/* A part on its way. */
struct member {
	struct backup *backup;
	char name[BACKUP_NAME_MAX];
	int file;   /* of the draft */
	bool begun; /* its length is known */
	uint64_t left;
	uint64_t size;
	struct sha256_stream *hash;
};

static int
member_put(struct member *member, struct bytes block, struct fault *fault)
{
	sha256_stream_add(member->hash, block);
	member->left -= block.len;
	return member->backup->tar != NULL
	           ? tar_out_add(member->backup->tar, block, fault)
	           : file_write_all(member->file, block, fault);
}

/* One block of what LMDB wrote. */
static int
member_add(struct member *member, struct bytes block, struct fault *fault)
{
	if (!member->begun) {
		if (lmdb_copy_bytes(&member->size, block, fault) < 0) {
			return -1;
		}
		member->begun = true;
		member->left = member->size;
		if (member->backup->tar != NULL &&
		    tar_out_begin(member->backup->tar, member->name,
		        member->size, fault) < 0) {
			return -1;
		}
	}
	if (block.len > member->left) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the copy is longer than it says");
	}
	return member_put(member, block, fault);
}

/* Zeros for pages at the end that nothing refers to. */
static int
member_end(struct member *member, struct fault *fault)
{
	static const uint8_t zeros[4096];

	if (!member->begun) {
		return fault_set(fault, FAULT_CORRUPT, "the copy is empty");
	}
	while (member->left > 0) {
		size_t len = member->left < sizeof(zeros) ? (size_t)member->left
		                                          : sizeof(zeros);

		if (member_put(member, bytes_of(zeros, len), fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* All that comes out of the pipe, in blocks. */
static int
drain(int pipe_end, struct member *member, struct fault *fault)
{
	uint8_t *block = xzalloc(BLOCK_BYTES);
	size_t len = 0;
	int rc = 0;

	for (bool end = false; rc == 0 && !end;) {
		ssize_t got = read(pipe_end, block + len, BLOCK_BYTES - len);

		if (got < 0 && errno != EINTR) {
			rc = fault_errno(fault, errno, "copying the store");
		}
		end = got == 0;
		len += got > 0 ? (size_t)got : 0;
		if (rc == 0 && len > 0 && (end || len == BLOCK_BYTES)) {
			rc = member_add(member, bytes_of(block, len), fault);
			len = 0;
		}
	}
	free(block);
	return rc;
}

static int
copy_part(struct store *store, unsigned part, struct member *member,
    struct fault *fault)
{
	struct source source = { .store = store, .part = part };
	pthread_t thread;
	int ends[2];
	int rc;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		return fault_errno(fault, errno, "copying the store");
	}
	source.descriptor = ends[1];
	if (thread_start(&thread, THREAD_WORKER, "backup", run_source, &source,
	        fault) < 0) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	rc = drain(ends[0], member, fault);
	close(ends[0]); /* a source that still writes gets EPIPE */
	pthread_join(thread, NULL);
	if (rc == 0 && source.rc < 0) {
		*fault = source.fault;
		rc = -1;
	}
	if (rc == 0) {
		rc = member_end(member, fault);
	}
	if (rc < 0) {
		fault_prefix(fault, "%s", draft_parts[part]);
	}
	return rc;
}

static int
put_part(struct backup *backup, struct store *store, unsigned part,
    struct fault *fault)
{
	struct member member = { .backup = backup, .file = -1 };
	struct sha256 sum;
	int rc;

	backup_list_part(member.name, draft_parts[part]);
	if (backup->draft != NULL &&
	    draft_open_part(backup->draft, part, &member.file, fault) < 0) {
		return -1;
	}
	member.hash = sha256_stream_new();
	rc = copy_part(store, part, &member, fault);
	sum = sha256_stream_end(member.hash);
	sha256_stream_free(member.hash);
	if (rc < 0) {
		if (member.file >= 0) {
			close(member.file);
		}
		return -1;
	}
	backup_list_add(&backup->list, member.name, member.size, &sum);
	return backup->draft != NULL
	           ? draft_close_part(backup->draft, part, member.file, fault)
	           : 0;
}

/*
 * All parts in their order, the collector at rest.  That of another process
 * keeps its grace period instead.
 */
static int
put_parts(struct backup *backup, struct store *store, struct fault *fault)
{
	struct holds *holds = chunks_holds(store_chunks(store));
	int64_t began_at = clock_ticks();
	int rc = 0;

	holds_freeze(holds);
	for (unsigned part = 0; rc == 0 && part < DRAFT_PARTS; part++) {
		if (clock_ticks() - began_at >
		    (int64_t)COLLECT_GRACE_MS * 1000) {
			rc = fault_set(fault, FAULT_BUSY,
			    "copying the records took longer than chunks are "
			    "kept for them");
		} else {
			rc = put_part(backup, store, part, fault);
		}
	}
	holds_thaw(holds);
	return rc;
}

/* A small file as a whole. */
static int
put_file(struct backup *backup, const char *name, struct bytes bytes,
    mode_t mode, struct fault *fault)
{
	struct sha256 sum = sha256_of(bytes);

	backup_list_add(&backup->list, name, bytes.len, &sum);
	if (backup->draft != NULL) {
		return draft_add_file(backup->draft, name, bytes, mode, fault);
	}
	if (tar_out_begin(backup->tar, name, bytes.len, fault) < 0) {
		return -1;
	}
	return tar_out_add(backup->tar, bytes, fault);
}

/* The two files about the others. */
static int
put_lists(struct backup *backup, int64_t at, struct fault *fault)
{
	struct buf text;
	int rc;

	buf_init(&text, BACKUP_TEXT_MAX);
	backup_list_manifest(&backup->list, at, &text);
	rc = buf_check(&text, fault);
	if (rc == 0) {
		rc = put_file(backup, BACKUP_MANIFEST, buf_bytes(&text),
		    FILE_MODE, fault);
	}
	buf_reset(&text);
	backup_list_sums(&backup->list, &text);
	if (rc == 0) {
		rc = buf_check(&text, fault);
	}
	if (rc == 0) {
		rc = put_file(backup, BACKUP_SUMS, buf_bytes(&text), FILE_MODE,
		    fault);
	}
	buf_fini(&text);
	return rc;
}

static int
put_all(struct backup *backup, struct store *store,
    const struct backup_plan *plan, int64_t at, struct fault *fault)
{
	if (put_file(backup, BACKUP_README, backup_list_readme(), FILE_MODE,
	        fault) < 0 ||
	    put_parts(backup, store, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct backup_file *file = &plan->files[i];

		if (file->is_there &&
		    put_file(backup, file->name, buf_bytes(&file->bytes),
		        file->mode, fault) < 0) {
			return -1;
		}
	}
	return put_lists(backup, at, fault);
}

int
backup_to_folder(struct store *store, const struct backup_plan *plan,
    struct draft_counts *counts_out, struct fault *fault)
{
	const char *names[BACKUP_FILES_MAX] = { BACKUP_README, BACKUP_MANIFEST,
		BACKUP_SUMS };
	struct draft_layout layout = { BACKUP_STORE, names, 3 };
	struct backup backup = { .tar = NULL };
	int rc;

	assert(plan->file_count <= BACKUP_FILES_MAX - 3 - DRAFT_PARTS);
	for (size_t i = 0; i < plan->file_count; i++) {
		names[layout.file_count++] = plan->files[i].name;
	}
	if (draft_new(&backup.draft, plan->path, &layout, fault) < 0) {
		return -1;
	}
	rc = put_all(&backup, store, plan, clock_now(), fault);
	if (rc == 0) {
		rc = draft_commit(backup.draft, plan->options, counts_out,
		    fault);
	}
	draft_free(backup.draft);
	return rc;
}

int
backup_to_stream(struct store *store, int descriptor, struct fault *fault)
{
	static const struct backup_plan plan = { .file_count = 0 };
	struct backup backup = { .draft = NULL };
	int64_t at = clock_now();
	int rc;

	if (tar_out_new(&backup.tar, descriptor, at, fault) < 0) {
		return -1;
	}
	rc = put_all(&backup, store, &plan, at, fault);
	if (rc == 0) {
		rc = tar_out_finish(backup.tar, fault);
	}
	tar_out_free(backup.tar);
	return rc;
}
