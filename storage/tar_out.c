/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libarchive makes the headers, and hands over every block as it is given:
 * nothing is gathered, so memory stays flat and no byte is copied.
 */

#include "storage/tar_out.h"

#include "base/file.h"
#include "base/libarchive.h"
#include "base/memory.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#define MODE 0600

struct tar_out {
	struct archive *archive;
	int descriptor;
	int64_t at;
	uint64_t left;      /* of the member under way */
	bool is_over;       /* nothing more is written */
	struct fault fault; /* of the descriptor, while libarchive is asked */
};

static la_ssize_t
write_block(struct archive *archive, void *arg, const void *data, size_t len)
{
	struct tar_out *tar = arg;

	(void)archive;
	if (tar->is_over) {
		return (la_ssize_t)len;
	}
	return file_write_all(tar->descriptor, bytes_of(data, len),
	           &tar->fault) < 0
	           ? -1
	           : (la_ssize_t)len;
}

static int
judge(struct tar_out *tar, int64_t code, struct fault *fault)
{
	return libarchive_judge(tar->archive, code, &tar->fault, FAULT_SYSTEM,
	    fault);
}

int
tar_out_new(struct tar_out **tar_out, int descriptor, int64_t at,
    struct fault *fault)
{
	struct tar_out *tar = xzalloc(sizeof(*tar));
	struct archive *archive = archive_write_new();

	tar->archive = archive;
	tar->descriptor = descriptor;
	tar->at = at;
	if (archive == NULL) {
		fault_errno(fault, ENOMEM, "libarchive");
		goto out;
	}
	/* Restricted: records of pax only where plain ustar has no room. */
	if (judge(tar, archive_write_set_format_pax_restricted(archive),
	        fault) < 0 ||
	    judge(tar, archive_write_set_bytes_per_block(archive, 0), fault) <
	        0 ||
	    judge(tar,
	        archive_write_open2(archive, tar, NULL, write_block, NULL,
	            NULL),
	        fault) < 0) {
		goto out;
	}
	*tar_out = tar;
	return 0;
out:
	tar_out_free(tar);
	return -1;
}

void
tar_out_free(struct tar_out *tar)
{
	if (tar == NULL) {
		return;
	}
	/* Freeing it writes an end, which what was cut off must not have. */
	tar->is_over = true;
	archive_write_free(tar->archive);
	free(tar);
}

int
tar_out_begin(struct tar_out *tar, const char *name, uint64_t size,
    struct fault *fault)
{
	struct archive_entry *entry = archive_entry_new();
	int rc;

	assert(tar->left == 0);
	if (entry == NULL) {
		return fault_errno(fault, ENOMEM, "libarchive");
	}
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, MODE);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_mtime(entry, (time_t)(tar->at / 1000000), 0);
	rc = judge(tar, archive_write_header(tar->archive, entry), fault);
	archive_entry_free(entry);
	if (rc == 0) {
		tar->left = size;
	}
	return rc;
}

int
tar_out_add(struct tar_out *tar, struct bytes bytes, struct fault *fault)
{
	assert(bytes.len <= tar->left);
	tar->left -= bytes.len;
	return bytes.len == 0 ? 0
	                      : judge(tar,
	                            archive_write_data(tar->archive, bytes.data,
	                                bytes.len),
	                            fault);
}

int
tar_out_finish(struct tar_out *tar, struct fault *fault)
{
	assert(tar->left == 0);
	return judge(tar, archive_write_close(tar->archive), fault);
}
