/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_CORPUS_H
#define TESTS_UNIT_CORPUS_H

/*
 * Files made by others, in the folder that HOSO_CORPUS names; a test that
 * needs them is skipped where the variable is not set.
 */

#include "base/file.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

typedef void (*corpus_fn)(const char *name, struct bytes bytes, void *arg);

#define CORPUS_FILE_MAX (64u << 20)

/* Call fn with each file of a folder; returns how many there were. */
static inline unsigned
corpus_each(const char *folder, corpus_fn fn, void *arg)
{
	const char *corpus = getenv("HOSO_CORPUS");
	struct dirent *entry;
	char path[4096];
	unsigned count = 0;
	DIR *open_folder;

	if (corpus == NULL) {
		skip();
	}
	snprintf(path, sizeof(path), "%s/%s", corpus, folder);
	open_folder = opendir(path);
	assert_non_null(open_folder);
	while ((entry = readdir(open_folder)) != NULL) {
		struct fault fault = { 0 };
		struct buf bytes;

		if (entry->d_name[0] == '.' ||
		    strcmp(entry->d_name, "README.md") == 0 ||
		    strcmp(entry->d_name, "MEASURED.tsv") == 0) {
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s/%s", corpus, folder,
		    entry->d_name);
		buf_init(&bytes, CORPUS_FILE_MAX);
		if (file_read(&bytes, path, &fault) < 0) {
			fail_msg("%s: %s", path, fault.text);
		}
		fn(entry->d_name, buf_bytes(&bytes), arg);
		buf_fini(&bytes);
		count++;
	}
	closedir(open_folder);
	return count;
}

#endif
