/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libarchive reads the headers of all kinds of tar, with no other format and
 * no filter at hand, and gives the data out of our own block, uncopied.  It
 * is content with less than we are: a file without an end mark, bytes behind
 * it, warnings, holes.
 *
 *     header, data, zeros up to 512 bytes     for each member
 *     1,024 zeros at least, and zeros only    the end
 */

#include "storage/tar_in.h"

#include "base/libarchive.h"
#include "base/memory.h"
#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define BLOCK_BYTES  (1u << 20)
#define RECORD_BYTES 512u
#define END_BYTES    (2 * RECORD_BYTES) /* of zeros */
#define TAIL_MAX     (1u << 20) /* GNU tar fills up to 10 KiB by default */

struct tar_in {
	struct archive *archive;
	int descriptor;
	uint8_t *block;
	uint64_t taken;     /* bytes of the whole so far */
	uint64_t zeros;     /* of these, the last ones that are zeros */
	char *name;         /* of the member under way */
	char *shown;        /* the same, for faults */
	uint64_t size;      /* of it */
	uint64_t given;     /* of these, bytes given out */
	struct fault fault; /* of the descriptor, while libarchive is asked */
};

/* Up to a block; 0 at the end of the descriptor. */
static ssize_t
fill(struct tar_in *tar, struct fault *fault)
{
	ssize_t got;
	size_t zeros;

	do {
		got = read(tar->descriptor, tar->block, BLOCK_BYTES);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		return fault_errno(fault, errno, "reading the backup");
	}
	for (zeros = 0; zeros < (size_t)got; zeros++) {
		if (tar->block[(size_t)got - 1 - zeros] != 0) {
			break;
		}
	}
	tar->taken += (uint64_t)got;
	tar->zeros = zeros + (zeros == (size_t)got ? tar->zeros : 0);
	return got;
}

static la_ssize_t
read_block(struct archive *archive, void *arg, const void **data_out)
{
	struct tar_in *tar = arg;

	(void)archive;
	*data_out = tar->block;
	return fill(tar, &tar->fault);
}

/* One answer of libarchive: 0, 1 at an end, or -1. */
static int
judge(struct tar_in *tar, int64_t code, struct fault *fault)
{
	return libarchive_judge(tar->archive, code, &tar->fault, FAULT_CORRUPT,
	    fault);
}

int
tar_in_open(struct tar_in **tar_out, int descriptor, struct fault *fault)
{
	struct tar_in *tar = xzalloc(sizeof(*tar));
	struct archive *archive = archive_read_new();

	tar->descriptor = descriptor;
	tar->archive = archive;
	tar->block = xzalloc(BLOCK_BYTES);
	if (archive == NULL) {
		fault_errno(fault, ENOMEM, "libarchive");
		goto out;
	}
	if (judge(tar, archive_read_support_format_tar(archive), fault) != 0 ||
	    judge(tar, archive_read_open(archive, tar, NULL, read_block, NULL),
	        fault) != 0) {
		goto out;
	}
	*tar_out = tar;
	return 0;
out:
	tar_in_free(tar);
	return -1;
}

void
tar_in_free(struct tar_in *tar)
{
	if (tar != NULL) {
		archive_read_free(tar->archive);
		free(tar->block);
		free(tar->name);
		free(tar->shown);
		free(tar);
	}
}

int
tar_in_refuse(const struct tar_in *tar, struct fault *fault)
{
	fault_prefix(fault, "%s", text_clipped(tar->shown));
	return -1;
}

/* The name as it may be shown: what moves a terminal is a question mark. */
static char *
show_name(const char *name)
{
	char *shown = xstrdup(name);
	bool is_text = text_is_utf8(bytes_of_text(name));

	for (char *c = shown; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_text)) {
			*c = '?';
		}
	}
	return shown;
}

/* What follows the last member: zeros, two records at least. */
static int
check_end(struct tar_in *tar, struct fault *fault)
{
	uint64_t end = (uint64_t)archive_filter_bytes(tar->archive, 0);
	ssize_t got;

	do {
		got = fill(tar, fault);
		if (got < 0) {
			return -1;
		}
		if (tar->taken - end > tar->zeros ||
		    tar->taken - end > TAIL_MAX) {
			return fault_set(fault, FAULT_CORRUPT,
			    "there are bytes behind the end of the backup");
		}
	} while (got > 0);
	if (tar->zeros < END_BYTES || tar->taken % RECORD_BYTES != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the backup ends in the middle");
	}
	return 0;
}

static int
check_kind(struct tar_in *tar, struct archive_entry *entry, bool *is_folder_out,
    struct fault *fault)
{
	if (archive_entry_hardlink(entry) != NULL ||
	    archive_entry_symlink(entry) != NULL ||
	    archive_entry_filetype(entry) == AE_IFLNK) {
		fault_set(fault, FAULT_CORRUPT, "it is a link");
		return tar_in_refuse(tar, fault);
	}
	*is_folder_out = archive_entry_filetype(entry) == AE_IFDIR;
	if (!*is_folder_out && archive_entry_filetype(entry) != AE_IFREG) {
		fault_set(fault, FAULT_CORRUPT, "it is no regular file");
		return tar_in_refuse(tar, fault);
	}
	if (archive_entry_size(entry) < 0 ||
	    (*is_folder_out && archive_entry_size(entry) > 0)) {
		fault_set(fault, FAULT_CORRUPT, "its length is none");
		return tar_in_refuse(tar, fault);
	}
	return 0;
}

int
tar_in_next(struct tar_in *tar, struct tar_member *member_out,
    struct fault *fault)
{
	struct archive_entry *entry = NULL;
	const char *name;
	int rc =
	    judge(tar, archive_read_next_header(tar->archive, &entry), fault);

	if (rc != 0) {
		return rc < 0 ? -1 : check_end(tar, fault);
	}
	free(tar->name);
	free(tar->shown);
	tar->name = NULL;
	tar->shown = NULL;
	name = archive_entry_pathname(entry);
	if (name == NULL) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a member of the backup has a name that is no text");
	}
	tar->name = xstrdup(strncmp(name, "./", 2) == 0 ? name + 2 : name);
	tar->shown = show_name(tar->name);
	if (check_kind(tar, entry, &member_out->is_folder, fault) < 0) {
		return -1;
	}
	tar->size = (uint64_t)archive_entry_size(entry);
	tar->given = 0;
	member_out->name = tar->name;
	member_out->size = tar->size;
	return 1;
}

int
tar_in_read(struct tar_in *tar, struct bytes *bytes_out, struct fault *fault)
{
	const void *data = NULL;
	la_int64_t offset = 0;
	size_t len = 0;
	int rc = judge(tar,
	    archive_read_data_block(tar->archive, &data, &len, &offset), fault);

	if (rc < 0) {
		return -1;
	}
	if (rc == 1) {
		return tar->given == tar->size
		           ? 0
		           : fault_set(fault, FAULT_CORRUPT,
		                 "it is shorter than it says");
	}
	if ((uint64_t)offset != tar->given) {
		return fault_set(fault, FAULT_CORRUPT, "it has holes");
	}
	if (len > tar->size - tar->given) {
		return fault_set(fault, FAULT_CORRUPT,
		    "it is longer than it says");
	}
	tar->given += len;
	*bytes_out = bytes_of(data, len);
	return 1;
}
