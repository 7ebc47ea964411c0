/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_PROCESS_H
#define TESTS_TORTURE_PROCESS_H

/* What /proc tells of another process, named by its id as text. */

#include <ctype.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number behind a name in /proc/PID/status. */
static inline uint64_t
process_status(const char *pid, const char *name)
{
	char path[64], line[200];
	uint64_t value = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	status = fopen(path, "re");
	while (status != NULL && fgets(line, sizeof(line), status) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0) {
			value = strtoull(line + strlen(name), NULL, 10);
		}
	}
	if (status != NULL) {
		fclose(status);
	}
	return value;
}

/* KiB of anonymous memory. */
static inline long
process_kb(const char *pid)
{
	return (long)process_status(pid, "RssAnon:");
}

static inline unsigned
process_descriptors(const char *pid)
{
	char path[64];
	unsigned count = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	folder = opendir(path);
	while (folder != NULL && readdir(folder) != NULL) {
		count++;
	}
	if (folder != NULL) {
		closedir(folder);
	}
	return count;
}

/* Its children, dead ones that nobody waited for among them. */
static inline unsigned
process_children(const char *pid)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	unsigned count = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char path[300], line[600], parent[20] = "";
		FILE *stat;

		if (!isdigit((unsigned char)entry->d_name[0])) {
			continue;
		}
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		stat = fopen(path, "re");
		if (stat != NULL && fgets(line, sizeof(line), stat) != NULL &&
		    strrchr(line, ')') != NULL) {
			sscanf(strrchr(line, ')'), ") %*c %19s", parent);
			count += strcmp(parent, pid) == 0;
		}
		if (stat != NULL) {
			fclose(stat);
		}
	}
	if (folder != NULL) {
		closedir(folder);
	}
	return count;
}

#endif
