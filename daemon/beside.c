/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/beside.h"

#include "base/file.h"
#include "storage/backup_list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	mode_t mode; /* as `hosod init` makes it */
} rows[BESIDE_FILES] = {
	[BESIDE_LOG_KEY] = { "keys/log.key", 0600 },
	[BESIDE_LOG_VKEY] = { "keys/log.vkey", 0644 },
	[BESIDE_SEAL_KEY] = { "keys/seal.key", 0600 },
	[BESIDE_SEAL_CERTIFICATE] = { "keys/seal.crt", 0644 },
	[BESIDE_OPTIONS] = { "hosod.conf", 0640 },
};

void
beside_init(struct backup_file files[BESIDE_FILES])
{
	for (size_t i = 0; i < BESIDE_FILES; i++) {
		files[i] = (struct backup_file){ .name = rows[i].name,
			.mode = rows[i].mode };
		buf_init(&files[i].bytes, BACKUP_TEXT_MAX);
	}
}

void
beside_fini(struct backup_file files[BESIDE_FILES])
{
	for (size_t i = 0; i < BESIDE_FILES; i++) {
		if (files[i].bytes.data != NULL) {
			explicit_bzero(files[i].bytes.data, files[i].bytes.len);
		}
		buf_fini(&files[i].bytes);
	}
}

int
beside_read(struct backup_file files[BESIDE_FILES], const char *from,
    struct fault *fault)
{
	for (size_t i = 0; i < BESIDE_FILES; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", from, files[i].name);
		files[i].is_there = access(path, F_OK) == 0;
		if (files[i].is_there &&
		    file_read(&files[i].bytes, path, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
beside_write(const struct backup_file files[BESIDE_FILES], const char *to,
    struct fault *fault)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/keys", to);
	if (file_make_folder(path, 0700, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < BESIDE_FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", to, files[i].name);
		if (files[i].is_there && access(path, F_OK) != 0 &&
		    file_write(path, buf_bytes(&files[i].bytes), files[i].mode,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}
