/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into hosod, to prove that a soak sees it: with each connection
 * that is accepted something is left over, HOSO_LEAK: `memory` (2 MiB) or a
 * `descriptor`.
 */

#include "tests/torture/preload.h"

#include <string.h>
#include <sys/socket.h>

#define LEAK_BYTES 2097152u

static void
leave_over(const char *what)
{
	if (strcmp(what, "descriptor") == 0) {
		(void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
	} else if (strcmp(what, "memory") == 0) {
		void *lost = malloc(LEAK_BYTES);

		if (lost != NULL) {
			/* What is not touched takes no memory. */
			explicit_bzero(lost, LEAK_BYTES);
		}
	}
}

INTERPOSED int
accept4(int listener, __SOCKADDR_ARG address, socklen_t *len, int flags)
{
	int descriptor = NEXT(accept4)(listener, address, len, flags);
	const char *what = getenv("HOSO_LEAK");

	if (descriptor >= 0 && what != NULL) {
		leave_over(what);
	}
	return descriptor;
}
