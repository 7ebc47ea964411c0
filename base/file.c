/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Small whole files: options, keys, rule files.  A file that is written is
 * either the old or the new one at every instant, also after power loss: the
 * bytes are synced under a temporary name before the name changes, and the
 * folder after it.
 */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES 65536u

static int
open_fault(struct fault *fault, const char *path)
{
	int sys = errno;

	if (sys == ENOENT || sys == ENOTDIR) {
		fault_set(fault, FAULT_ABSENT, "%s: no such file", path);
		fault->sys = sys;
		return -1;
	}
	return fault_errno(fault, sys, "%s", path);
}

static ssize_t
read_some(int descriptor, void *data, size_t len)
{
	ssize_t got;

	do {
		got = read(descriptor, data, len);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* Append until the end; one byte more than fits is a FAULT_LIMIT. */
static int
read_all(struct buf *out, int descriptor, const char *path, struct fault *fault)
{
	for (;;) {
		size_t room = out->max - out->len;
		size_t want = room < READ_BYTES ? room : READ_BYTES;
		uint8_t probe;
		void *place = want > 0 ? buf_reserve(out, want) : &probe;
		ssize_t got;

		if (place == NULL) {
			return buf_check(out, fault);
		}
		got = read_some(descriptor, place, want > 0 ? want : 1);
		if (got < 0) {
			return fault_errno(fault, errno, "%s", path);
		}
		if (got == 0) {
			return 0;
		}
		if (want == 0) {
			return fault_set(fault, FAULT_LIMIT,
			    "%s is longer than %zu bytes", path, out->max);
		}
		buf_grow(out, (size_t)got);
	}
}

int
file_read(struct buf *out, const char *path, struct fault *fault)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (descriptor < 0) {
		return open_fault(fault, path);
	}
	rc = read_all(out, descriptor, path, fault);
	close(descriptor);
	return rc;
}

int
file_write_all(int descriptor, struct bytes bytes, struct fault *fault)
{
	while (bytes.len > 0) {
		ssize_t put = write(descriptor, bytes.data, bytes.len);

		if (put < 0 && errno == EINTR) {
			continue;
		}
		if (put < 0) {
			return fault_errno(fault, errno, "write");
		}
		bytes = bytes_of(bytes.data + put, bytes.len - (size_t)put);
	}
	return 0;
}

/* The folder that `path` lies in, for fsync. */
static void
folder_of(char folder[PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash != NULL ? (size_t)(slash - path) : 0;

	if (slash == NULL) {
		snprintf(folder, PATH_MAX, ".");
	} else {
		snprintf(folder, PATH_MAX, "%.*s", len > 0 ? (int)len : 1,
		    path);
	}
}

/* Bytes, rights and sync; the descriptor is closed in any case. */
static int
fill(int descriptor, struct bytes bytes, mode_t mode, struct fault *fault)
{
	int rc = -1;

	if (file_write_all(descriptor, bytes, fault) < 0) {
		goto out;
	}
	if (fchmod(descriptor, mode) < 0 || fsync(descriptor) < 0) {
		fault_errno(fault, errno, "sync");
		goto out;
	}
	rc = 0;
out:
	if (close(descriptor) < 0 && rc == 0) {
		rc = fault_errno(fault, errno, "close");
	}
	return rc;
}

int
file_write(const char *path, struct bytes bytes, mode_t mode,
    struct fault *fault)
{
	char temporary[PATH_MAX];
	char folder[PATH_MAX];
	int descriptor;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary)) {
		return fault_errno(fault, ENAMETOOLONG, "%s", path);
	}
	descriptor = mkostemp(temporary, O_CLOEXEC);
	if (descriptor < 0) {
		return fault_errno(fault, errno, "%s", temporary);
	}
	if (fill(descriptor, bytes, mode, fault) < 0) {
		fault_prefix(fault, "%s", path);
		unlink(temporary);
		return -1;
	}
	if (rename(temporary, path) < 0) {
		fault_errno(fault, errno, "%s", path);
		unlink(temporary);
		return -1;
	}
	folder_of(folder, path);
	return file_sync_folder(folder, fault);
}

int
file_sync_folder(const char *path, struct fault *fault)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;

	if (descriptor < 0) {
		return open_fault(fault, path);
	}
	if (fsync(descriptor) < 0) {
		rc = fault_errno(fault, errno, "%s: sync", path);
	}
	close(descriptor);
	return rc;
}

/* One folder whose parent is there; one that is there is a success. */
static int
make_one(const char *path, mode_t mode, struct fault *fault)
{
	char parent[PATH_MAX];
	struct stat found;

	if (mkdir(path, mode) == 0) {
		folder_of(parent, path);
		return file_sync_folder(parent, fault);
	}
	if (errno != EEXIST) {
		return fault_errno(fault, errno, "%s", path);
	}
	if (stat(path, &found) < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	return S_ISDIR(found.st_mode) ? 0
	                              : fault_errno(fault, ENOTDIR, "%s", path);
}

int
file_make_folder(const char *path, mode_t mode, struct fault *fault)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part)) {
		return fault_errno(fault, len == 0 ? ENOENT : ENAMETOOLONG,
		    "%s", path);
	}
	memcpy(part, path, len + 1);
	while (len > 1 && part[len - 1] == '/') {
		part[--len] = '\0';
	}
	for (size_t i = 1; i < len; i++) {
		if (part[i] == '/' && part[i - 1] != '/') {
			part[i] = '\0';
			if (make_one(part, mode, fault) < 0) {
				return -1;
			}
			part[i] = '/';
		}
	}
	return make_one(part, mode, fault);
}
