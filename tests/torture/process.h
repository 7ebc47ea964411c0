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

/* Whose child it is; "" where it is gone. */
static inline void
process_parent(char parent[20], const char *pid)
{
	char path[300], line[600];
	FILE *stat;

	parent[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	stat = fopen(path, "re");
	if (stat != NULL) {
		if (fgets(line, sizeof(line), stat) != NULL &&
		    strrchr(line, ')') != NULL) {
			sscanf(strrchr(line, ')'), ") %*c %19s", parent);
		}
		fclose(stat);
	}
}

/* Call `each` with its children, dead ones that nobody waited for too. */
static inline void
process_each_child(const char *pid, void (*each)(const char *child, void *arg),
    void *arg)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	char parent[20];

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0])) {
			continue;
		}
		process_parent(parent, entry->d_name);
		if (strcmp(parent, pid) == 0) {
			each(entry->d_name, arg);
		}
	}
	if (folder != NULL) {
		closedir(folder);
	}
}

static inline void
process_count_child(const char *child, void *count)
{
	(void)child;
	++*(unsigned *)count;
}

static inline unsigned
process_children(const char *pid)
{
	unsigned count = 0;

	process_each_child(pid, process_count_child, &count);
	return count;
}

#endif
