/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_PRELOAD_H
#define TESTS_TORTURE_PRELOAD_H

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* For libraries that stand before the C library (LD_PRELOAD). */
#define INTERPOSED __attribute__((visibility("default")))

static inline uintptr_t
preload_next(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL) {
		abort();
	}
	return (uintptr_t)found;
}

/* The function that the program would have called without us. */
#define NEXT(name) \
	__extension__({ \
		static _Atomic uintptr_t found; \
		if (found == 0) { \
			found = preload_next(#name); \
		} \
		(__typeof__(&name))found; \
	})

static inline off_t
end_of(int descriptor)
{
	struct stat about;

	return fstat(descriptor, &about) == 0 ? about.st_size : 0;
}

/* Where a write without an offset goes. */
static inline off_t
place_of(int descriptor)
{
	return (fcntl(descriptor, F_GETFL) & O_APPEND) != 0
	           ? end_of(descriptor)
	           : lseek(descriptor, 0, SEEK_CUR);
}

static inline size_t
length_of(const struct iovec *pieces, int count)
{
	size_t len = 0;

	for (int i = 0; i < count; i++) {
		len += pieces[i].iov_len;
	}
	return len;
}

#endif
