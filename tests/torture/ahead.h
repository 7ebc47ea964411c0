/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_AHEAD_H
#define TESTS_TORTURE_AHEAD_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * By how much the clock of a process is wrong: HOSO_AHEAD seconds, and what is
 * in the file HOSO_AHEAD_FILE, microseconds, which may change at any moment.
 */
static inline _Atomic int64_t *
ahead_open(const char *path)
{
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *place = MAP_FAILED;

	if (descriptor < 0) {
		return NULL;
	}
	if (ftruncate(descriptor, sizeof(int64_t)) == 0) {
		place = mmap(NULL, sizeof(int64_t), PROT_READ | PROT_WRITE,
		    MAP_SHARED, descriptor, 0);
	}
	close(descriptor);
	return place != MAP_FAILED ? place : NULL;
}

#endif
