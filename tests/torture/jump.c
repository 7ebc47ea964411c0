/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sets the clock of a process that runs with ahead.c:
 *
 *     jump FILE to SECONDS     to that moment of UTC
 *     jump FILE by SECONDS     from where it is
 *     jump FILE home           to the system's
 */

#include "tests/torture/ahead.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int
main(int argc, char **argv)
{
	_Atomic int64_t *ahead = argc > 2 ? ahead_open(argv[1]) : NULL;
	int64_t seconds = argc > 3 ? strtoll(argv[3], NULL, 10) : 0;

	if (ahead == NULL) {
		fputs("usage: jump FILE to|by SECONDS, jump FILE home\n",
		    stderr);
		return 2;
	}
	if (strcmp(argv[2], "to") == 0) {
		*ahead = (seconds - (int64_t)time(NULL)) * 1000000;
	} else if (strcmp(argv[2], "by") == 0) {
		*ahead += seconds * 1000000;
	} else {
		*ahead = 0;
	}
	return 0;
}
