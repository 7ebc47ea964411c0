/* SPDX-License-Identifier: Apache-2.0 */

/* Each file is tried by itself, so that a mistake is told by file and line. */

#include "archive/trust_folder.h"

#include "archive/trust.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int
is_anchor(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && end != NULL &&
	       (strcmp(end, ".pem") == 0 || strcmp(end, ".crt") == 0);
}

static int
add_file(struct buf *pem, const char *path, struct fault *fault)
{
	static const char end_of_file[] = "\n" TRUST_FILE_ENDS "\n";
	size_t before = pem->len;

	if (file_read(pem, path, fault) < 0) {
		return -1;
	}
	if (trust_add(NULL, NULL,
	        bytes_of(pem->data + before, pem->len - before), fault) < 0) {
		fault_prefix(fault, "%s", path);
		return -1;
	}
	buf_add_text(pem, end_of_file);
	return buf_check(pem, fault);
}

static int
add_folder(struct buf *pem, const char *folder, struct fault *fault)
{
	struct dirent **entries;
	char path[PATH_MAX];
	int count = scandir(folder, &entries, is_anchor, alphasort);
	int rc = 0;

	if (count < 0) {
		return fault_errno(fault, errno, "%s", folder);
	}
	for (int i = 0; i < count; i++) {
		if (rc == 0) {
			snprintf(path, sizeof(path), "%s/%s", folder,
			    entries[i]->d_name);
			rc = add_file(pem, path, fault);
		}
		free(entries[i]);
	}
	free(entries);
	return rc;
}

int
trust_folder_read(struct buf *pem_out, const char *path, struct fault *fault)
{
	struct stat about;

	if (stat(path, &about) < 0) {
		return errno == ENOENT ? fault_set(fault, FAULT_ABSENT,
		                             "there is no %s", path)
		                       : fault_errno(fault, errno, "%s", path);
	}
	return S_ISDIR(about.st_mode) ? add_folder(pem_out, path, fault)
	                              : add_file(pem_out, path, fault);
}
