/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Says how much room the disk of a process has that runs with the interposer,
 * and asks how often there was none:
 *
 *     room PLAN BYTES     so many more can be written
 *     room PLAN free      as many as the real disk has
 *     room PLAN full      prints how many writes found no room
 */

#include "tests/torture/plan.h"

#include <inttypes.h>
#include <string.h>

int
main(int argc, char **argv)
{
	struct plan *plan = argc == 3 ? plan_open(argv[1]) : NULL;

	if (plan == NULL) {
		fputs("usage: room PLAN BYTES|free|full\n", stderr);
		return 2;
	}
	if (strcmp(argv[2], "full") == 0) {
		printf("%" PRIu64 "\n", plan->full);
	} else if (strcmp(argv[2], "free") == 0) {
		plan->limited = 0;
	} else {
		plan->room = strtoll(argv[2], NULL, 10);
		plan->limited = 1;
	}
	return 0;
}
