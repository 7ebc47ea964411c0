/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <ftw.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder of this test's own, and bytes of its own making. */

#define SCRATCH_PATH 64

static inline void
scratch_make(char path[SCRATCH_PATH])
{
	snprintf(path, SCRATCH_PATH, "/tmp/hoso-test-XXXXXX");
	if (mkdtemp(path) == NULL) {
		perror(path);
		abort();
	}
}

static inline int
scratch_remove_one(const char *path, const struct stat *stat, int what,
    struct FTW *place)
{
	(void)stat;
	(void)what;
	(void)place;
	return remove(path);
}

static inline void
scratch_remove(const char *path)
{
	nftw(path, scratch_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* This program, to start it anew: valgrind lets nobody run /proc/self/exe. */
static inline void
scratch_self(char path[PATH_MAX])
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (len < 0) {
		perror("/proc/self/exe");
		abort();
	}
	path[len] = '\0';
}

/* xorshift64*: the same seed gives the same test. */
static inline uint64_t
scratch_draw(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 2685821657736338717u;
}

static inline void
scratch_fill(uint64_t *seed, uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i += 8) {
		uint64_t word = scratch_draw(seed);

		memcpy(data + i, &word, len - i < 8 ? len - i : 8);
	}
}

#endif
